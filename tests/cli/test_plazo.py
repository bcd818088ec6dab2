"""`consulta plazo`, as an official uses it: the table, the JSON, and complaints that say what to do."""

import json

import pytest
from click.testing import CliRunner, Result

from consulta.cli.plazo import plazo


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plazo, arguments)


def test_plazo_of_days_prints_each_day_and_the_due_day() -> None:
    result = run("--days", "3", "--unit", "business_day", "--from", "2026-04-30")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Plazo: 3 días hábiles, contados desde el día siguiente al jueves 30 de abril de 2026",
        "Calendario: Ley Federal del Trabajo (artículo 74)",
        "",
        " Núm.  Fecha                               Explicación",
        "    —  viernes 1 de mayo de 2026           Día del Trabajo · LFT 74, fracción IV",
        "    —  sábado 2 de mayo de 2026            sábado · LFPA 28 (criterio supletorio)",
        "    —  domingo 3 de mayo de 2026           domingo · LFPA 28 (criterio supletorio)",
        "    1  lunes 4 de mayo de 2026",
        "    2  martes 5 de mayo de 2026",
        "    3  miércoles 6 de mayo de 2026",
        "",
        "Vence: miércoles 6 de mayo de 2026",
    ]


def test_plazo_of_a_rule_names_it_with_its_citation() -> None:
    result = run("--rule", "lnetb_2025.agenda_consultation", "--from", "2026-09-07")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "Regla: lnetb_2025.agenda_consultation (LNETB 28)"
    assert result.stdout.splitlines()[-1] == "Vence: martes 22 de septiembre de 2026"


def test_plazo_rolls_as_the_rule_says() -> None:
    result = run("--rule", "edomex.cabildo_call", "--from", "2026-05-09", "--json")

    assert json.loads(result.stdout)["due_on"] == "2026-05-24"


def test_plazo_counts_with_the_calendar_asked_for() -> None:
    result = run("--days", "5", "--unit", "business_day", "--from", "2026-04-30", "--calendar", "lfpa", "--json")

    assert json.loads(result.stdout)["due_on"] == "2026-05-11"


def test_plazo_json_is_the_published_shape() -> None:
    result = run("--rule", "lfpa.default_answer", "--from", "2026-09-07", "--json")

    derivation = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(derivation) == {
        "starts_on",
        "due_on",
        "n",
        "unit",
        "calendar",
        "rule",
        "citation",
        "days",
    }
    assert (derivation["due_on"], derivation["rule"], derivation["citation"]) == (
        "2026-09-22",
        "lfpa.default_answer",
        "LFPA 32",
    )
    assert derivation["days"][8] == {
        "date": "2026-09-16",
        "counted": False,
        "number": None,
        "reason": "Día de la Independencia",
        "source": "LFT 74, fracción V",
    }


NOTIFIED = ("--event", "clarification_notified=2026-09-14")
ANSWERED = ("--event", "clarification_answered=2026-09-21")
TWENTY = ("--days", "20", "--unit", "business_day", "--from", "2026-09-07")
ANSWER = ("--rule", "lgtaip_2025.answer", "--from", "2026-09-07")


@pytest.mark.parametrize(
    ("arguments", "due_on"),
    [
        (("--days", "5", "--unit", "business_day", "--from", "2026-04-30"), "2026-05-08"),
        (("--days", "5", "--unit", "business_day", "--from", "2026-04-30", "--calendar", "lfpa"), "2026-05-11"),
        (TWENTY, "2026-10-06"),
        ((*TWENTY, *NOTIFIED, *ANSWERED), "2026-10-12"),
        ((*TWENTY, *NOTIFIED, *ANSWERED, "--on-clarification", "suspend"), "2026-10-12"),
        ((*TWENTY, *NOTIFIED, *ANSWERED, "--on-clarification", "restart"), "2026-10-19"),
        (ANSWER, "2026-10-06"),
        ((*ANSWER, "--event", "extended=2026-10-01"), "2026-10-20"),
        ((*ANSWER, *NOTIFIED, *ANSWERED), "2026-10-19"),
        ((*ANSWER, *ANSWERED, "--event", "extended=2026-10-12", *NOTIFIED), "2026-11-02"),
        (("--rule", "lfpa.default_answer", "--from", "2026-09-07", *NOTIFIED, *ANSWERED), "2026-09-28"),
        (("--rule", "lnetb_2025.impact_consultation", "--from", "2026-05-04"), "2026-06-01"),
        (("--days", "20", "--unit", "calendar_day", "--from", "2026-05-04"), "2026-05-25"),
        (("--rule", "edomex.cabildo_call", "--from", "2026-05-09"), "2026-05-24"),
        (("--rule", "lgtaip_2025.lack_of_jurisdiction", "--from", "2030-09-26"), "2030-10-02"),
        (("--rule", "lgtaip_2025.lack_of_jurisdiction", "--from", "2030-09-26", "--calendar", "lfpa"), "2030-10-01"),
        (("--rule", "lgtaip_2025.obligations_update", "--from", "2026-03-31"), "2026-07-01"),
    ],
)
def test_plazo_gives_the_worked_cases_of_the_domain_reference(arguments: tuple[str, ...], due_on: str) -> None:
    result = run(*arguments, "--json")

    derivation = json.loads(result.stdout)
    assert (result.exit_code, derivation["due_on"]) == (0, due_on)
    assert derivation["days"][-1]["date"] == due_on


