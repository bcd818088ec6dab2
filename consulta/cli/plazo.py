"""`consulta plazo`: when does a term end, and which days led there.

Options arrive as plain text and are checked here, so that every complaint is a Spanish sentence.
"""

import json
from datetime import date

import click
from babel.dates import format_date

from consulta.clocks import load_calendar, load_rule
from consulta.deadlines import CountedDay, DayUnit, Derivation, Term, compute_due
from consulta.errors import ConsultaError, Refused

UNIT_NAMES = {
    DayUnit.BUSINESS_DAY: "días hábiles",
    DayUnit.CALENDAR_DAY: "días naturales",
    DayUnit.MONTH: "meses",
    DayUnit.YEAR: "años",
}
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
@click.option("--json", "as_json", is_flag=True, help="Escribe el resultado en JSON.")
def plazo(
    rule_key: str | None,
    days_text: str | None,
    unit_text: str | None,
    from_text: str | None,
    calendar_key: str,
    as_json: bool,
) -> None:
    """Calcula cuándo vence un plazo y muestra, día por día, cómo se contó.

    El día del hecho no se cuenta: la cuenta comienza el siguiente día.
    """
    try:
        term = _term(rule_key, days_text, unit_text)
        calendar = load_calendar(calendar_key)
        derivation = compute_due(
            n=term.n,
            unit=term.unit,
            starts_on=_date(from_text),
            calendar=calendar,
            roll_last_day=term.roll_last_day,
            rule=term.rule,
            citation=term.citation,
        )
    except ConsultaError as error:
        raise BadUsage(error.message) from error
    if as_json:
        click.echo(json.dumps(derivation.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(derivation, calendar.name)))


def _term(rule_key: str | None, days_text: str | None, unit_text: str | None) -> Term:
    """Read the term from a rule or from a number and a unit; raise `Refused` for both, or neither."""
    if rule_key is None:
        if days_text is None or unit_text is None:
            raise Refused("Indique una regla con --rule, o bien --days junto con --unit.")
        return Term(_number(days_text), _unit(unit_text))
    if days_text is not None or unit_text is not None:
        raise Refused("Use --rule, o bien --days con --unit, pero no ambas formas a la vez.")
    rule = load_rule(rule_key)
    if not rule.enabled:
        raise Refused(
            f"La regla «{rule.key}» está desactivada: falta que el área jurídica la confirme. "
            "Mientras tanto, use --days y --unit."
        )
    return Term(rule.n, rule.unit, rule.roll_last_day, rule.key, rule.citation)


def _number(text: str) -> int:
    """Read a whole number; its range is the arithmetic's to judge."""
    try:
        return int(text)
    except ValueError as error:
        raise Refused(f"--days debe ser un número entero de días; se recibió «{text}».") from error


def _unit(text: str) -> DayUnit:
    """Read a unit by its identifier."""
    try:
        return DayUnit(text)
    except ValueError as error:
        raise Refused(
            f"--unit debe ser business_day (días hábiles) o calendar_day (días naturales); se recibió «{text}»."
        ) from error


def _date(text: str | None) -> date:
    """Read a date in ISO 8601."""
    if text is None:
        raise Refused("Indique con --from el día en que inicia el plazo, por ejemplo --from 2026-09-07.")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"--from debe ser una fecha que exista, escrita AAAA-MM-DD; se recibió «{text}».") from error


def _lines(derivation: Derivation, calendar_name: str) -> list[str]:
    """Write the derivation for a person: what was counted, each day, and the due day last."""
    term = f"{derivation.n} {UNIT_NAMES[derivation.unit]}"
    cited = f" ({derivation.citation})" if derivation.citation else ""
    rule = [f"Regla: {derivation.rule}{cited}"] if derivation.rule else []
    return [
        *rule,
        f"Plazo: {term}, contados desde el día siguiente al {_long(derivation.starts_on)}",
        f"Calendario: {calendar_name}",
        "",
        f"{'Núm.':>5}  {'Fecha':<{LONGEST_DATE}}  Por qué no se cuenta",
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
