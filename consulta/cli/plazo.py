"""`consulta plazo`: when does a term end, and which days led there.

Options arrive as plain text and are checked here, so that every complaint is a Spanish sentence.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import click
from babel.dates import format_date

from consulta.clocks import load_calendar, load_rule
from consulta.deadlines import (
    Calendar,
    CountedDay,
    DayUnit,
    DeadlineRule,
    Derivation,
    Fact,
    FactName,
    OnClarification,
    fold_facts,
)
from consulta.errors import ConsultaError, Refused

# The rule whose conduct plain days take over, but for their number: that of the law that fills the gaps of others.
FALLBACK_RULE = "lfpa.default_answer"
PLAIN_UNITS = (DayUnit.BUSINESS_DAY, DayUnit.CALENDAR_DAY)
UNIT_NAMES = {
    DayUnit.BUSINESS_DAY: ("día hábil", "días hábiles"),
    DayUnit.CALENDAR_DAY: ("día natural", "días naturales"),
    DayUnit.MONTH: ("mes", "meses"),
    DayUnit.YEAR: ("año", "años"),
}
FACT_NAMES = {
    FactName.CLARIFICATION_NOTIFIED: "se notificó una prevención",
    FactName.CLARIFICATION_ANSWERED: "se desahogó la prevención",
    FactName.EXTENDED: "se prorrogó el plazo",
}
CLARIFICATION_NAMES = {
    OnClarification.NONE: "no detiene el plazo",
    OnClarification.SUSPEND: "suspende el plazo",
    OnClarification.RESTART: "interrumpe el plazo, que vuelve a contarse",
}
STOPPING = (OnClarification.SUSPEND, OnClarification.RESTART)
DATE_PATTERN = "EEEE d 'de' MMMM 'de' y"
LONGEST_DATE = len("miércoles 30 de septiembre de 2026")


class BadUsage(click.ClickException):
    """The command cannot be obeyed as given: exit code 2, the sentence on standard error."""

    exit_code = 2


@click.command("plazo", short_help="Calcula un plazo y muestra cómo se contó.")
@click.option("--rule", "rule_key", metavar="REGLA", help="Regla, por ejemplo lnetb_2025.agenda_consultation.")
@click.option("--days", "days_text", metavar="N", help="Número de días, en lugar de una regla.")
@click.option("--unit", "unit_text", metavar="UNIDAD", help="business_day (hábiles) o calendar_day (naturales).")
@click.option("--from", "from_text", metavar="FECHA", help="Día del hecho que inicia el plazo, AAAA-MM-DD.")
@click.option("--calendar", "calendar_key", metavar="CALENDARIO", default="lft", help="Por omisión: lft.")
@click.option(
    "--event",
    "event_texts",
    metavar="HECHO=FECHA",
    multiple=True,
    help="Lo que pasó después; se repite: clarification_notified, clarification_answered, extended.",
)
@click.option(
    "--on-clarification",
    "clarification_text",
    metavar="EFECTO",
    help="Solo con --days: suspend (suspende, por omisión) o restart (interrumpe).",
)
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def plazo(
    rule_key: str | None,
    days_text: str | None,
    unit_text: str | None,
    from_text: str | None,
    calendar_key: str,
    event_texts: tuple[str, ...],
    clarification_text: str | None,
    as_json: bool,
) -> None:
    """Calcula cuándo vence un plazo y muestra, día por día, cómo se contó.

    El día del hecho no se cuenta: la cuenta comienza el siguiente día. Lo que una prevención o una prórroga le hacen
    al plazo lo dice la regla.
    """
    try:
        rule = _rule(rule_key, days_text, unit_text, clarification_text)
        calendar = load_calendar(calendar_key)
        starts_on = _start(from_text)
        facts = [_fact(text, rule) for text in event_texts]
        derivation = fold_facts(rule, starts_on=starts_on, facts=facts, calendar=calendar).derivation
    except ConsultaError as error:
        raise BadUsage(error.message) from error
    if as_json:
        shown = _suspended_json(rule, starts_on, calendar) if derivation is None else derivation.as_json()
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join([*_heading(rule, derivation, starts_on, calendar, facts), *_result(derivation)]))


def _rule(
    rule_key: str | None, days_text: str | None, unit_text: str | None, clarification_text: str | None
) -> DeadlineRule:
    """Read the rule, or make one of a number and a unit; raise `Refused` for both, or neither."""
    if rule_key is None:
        if days_text is None or unit_text is None:
            raise Refused("Indique una regla con --rule, o bien --days junto con --unit.")
        return _plain_days(_number(days_text), _unit(unit_text), clarification_text)
    if days_text is not None or unit_text is not None:
        raise Refused("Use --rule, o bien --days con --unit, pero no ambas formas a la vez.")
    if clarification_text is not None:
        raise Refused("Quite --on-clarification: lo que hace una prevención lo dice la regla.")
    rule = load_rule(rule_key)
    if not rule.enabled:
        raise Refused(
            f"La regla «{rule.key}» está desactivada: falta que el área jurídica la confirme. "
            "Mientras tanto, use --days y --unit."
        )
    return rule


def _plain_days(n: int, unit: DayUnit, clarification_text: str | None) -> DeadlineRule:
    """Make the rule of a number of days: nothing is cited, and without a law nothing can be extended."""
    rule = replace(load_rule(FALLBACK_RULE), key="", citation="", n=n, unit=unit, extension=None)
    if clarification_text is None:
        return rule
    if clarification_text not in STOPPING:
        raise Refused(
            f"--on-clarification debe ser suspend (suspende) o restart (interrumpe); se recibió «{clarification_text}»."
        )
    return replace(rule, on_clarification=OnClarification(clarification_text))


def _number(text: str) -> int:
    """Read a whole number; its range is the arithmetic's to judge."""
    try:
        return int(text)
    except ValueError as error:
        raise Refused(f"--days debe ser un número entero de días; se recibió «{text}».") from error