def test_plazo_says_what_happened_and_what_it_did_to_the_term() -> None:
    result = run("--rule", "lfpa.default_answer", "--from", "2026-09-07", *NOTIFIED, *ANSWERED)

    assert result.stdout.splitlines()[:7] == [
        "Regla: lfpa.default_answer (LFPA 32)",
        "Plazo: 10 días hábiles, contados desde el día siguiente al lunes 7 de septiembre de 2026",
        "Calendario: Ley Federal del Trabajo (artículo 74)",
        "Una prevención suspende el plazo.",
        "El lunes 14 de septiembre de 2026 se notificó una prevención.",
        "El lunes 21 de septiembre de 2026 se desahogó la prevención.",
        "",
    ]
    assert (
        "    —  martes 15 de septiembre de 2026     suspendido: prevención notificada el 14-09-2026 · LFPA 32"
        in result.stdout
    )


def test_plazo_of_a_suspended_term_has_no_due_day() -> None:
    shown, read = run(*ANSWER, *NOTIFIED), run(*ANSWER, *NOTIFIED, "--json")

    assert (shown.exit_code, read.exit_code) == (0, 0)
    assert shown.stdout.splitlines()[-1] == (
        "El plazo está suspendido: no tiene fecha de vencimiento hasta que se desahogue la prevención."
    )
    assert json.loads(read.stdout) == {
        "starts_on": "2026-09-07",
        "due_on": None,
        "n": 20,
        "unit": "business_day",
        "calendar": "lft",
        "rule": "lgtaip_2025.answer",
        "citation": "LGTAIP 134",
        "days": [],
    }


def test_plazo_of_one_month_is_in_the_singular() -> None:
    result = run("--rule", "lnetb_2025.agenda_submission", "--from", "2025-12-31")

    assert result.stdout.splitlines()[1] == (
        "Plazo: 1 mes, que se cuenta desde el día siguiente al miércoles 31 de diciembre de 2025"
    )


DAYS = ("--days", "5", "--unit", "business_day")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "Indique una regla con --rule, o bien --days junto con --unit."),
        (("--days", "5", "--from", "2026-05-04"), "Indique una regla con --rule, o bien --days junto con"),
        (("--rule", "lfpa.default_answer", *DAYS), "pero no ambas formas a la vez."),
        (("--rule", "no.hay", "--from", "2026-05-04"), "No existe la regla «no.hay»."),
        (
            ("--rule", "lnetb_2025.comment_answer", "--from", "2026-05-04"),
            "La regla «lnetb_2025.comment_answer» está desactivada: falta que el área jurídica la confirme.",
        ),
        (("--days", "cinco", *DAYS[2:]), "--days debe ser un número entero de días; se recibió «cinco»."),
        (
            ("--days", "0", *DAYS[2:], "--from", "2026-05-04"),
            "El plazo debe ser de 1 a 1000 días; se recibió 0.",
        ),
        (("--days", "5", "--unit", "horas"), "--unit debe ser business_day (días hábiles) o calendar_day"),
        (DAYS, "Indique con --from el día en que inicia el plazo"),
        ((*DAYS, "--from", "2026-02-30"), "--from debe ser una fecha que exista, escrita AAAA-MM-DD"),
        ((*DAYS, "--from", "9999-12-31"), "cubre del 01-01-2015 al 31-12-2035; el 31-12-9999 queda fuera."),
        ((*DAYS, "--from", "2026-05-04", "--calendar", "x"), "No existe el calendario «x»."),
        (("--days", "5", "--unit", "month"), "--unit debe ser business_day (días hábiles) o calendar_day"),
        ((*ANSWER, "--event", "answered=2026-09-14"), "--event debe ser uno de estos hechos con su fecha: clarif"),
        ((*ANSWER, "--event", "extended"), "--event extended debe ser una fecha que exista, escrita AAAA-MM-DD"),
        ((*ANSWER, "--event", "extended=2026-02-30"), "--event extended debe ser una fecha que exista"),
        ((*ANSWER, *ANSWERED), "El 21-09-2026 no había prevención que desahogar"),
        ((*ANSWER, "--event", "extended=2026-10-07"), "pide notificarla a más tardar el 06-10-2026."),
        ((*ANSWER, "--on-clarification", "suspend"), "Quite --on-clarification: lo que hace una prevención lo dice"),
        ((*TWENTY, "--on-clarification", "none"), "--on-clarification debe ser suspend (suspende) o restart"),
        ((*TWENTY, "--event", "extended=2026-10-01"), "Una prórroga necesita una regla que diga de cuántos días es"),
        (("--rule", "edomex.cabildo_call", "--from", "2026-09-07", *NOTIFIED), "no se detiene por una prevención"),
    ],
)
def test_plazo_refuses_with_a_sentence_on_stderr_and_exit_code_2(arguments: tuple[str, ...], complaint: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert complaint in result.stderr
    assert result.stdout == ""
