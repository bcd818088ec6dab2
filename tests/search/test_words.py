"""Words that are one to who looks for them: plurals, what sounds alike, what means the same, and slips."""

import pytest

from consulta.search.analysis import numbers_of, stem
from consulta.search.query import Clause, corrected, parse_query
from consulta.search.spelling import distance, is_learnt, sound_of, variants_of
from consulta.search.synonyms import synonyms_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bache", "vache"),
        ("zanja", "sanja"),
        ("gonzalez", "gonsales"),
        ("hueco", "ueco"),
        ("queja", "keja"),
        ("llanta", "yanta"),
        ("gente", "jente"),
        ("guerra", "gerra"),
        ("excelente", "exelente"),
        ("pavimento", "pabimento"),
    ],
)
def test_what_mexicans_do_not_tell_apart_by_ear_sounds_the_same_or_a_letter_away(one: str, other: str) -> None:
    assert distance(sound_of(one), sound_of(other)) <= 1
    assert set(variants_of(one)) & set(variants_of(other))


@pytest.mark.parametrize(("one", "other"), [("gato", "jato"), ("casa", "caja"), ("perro", "pelo"), ("cohete", "coete")])
def test_what_they_do_tell_apart_sounds_different(one: str, other: str) -> None:
    assert (sound_of(one) == sound_of(other)) == (one == "cohete")


def test_distance_counts_letters_added_left_out_changed_and_exchanged() -> None:
    pairs = [("bache", "bache", 0), ("bache", "bahce", 1), ("bache", "baches", 1), ("bache", "ache", 1), ("", "abc", 3)]

    assert [distance(one, other) for one, other, _ in pairs] == [expected for *_, expected in pairs]


@pytest.mark.parametrize(
    ("word", "other"), [("crater", "crateres"), ("luz", "luces"), ("baden", "badenes"), ("meses", "mes")]
)
def test_plural_is_found_like_its_word(word: str, other: str) -> None:
    assert stem(other) in {stem(word), *numbers_of(word)}
    assert stem(word) in {stem(other), *numbers_of(other)}


def test_only_words_of_letters_are_learnt() -> None:
    assert [is_learnt(word) for word in ("agua", "sol", "300a", "a" * 31)] == [True, False, False, False]


def test_what_means_the_same_is_looked_for_too_unless_it_is_asked_for_exactly() -> None:
    asked = parse_query("banquetas")

    assert [clause.forms[0] for clause in asked.wanted] == [("banquet",)]
    assert (stem("acera"),) in asked.wanted[0].others
    for text in ('"banquetas"', "-banquetas agua", "banquet*"):
        assert all(not clause.others for clause in parse_query(text).wanted if clause.words[0].startswith("banq")), text
    assert parse_query("banquetas", is_exact=True).wanted[0].others == ()


def test_a_term_of_several_words_means_what_one_word_does() -> None:
    assert parse_query("carril bici").wanted[0].words == ("carril", "bici")
    assert (stem("ciclovia"),) in synonyms_of(("carril", "bici"))
    assert ("carril", "bici") in synonyms_of((stem("ciclovia"),))


def test_what_was_meant_is_worth_as_much_and_slips_less() -> None:
    query = corrected(parse_query("vache"), {"vache": "bache"}, {"vache": ["bachi"]})

    clause = query.wanted[0]
    assert clause.meant == (("bach",),)
    assert ("bachi",) in clause.others
    assert (stem("hoyo"),) in clause.others
    assert query.close.wanted == (Clause(("vach",), meant=(("bach",),), typed="vache"),)
