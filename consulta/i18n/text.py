"""The sentences of the product in the language of whoever reads them. Pure.

The source is the Spanish sentence itself; a catalogue holds the others. A sentence is whole, with named places for
what varies (`_("La clave «%(key)s» ya existe.", key=key)`), so that another language may order it as it needs.
What is kept (rows, leaves, derivations, exports) never passes through here: it stays as it was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE = "es"
LANGUAGES = ("es", "en")
# The tag of each language in a page, and the locale whose customs dates and numbers follow.
TAGS = {"es": "es-MX", "en": "en"}
LOCALES = {"es": "es_MX", "en": "en"}
CATALOGUES = Path(__file__).parent / "catalogues"

_language: ContextVar[str] = ContextVar("consulta_language", default=SOURCE)


def language() -> str:
    """Return the language in force."""
    return _language.get()


def locale() -> str:
    """Return the locale in force, as Babel names it."""
    return LOCALES[_language.get()]


def speak(chosen: str) -> None:
    """Put a language in force from now on. Raises ValueError for one without a catalogue."""
    if chosen not in LANGUAGES:
        raise ValueError(f"no catalogue of {chosen}")
    _language.set(chosen)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Put a language in force for a while: for whoever will read, not for whoever acts."""
    before = _language.get()
    speak(chosen)
    try:
        yield
    finally:
        _language.set(before)


def N_(message: str) -> str:  # noqa: N802 - the name that extractors know
    """Mark a constant for the catalogue; it is translated where it is shown."""
    return message


def _(message: str, /, **values: object) -> str:
    """Return a sentence in the language in force, with its values in their places."""
    found = gettext(message)
    return found % values if values else found


def plural(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the sentence for that many; `%(count)s` is the number with its separators."""
    return ngettext(one, many, count) % {"count": format_decimal(count, locale=locale()), **values}


def gettext(message: str) -> str:
    """Return a sentence in the language in force, its places still open."""
    return _sentences(language()).get(message, (message,))[0]


def shipped(text: str) -> str:
    """Return a text of a row in the language in force if it came with the product; one that people wrote as it is."""
    return gettext(text) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a sentence for that many, its places still open."""
    forms = _sentences(language()).get(one, (one, many))
    return forms[0 if count == 1 else -1]


def read_catalogue(chosen: str) -> Catalog:
    """Read the catalogue of a language."""
    with (CATALOGUES / f"{chosen}.po").open("rb") as file:
        return read_po(file, locale=chosen)


def forms_of(message: Message) -> tuple[str, ...]:
    """Return the forms of a translation; nothing when one is missing or was only guessed."""
    string = message.string or ""
    forms = (string,) if isinstance(string, str) else tuple(string)
    return () if message.fuzzy or not all(forms) else forms


@cache
def _sentences(chosen: str) -> dict[str, tuple[str, ...]]:
    """Return the forms of each sentence; what has no translation yet is left out and reads as its source."""
    if chosen == SOURCE:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for message in read_catalogue(chosen):
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = forms_of(message)
        if key and forms:
            found[key] = forms
    return found
