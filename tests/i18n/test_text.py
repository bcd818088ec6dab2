"""Sentences, numbers and dates in each language, and values that stay values."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, render_template_string

from consulta.i18n.labels import label, official
from consulta.i18n.text import LANGUAGES, N_, _, language, plural, shipped, speak, speaking
from consulta.web import filters

CLOSES = datetime(2026, 6, 13, 6, 0, tzinfo=UTC)
MORNING = datetime(2026, 6, 12, 20, 5, tzinfo=UTC)


def test_a_sentence_is_said_in_the_language_in_force() -> None:
    said = {}

    for chosen in LANGUAGES:
        with speaking(chosen):
            said[chosen] = _("La clave «%(key)s» ya es de «%(other)s»: use otra.", key="agua", other="Agua")

    assert said == {
        "es": "La clave «agua» ya es de «Agua»: use otra.",
        "en": "The key “agua” already belongs to “Agua”: use another.",
    }
    assert language() == "es"


def test_a_sentence_without_translation_stays_spanish() -> None:
    unknown = N_("Esto no lo dice ninguna página 100%")

    with speaking("en"):
        assert _(unknown) == unknown
        assert _("") == ""


def test_a_language_without_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        speak("fr")


def test_the_language_comes_back_after_a_failure() -> None:
    with pytest.raises(RuntimeError), speaking("en"):
        raise RuntimeError

    assert language() == "es"


@pytest.mark.parametrize(
    ("chosen", "count", "said"),
    [
        ("es", 1, "falta 1 día hábil"),
        ("es", 0, "faltan 0 días hábiles"),
        ("es", 1200, "faltan 1,200 días hábiles"),
        ("en", 1, "1 business day left"),
        ("en", 0, "0 business days left"),
        ("en", 1200, "1,200 business days left"),
    ],
)
def test_a_number_chooses_the_form(chosen: str, count: int, said: str) -> None:
    with speaking(chosen):
        assert plural("falta %(count)s día hábil", "faltan %(count)s días hábiles", count) == said


def test_dates_follow_the_language() -> None:
    with speaking("en"):
        assert filters.long_date(date(2026, 6, 12)) == "Friday, 12 June 2026"
        assert filters.short_date(date(2026, 6, 12)) == "Fri 12 Jun 2026"
        assert filters.moment(MORNING) == "Friday, 12 June 2026, 14:05"
        assert filters.closing(CLOSES) == "24:00 on Friday, 12 June 2026, Central time"
        assert filters.closing(MORNING) == "14:05 on Friday, 12 June 2026, Central time"

    assert filters.long_date(date(2026, 6, 12)) == "viernes 12 de junio de 2026"
    assert filters.short_date(date(2026, 6, 12)) == "vie 12 jun 2026"
    assert filters.moment(MORNING) == "viernes 12 de junio de 2026, 14:05 h"
    assert filters.closing(CLOSES) == "las 24:00 h del viernes 12 de junio de 2026, hora del centro"
    assert filters.closing(MORNING) == "las 14:05 h del viernes 12 de junio de 2026, hora del centro"


def test_terms_are_translated_where_they_are_shown_and_kept_in_spanish() -> None:
    with speaking("en"):
        assert label("disposition", "adopted") == "Adopted"
        assert official("disposition", "adopted") == "Procedente"
        assert label("day_reason", "Natalicio de Benito Juárez") == "Natalicio de Benito Juárez"

    assert label("disposition", "adopted") == "Procedente"


def test_texts_of_rows_are_translated_only_if_they_came_with_the_product(app: Flask) -> None:
    with speaking("en"), app.test_request_context("/"):
        assert shipped("Fundamento jurídico") == "Legal basis"
        assert shipped("Lo que escribió este gobierno") == "Lo que escribió este gobierno"
        assert shipped("") == ""
        assert render_template_string("{{ text|shipped }}", text="<b>Fundamento") == "&lt;b&gt;Fundamento"


@pytest.mark.parametrize("chosen", LANGUAGES)
def test_values_inside_translated_sentences_are_escaped(app: Flask, chosen: str) -> None:
    hostile = "<b>%(no)s</b>"
    sources = [
        '{{ _("Versión %(version)s", version=hostile) }}',
        "{% trans version=hostile %}Versión {{ version }}{% endtrans %}",
        '{{ plural("%(what)s y %(count)s tema más", "%(what)s y %(count)s temas más", 2, what=hostile) }}',
    ]

    with app.test_request_context("/"), speaking(chosen):
        for source in sources:
            shown = render_template_string(source, hostile=hostile)
            assert "&lt;b&gt;%(no)s&lt;/b&gt;" in shown
            assert "<b>" not in shown
