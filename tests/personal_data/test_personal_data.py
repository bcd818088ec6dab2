"""What looks like personal data is found, what only looks a little like it is not, and no text takes long."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.personal_data import Finding, PersonalDataKind, Segment, find_personal_data, list_kinds, mark_findings
from consulta.personal_data.numbers import passes_clabe, passes_luhn
from tests.personal_data.labelled import PARTS, read_sentences, score

SENTENCES = read_sentences()
# Each is found whole, and nothing else is, in a sentence without any other word for it.
SHAPES = {
    "curp": ["ZUXQ850312HGTRRN05", "zuxq 850312 hgt rrn 05", "ZUXQ-850312-HGTRRN-05", "ZUXQ85O312HGTRRN05"],
    "rfc": ["ZUXQ850312AB1", "zuxq-850312-ab1", "ÑUXA800229K99"],
    "voter_key": ["ZXQRTN85031211H300", "zxqrtn 850312 11 h 300"],
    "card_or_account": ["4111111111111111", "4111 1111 1111 1111", "5555-5555-5555-4444", "000180000001234562"],
    "phone": [
        "4770001234",
        "477 000 1234",
        "(477) 000 12 34",
        "55-0000-1234",
        "477.000.1234",
        "01 800 000 0000",
        "044 477 000 1234",
        "+52 1 477 000 1234",
        "+1 555 555 0100",
        "55 0000 1234 ext. 12",
        "4 7 7 0 0 0 1 2 3 4",
        "477\u2011000\u20111234",
        "477\u00a0000\u20091234",
        "４７７０００１２３４",
        "477\u200b0001234",
    ],
    "email": [
        "ana.xz@example.org",
        "ANA_XZ@EXAMPLE.COM.MX",
        "ana @ example.com",
        "ana arroba example punto com",
        "ana(at)example.org",
        "ana [arroba] example.org",
        "ana punto xz arroba example punto com",
        "anaxz@example",
    ],
    "address": [
        "calle Encino núm. 123, col. Arboledas",
        "CALLE MANZANARES NUMERO 506",
        "Av. Las Palmas #300 int. 5",
        "Privada de los Pinos 12-A",
        "Blvd. Delta 2210",
        "Calle 16 de Septiembre 45",
        "calle Orquídea s/n",
        "núm. 114 de la calle Ecuador",
        "Mz 3 Lt 12",
        "Manzana 22, Lote 5",
        "edificio 5 depto 203",
        "Carretera a Lagos km 4.5, casa 3",
    ],
}
# Each needs the words before it, and is then found.
NAMED = {
    "tel. 714-0022": ("phone", "714-0022"),
    "mi celular es el 47 70 00 12 34": ("phone", "47 70 00 12 34"),
    "RFC ZUXQ850312": ("rfc", "ZUXQ850312"),
    "R.F.C. zuxq 850312 ab1": ("rfc", "zuxq 850312 ab1"),
    "pasaporte G00000012": ("passport", "G00000012"),
    "mi NSS es 00-00-58-1234-7": ("social_security", "00-00-58-1234-7"),
    "afiliada al IMSS con el 00005812347": ("social_security", "00005812347"),
    "tarjeta 4111 1111 1111 1112": ("card_or_account", "4111 1111 1111 1112"),
    "CLABE 000180000001234563": ("card_or_account", "000180000001234563"),
    "cuenta 0000001234 de Banorte": ("card_or_account", "0000001234"),
    "vivo en la calle Girasol": ("address", "calle Girasol"),
    "mi domicilio es Fray Daniel Mireles 3312": ("address", "Fray Daniel Mireles 3312"),
}
TRAPS = [
    "CONS-2026-ABCD2345-K",
    "el folio 4770001234",
    "el contrato de agua 4770001234",
    "el expediente número 5500001234",
    "$4770001234",
    "4770001234 pesos",
    "12,450,000.00",
    "2024-05-12 10:30",
    "el 12/05/2025 a las 13:45",
    "2018 2019 2020",
    "L-V 08:00-15:30",
    "21.1234567, -101.6823456",
    "la partida 3511-2026-1101-0023",
    "el artículo 123, fracción IV",
    "el código postal 37000",
    "el 911, el 089 y el 072",
    "6F9619FF-8B86-D011-B42D-00C04FC964FF",
    "https://example.org/nota/4770001234",
    "el RFC CXM010203AB1 de la empresa",
    "el RFC genérico XAXX010101000",
    "NOM-081-SEMARNAT-1994",
    "11 cifras sueltas: 12345678901",
    "16 cifras sin verificador: 4111111111111112",
    "l@s vecin@s y tod@s",
    "@AyuntamientoLeon",
    "otra cosa.\n@AyuntamientoLeon",
    "la gente. @example.com",
    "dos arrobas de frijol",
    "la calle Hidalgo está llena de baches",
    "el bache de Av. Juárez esquina con Morelos",
    "la calle 5 de Mayo y la calle 16 de Septiembre",
    "en calle Brasil 3 baches",
    "la Av. Guerrero a 4 carriles",
    "el bache frente a calle Hidalgo 45",
    "la banqueta frente al número 210 de la calle Reforma",
    "las oficinas en Blvd. Torres Landa 1000",
    "la carretera federal 45",
    "seguridad privada 24 horas",
    "vivo en León desde hace 40 años",
    "vivo en la colonia Bellavista",
    "la ruta 45, colonia Centro",
    "estoy en contra del artículo 12",
]
ADVERSARIES = [
    *("1", "1 ", "1-", "( 1)", "-", "a@", "@", "a@a.", "a arroba b.", "punto ", "a ", "calle ", "calle a ", "calle 1 "),
    *("av. hidalgo 1 ", "vivo en ", "vivo en la ", "casa de mi ", "mz 1 ", "col ", "num 1 de la ", "carretera a km 1 "),
    *("477 000 1234 ", "tel ", "imss 12345678901 ", "4111 1111 1111 111 ", "abcd123456", "rfc abcd", "pasaporte g1"),
    *("\u200b", "é", "\ufdfa", "a\u0301", "edificio 1 depto "),
]


def test_file_holds_what_it_says() -> None:
    parts = [sentence.part for sentence in SENTENCES]

    assert (parts.count("seen"), parts.count("held"), len({sentence.text for sentence in SENTENCES})) == (200, 100, 300)
    assert {kind for sentence in SENTENCES for kind, _, _ in sentence.passages} == set(PersonalDataKind)
    assert 0.4 <= sum(bool(sentence.passages) for sentence in SENTENCES) / 300 <= 0.6


@pytest.mark.parametrize("parts", [PARTS, *((part,) for part in PARTS)], ids=["all", *PARTS])
def test_sentences_are_read_as_people_read_them(parts: tuple[str, ...]) -> None:
    result = score(sentence for sentence in SENTENCES if sentence.part in parts)

    assert result.recall >= 0.95
    assert result.precision >= 0.9
    assert [kind for kind in result.kinds if result.recall_of(kind) < 0.85] == []


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SHAPES.items() for text in texts])
def test_each_shape_is_found_whole(kind: str, text: str) -> None:
    before, after = "Lo digo yo: ", ", gracias."

    found = find_personal_data(f"{before}{text}{after}")

    assert found == [Finding(PersonalDataKind(kind), len(before), len(before) + len(text))]


@pytest.mark.parametrize(("text", "expected"), NAMED.items(), ids=list(NAMED))
def test_words_beside_say_what_a_number_is(text: str, expected: tuple[str, str]) -> None:
    [(kind, passage)] = [(piece.kind, piece.text) for piece in mark_findings(f"Digo que {text}.") if piece.kind]

    assert (kind, passage) == expected


@pytest.mark.parametrize("text", TRAPS)
def test_nothing_is_found_where_nothing_is(text: str) -> None:
    assert find_personal_data(f"Opino sobre {text}, como todos.") == []


def test_kinds_side_by_side_are_told_apart() -> None:
    text = "Soy Zoila, CURP ZUXQ850312HGTRRN05, calle Pípila No. 8, Barrio Arriba, 477 000 00 11, zoila@example.org"

    segments = mark_findings(text)

    assert [(piece.kind, piece.text) for piece in segments if piece.kind] == [
        ("curp", "ZUXQ850312HGTRRN05"),
        ("address", "calle Pípila No. 8, Barrio Arriba"),
        ("phone", "477 000 00 11"),
        ("email", "zoila@example.org"),
    ]
    assert list_kinds(segments) == ["curp", "phone", "email", "address"]


def test_text_without_findings_is_one_piece() -> None:
    assert mark_findings("Estoy de acuerdo.") == [Segment("Estoy de acuerdo.")]
    assert mark_findings("") == []


@pytest.mark.parametrize("seed", ADVERSARIES, ids=[repr(seed) for seed in ADVERSARIES])
def test_no_text_takes_long(seed: str) -> None:
    # Ten times the longest text that is taken: the square of it would not end before the limit of the suite.
    find_personal_data(seed * (100_000 // len(seed)))


@pytest.mark.parametrize(
    ("check", "good"), [(passes_luhn, "4111111111111111"), (passes_clabe, "032180000118359719")], ids=["luhn", "clabe"]
)
def test_check_digit_sees_one_wrong_figure(check: object, good: str) -> None:
    wrong = [good[:-1] + figure for figure in "0123456789" if figure != good[-1]]

    assert check(good)  # type: ignore[operator]
    assert not any(check(one) for one in wrong)  # type: ignore[operator]


PIECES = st.sampled_from([text for texts in SHAPES.values() for text in texts] + TRAPS + list(NAMED))
TEXTS = st.lists(st.one_of(st.text(max_size=12), PIECES), max_size=8).map("".join)


@given(TEXTS)
def test_findings_lie_in_the_text_in_order(text: str) -> None:
    found = find_personal_data(text)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert "".join(piece.text for piece in mark_findings(text)) == text


@given(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(["Buenas tardes a todas", "sigo de acuerdo", "el ayuntamiento dijo mucho"]), max_size=3),
    st.lists(st.sampled_from(["muchas gracias", "ojalá nos lean pronto", "saludos"]), max_size=3),
)
def test_ordinary_words_around_change_nothing(sentence: object, before: list[str], after: list[str]) -> None:
    text = sentence.text  # type: ignore[attr-defined]
    opening, closing = "".join(f"{words}.\n" for words in before), "".join(f"\n{words}." for words in after)

    found = find_personal_data(opening + text + closing)

    shift = len(opening)
    assert found == [Finding(one.kind, one.start + shift, one.end + shift) for one in find_personal_data(text)]
