"""What counts as the same word, and what a person may ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.search.analysis import MOST_OF_A_WORD, MOST_POSITIONS, fold, positions_of, stem, words_of
from consulta.search.query import Clause, matches, parse_query
from consulta.search.snippets import cut_snippet

ALIKE = [
    ("participación", "participacion"),
    ("PARTICIPACIONES", "participación"),
    ("revisión", "revisiones"),
    ("camión", "camiones"),
    ("niño", "nino"),
    ("niños", "NIÑO"),
    ("árboles", "arbol"),
    ("público", "publicos"),
    ("agüero", "aguero"),
    ("banquetas", "banqueta"),
    ("tra\u0301mite", "trámites"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_accents_capitals_and_plurals_are_the_same_word(one: str, other: str) -> None:
    assert [stem(word) for word in words_of(one)] == [stem(word) for word in words_of(other)]


@given(st.text(alphabet="aeiouáéíóúüñbcdrst ", max_size=80))
def test_accents_never_matter(text: str) -> None:
    assert positions_of([text]) == positions_of([fold(text)])


def test_each_position_has_the_stem_and_the_word_and_texts_stay_apart() -> None:
    found = positions_of(["Los frenos", "el agua"])

    assert found == (("fren", "frenos"), (), ("agu", "agua"))


def test_a_text_without_end_is_cut_where_both_indexes_cut_it() -> None:
    found = positions_of(["agua " * (MOST_POSITIONS + 50)])

    assert len(found) == MOST_POSITIONS
    assert sum(1 for tokens in found if tokens) == MOST_OF_A_WORD


def test_query_is_read() -> None:
    query = parse_query('revisión "agua potable" frenos* -bache -"línea dos" de')

    assert query.wanted == (
        Clause(("revision",), typed="revision"),
        Clause(("agu", "potabl")),
        Clause(("frenos",), is_prefix=True),
    )
    assert query.excluded == (
        Clause(("bach",), is_excluded=True),
        Clause(("line", "dos"), is_excluded=True),
    )


@pytest.mark.parametrize("text", ["", "   ", "de la", '""', "-", "*", '"', "-bache", "!!! ¿?", "\x00"])
def test_what_asks_for_nothing_is_nothing(text: str) -> None:
    assert not parse_query(text)


@given(st.text(max_size=300))
def test_no_query_is_refused(text: str) -> None:
    query = parse_query(text)

    assert matches(query, positions_of(["Texto cualquiera"])) in (True, False)


TEXT = "La revisión de los frenos del transporte escolar cuesta 300 pesos en la Línea 2."
ASKED = {
    "revision frenos": True,
    '"transporte escolar"': True,
    '"escolar transporte"': False,
    "trans*": True,
    "escola*": True,
    "participaci*": False,
    "transporte -frenos": False,
    "transporte -bache": True,
    "300": True,
    '"linea 2"': True,
    '"frenos del transporte"': True,
    '"pesos escolar"': False,
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_text_has_what_is_asked_or_not(asked: str) -> None:
    assert matches(parse_query(asked), positions_of([TEXT])) is ASKED[asked]


def test_snippet_is_where_most_words_stand_and_marks_them() -> None:
    text = "Nada que ver. " * 40 + "Al final, la revisión de los frenos. " + "Y más. " * 60

    pieces = cut_snippet(["Otra cosa.", text], parse_query("revision freno"))

    assert [piece.text for piece in pieces if piece.is_marked] == ["revisión", "frenos"]
    assert len("".join(piece.text for piece in pieces)) < 260
    assert pieces[0].text == pieces[-1].text == "…"


def test_snippet_of_a_short_text_is_the_text() -> None:
    pieces = cut_snippet(["Los frenos\nse gastan."], parse_query("frenos"))

    assert "".join(piece.text for piece in pieces) == "Los frenos se gastan."


@given(st.text(max_size=600), st.text(alphabet="abc* ", max_size=12))
def test_snippet_never_says_what_the_text_does_not(text: str, asked: str) -> None:
    pieces = cut_snippet([text], parse_query(asked))

    shown = "".join(piece.text for piece in pieces if piece.text != "…")
    assert shown in " ".join(text.split())
