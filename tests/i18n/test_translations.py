"""The catalogues say everything that the sources say: nothing missing, nothing left over, every place kept."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from consulta.i18n.extraction import ROOT, extract, missing
from consulta.i18n.text import LANGUAGES, SOURCE, forms_of, read_catalogue

OTHERS = [chosen for chosen in LANGUAGES if chosen != SOURCE]
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")
TAG = re.compile(r"</?[a-z]+")
# What is translated where it is shown: labels of fields and descriptions of columns, constants marked with N_.
MARKED = (
    "field.label.text",
    "dataset.title",
    "dataset.description",
    "column.meaning",
    "question.title",
    "question.why",
)


def sentences(catalogue: Catalog) -> dict[str, Message]:
    """Return the messages by their sentence, or its singular."""
    return {singular(message): message for message in catalogue if message.id}


def singular(message: Message) -> str:
    """Return what names a message."""
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.fixture(scope="module")
def said() -> dict[str, Message]:
    """Every sentence of the sources."""
    return sentences(extract())


@pytest.mark.parametrize("chosen", OTHERS)
def test_every_sentence_of_the_sources_is_translated(chosen: str, said: dict[str, Message]) -> None:
    catalogue = read_catalogue(chosen)

    absent = sorted(set(said) - set(sentences(catalogue)))
    empty = sorted(set(missing(catalogue)) & set(said))

    assert not absent, f"run `make translations`, then translate into {chosen}: {absent}"
    assert not empty, f"translate into {chosen}: {empty}"


@pytest.mark.parametrize("chosen", OTHERS)
def test_no_sentence_is_left_over(chosen: str, said: dict[str, Message]) -> None:
    catalogue = read_catalogue(chosen)

    stale = sorted(set(sentences(catalogue)) - set(said))

    assert not stale, f"run `make translations`: no source says {stale}"
    assert not catalogue.obsolete, f"run `make translations`: obsolete {list(catalogue.obsolete)}"


@pytest.mark.parametrize("chosen", OTHERS)
def test_translations_keep_every_place_and_tag(chosen: str) -> None:
    for name, message in sentences(read_catalogue(chosen)).items():
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {place for source in sources for place in PLACE.findall(source)}
        for form in forms_of(message):
            found = set(PLACE.findall(form))
            # One of two forms may say its number in words.
            assert found == wanted or (len(sources) == 2 and found == wanted - {"%(count)s"}), (name, form)
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(sources[0])), (name, form)


def test_templates_translate_only_their_own_words() -> None:
    """What is translated goes to the page as it is, tags included: it must never be something that a person wrote."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for found in re.findall(r"(?<!\w)(?:_|gettext|ngettext|plural)\(\s*([^\"'\s][^),]*)", path.read_text("utf-8")):
            assert found in MARKED, f"{path.name} translates {found}"