def _unit(text: str) -> DayUnit:
    """Read a unit by its identifier."""
    if text not in PLAIN_UNITS:
        raise Refused(
            f"--unit debe ser business_day (días hábiles) o calendar_day (días naturales); se recibió «{text}»."
        )
    return DayUnit(text)


def _start(text: str | None) -> date:
    """Read the day of the starting event."""
    if text is None:
        raise Refused("Indique con --from el día en que inicia el plazo, por ejemplo --from 2026-09-07.")
    return _date(text, "--from")


def _date(text: str, option: str) -> date:
    """Read a date in ISO 8601."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{option} debe ser una fecha que exista, escrita AAAA-MM-DD; se recibió «{text}».") from error


def _fact(text: str, rule: DeadlineRule) -> Fact:
    """Read NAME=DATE."""
    name, _, day = text.partition("=")
    if name not in list(FactName):
        raise Refused(
            f"--event debe ser uno de estos hechos con su fecha: {', '.join(FactName)}, "
            f"por ejemplo {FactName.EXTENDED}=2026-09-14; se recibió «{text}»."
        )
    if name == FactName.EXTENDED and not rule.key:
        raise Refused("Una prórroga necesita una regla que diga de cuántos días es: use --rule en lugar de --days.")
    return Fact(FactName(name), _date(day, f"--event {name}"))


def _suspended_json(rule: DeadlineRule, starts_on: date, calendar: Calendar) -> dict[str, Any]:
    """Give the published shape of a term that stands still: it has no due day and no days that led there."""
    return {
        "starts_on": starts_on.isoformat(),
        "due_on": None,
        "n": rule.n,
        "unit": rule.unit.value,
        "calendar": calendar.key,
        "rule": rule.key,
        "citation": rule.citation,
        "days": [],
    }


def _heading(
    rule: DeadlineRule, derivation: Derivation | None, starts_on: date, calendar: Calendar, facts: Sequence[Fact]
) -> list[str]:
    """Write what is counted: the rule, the term, the calendar, and what happened meanwhile."""
    n, unit = (rule.n, rule.unit) if derivation is None else (derivation.n, derivation.unit)
    counted_from = starts_on if derivation is None else derivation.starts_on
    counted = "que se cuenta" if n == 1 else "contados"
    lines = [f"Regla: {rule.key} ({rule.citation})"] if rule.key else []
    lines += [
        f"Plazo: {n} {UNIT_NAMES[unit][n != 1]}, {counted} desde el día siguiente al {_long(counted_from)}",
        f"Calendario: {calendar.name}",
    ]
    if any(fact.name is not FactName.EXTENDED for fact in facts):
        lines.append(f"Una prevención {CLARIFICATION_NAMES[rule.on_clarification]}.")
    return [*lines, *(f"El {_long(fact.on)} {FACT_NAMES[fact.name]}." for fact in facts), ""]


def _result(derivation: Derivation | None) -> list[str]:
    """Write each day and the due day last, or why there is none."""
    if derivation is None:
        return ["El plazo está suspendido: no tiene fecha de vencimiento hasta que se desahogue la prevención."]
    return [
        f"{'Núm.':>5}  {'Fecha':<{LONGEST_DATE}}  Explicación",
        *map(_row, derivation.days),
        "",
        f"Vence: {_long(derivation.due_on)}",
    ]


def _row(day: CountedDay) -> str:
    """Write one day: its number when it counts, a dash and the reason when it does not."""
    number = "—" if day.number is None else str(day.number)
    why = f"{day.reason} · {day.source}" if day.source else day.reason
    return f"{number:>5}  {_long(day.date):<{LONGEST_DATE}}  {why}".rstrip()


def _long(on: date) -> str:
    """Write a date as in "viernes 8 de mayo de 2026"."""
    return format_date(on, DATE_PATTERN, locale="es_MX")
