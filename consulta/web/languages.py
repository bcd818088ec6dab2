"""The language of a request is in its address: `/en/consultas` is `/consultas` in English.

No cookie and no header decide, so that a public page reads the same for everybody and caches may keep it. Views and
templates are written once, with the addresses of the Spanish pages; what leads to another page gets its prefix here.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, redirect, request
from jinja2.ext import Extension
from markupsafe import Markup

from consulta.i18n.text import LANGUAGES, SOURCE, TAGS, gettext, language, ngettext, speak
from consulta.web.filters import number

KEY = "consulta.language"
# Answers for machines, which are the same in every language.
UNPREFIXED = ("/api/", "/static/", "/salud", "/open311/", "/tema/")
NAMES = {"es": "Español", "en": "English"}

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
# The addresses in tags, except inside {% trans %}, where only names may stand.
TRANSLATED = re.compile(r"(\{%-?\s*trans\b.*?endtrans\s*-?%\})", re.DOTALL)
PLAIN = re.compile(r'\b(href|action|formaction)="(?=/(?!/|api/|static/|salud\b|open311/|tema/))')
COMPUTED = re.compile(r'\b(href|action|formaction)="\{\{\s*(.+?)\s*\}\}', re.DOTALL)


class Elsewhere(str):
    """An address that already says its language."""


class LanguagePrefix:
    """Takes the prefix of a language off the address before the application sees it."""

    def __init__(self, wrapped: WSGI) -> None:
        self.wrapped = wrapped

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for chosen in LANGUAGES:
            prefix = f"/{chosen}"
            rest = path.removeprefix(prefix)
            if chosen == SOURCE or (path != prefix and not path.startswith(f"{prefix}/")) or _is_for_machines(rest):
                continue
            script = environ.get("SCRIPT_NAME", "") + prefix
            environ = {**environ, "SCRIPT_NAME": script, "PATH_INFO": rest or "/", KEY: chosen}
            break
        return self.wrapped(environ, start_response)


class LocalAddresses(Extension):
    """Writes the prefix of the language before every address of a template that leads to a page of this site."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """Return the source with `local()` around the addresses of its tags."""
        parts = TRANSLATED.split(source)
        return "".join(part if number % 2 else _prefixed(part) for number, part in enumerate(parts))


def local(address: str) -> str:
    """Return the address of a page of this site in the language in force; any other address as it is."""
    if (
        isinstance(address, Elsewhere)
        or not address.startswith("/")
        or address.startswith("//")
        or _is_for_machines(address)
    ):
        return address
    return prefix() + address


def prefix() -> str:
    """Return what stands before the addresses of the language in force: nothing in Spanish."""
    return "" if language() == SOURCE else f"/{language()}"


def other_languages() -> list[tuple[str, str, str]]:
    """Return tag, name and address of the current page in each other language; home where it cannot be opened."""
    methods = request.url_rule.methods if request.url_rule is not None else None
    path = request.path if "GET" in (methods or ()) and not g.get("leads_home", False) else "/"
    query = request.query_string.decode("ascii", "replace") if path == request.path else ""
    address = quote("/" + path.lstrip("/")) + (f"?{query}" if query else "")
    return [
        (TAGS[other], NAMES[other], Elsewhere(address if other == SOURCE else f"/{other}{address}"))
        for other in LANGUAGES
        if other != language()
    ]


def install(app: Flask) -> None:
    """Take the language from the address, put it in force for the request, and bring every answer into step."""
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.add_extension(LocalAddresses)
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        plural=_plural,
        local=local,
        root=prefix,
        language=language,
        language_tag=lambda: TAGS[language()],
        other_languages=other_languages,
    )


def _begin() -> None:
    speak(request.environ.get(KEY, SOURCE))


def _end(_error: BaseException | None) -> None:
    speak(SOURCE)


def _finish(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = TAGS[language()]
    location = response.headers.get("Location", "")
    if prefix() and location.startswith("/") and not f"{location}/".startswith(f"{prefix()}/"):
        response.headers["Location"] = local(location)
        if 300 <= response.status_code < 400:
            response.data = redirect(local(location), response.status_code).data
    return response


def _plural(one: str, many: str, count: int, **values: object) -> Markup:
    """Return the sentence for that many as part of a page: the sentence is ours, its values are escaped."""
    return Markup(ngettext(one, many, count)) % {"count": number(count), **values}  # noqa: S704 - a literal of a template


def _is_for_machines(address: str) -> bool:
    return f"{address}/".startswith(tuple(f"{start.rstrip('/')}/" for start in UNPREFIXED))


def _prefixed(source: str) -> str:
    source = PLAIN.sub(r'\1="{{ root() }}', source)
    return COMPUTED.sub(lambda found: _computed(found[1], found[2]), source)


def _computed(attribute: str, expression: str) -> str:
    if expression == "root()":
        return f'{attribute}="{{{{ root() }}}}'
    return f'{attribute}="{{{{ local({expression}) }}}}'
