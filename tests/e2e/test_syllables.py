"""What stands behind the figure of readability: syllables, words, sentences and the formula."""

import pytest

from measure.spanish import count_syllables, fernandez_huerta, sentences_of, words_of

SYLLABLES = {
    1: "y ley sol buey bien pues quien más seis hoy",
    2: "agua país reloj búho ciudad leer ruido guerra raíz leyes cuota aún oír caos día folio queja reunión",
    3: "respuesta trámite tarea ahora consulta gobierno poeta Uruguay cigüeña pingüino alcohol oía héroes bahía",
    4: "aéreo dependencia vehículo averigüe oficina todavía municipio comentario transparencia",
    5: "administración participación",
    6: "responsabilidad",
}


@pytest.mark.parametrize(
    ("word", "wanted"), [(word, wanted) for wanted, words in SYLLABLES.items() for word in words.split()]
)
def test_syllables_of_a_word(word: str, wanted: int) -> None:
    assert count_syllables(word) == wanted


def test_folios_dates_and_numbers_are_no_words() -> None:
    assert words_of("Su folio GTO-2026-8K3M5P2A-7 cierra a las 24:00 h.") == ["Su", "folio", "cierra", "a", "las", "h"]


def test_headings_and_items_end_a_sentence() -> None:
    text = "Qué pasa después\nLe responden por correo. También se publica aquí, art. quinto.\nCorreo"

    assert sentences_of(text) == [
        "Qué pasa después",
        "Le responden por correo",
        "También se publica aquí, art. quinto.",
    ]


def test_short_words_in_short_sentences_read_easily() -> None:
    easy = fernandez_huerta("Diga lo que piensa. Le damos un folio. Con él ve lo que pasa.")
    hard = fernandez_huerta(
        "La dependencia promotora determinará la procedencia administrativa de las manifestaciones presentadas "
        "extemporáneamente conforme a las disposiciones reglamentarias correspondientes."
    )

    assert (easy.words, easy.sentences, easy.syllables) == (14, 3, 19)
    assert easy.value == pytest.approx(206.84 - 60 * 19 / 14 - 1.02 * 14 / 3, abs=0.05)
    assert hard.value < 20 < 90 < easy.value
