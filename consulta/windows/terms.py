"""From an opening day and a number of days to instants with their derivation."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from consulta.agencies.models import Government
from consulta.clocks.catalogue import load_calendar, load_rule
from consulta.deadlines import DayUnit, compute_due
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.windows.models import Instrument
from consulta.windows.rules import end_of_day


@dataclass(frozen=True)
class Term:
    """A computed term: `closes_at` is the first instant after its last day."""

    due_on: date
    closes_at: datetime
    derivation: dict[str, Any]


def compute_term(
    *, government: Government, n: int, unit: str, starts_on: date, rule: str = "", citation: str = ""
) -> Term:
    """Count `n` days of `unit` after `starts_on` in the government's calendar.

    Raises Refused when n is not a sensible number or the calendar does not reach that far.
    """
    due_on, derivation = _derive(n, unit, starts_on, government.calendar_key, rule, citation)
    return Term(due_on, end_of_day(due_on, ZoneInfo(government.timezone)), derivation)


def join_derivations(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Return the derivation of a term and its extension as one: the days of both, numbered through."""
    counted = first["n"]
    later = [
        {**day, "number": day["number"] + counted if day["number"] is not None else None} for day in second["days"]
    ]
    return {**first, "n": counted + second["n"], "due_on": second["due_on"], "days": [*first["days"], *later]}


@lru_cache(maxsize=1024)
def _derive(
    n: int, unit: str, starts_on: date, calendar_key: str, rule: str, citation: str
) -> tuple[date, dict[str, Any]]:
    """Derive a term once: thousands of referrals of a window share theirs."""
    calendar = load_calendar(calendar_key)
    try:
        found = compute_due(
            n=n, unit=DayUnit(unit), starts_on=starts_on, calendar=calendar, rule=rule, citation=citation
        )
    except Refused as refused:
        raise Refused(refused.message, field="days") from refused
    return found.due_on, found.as_json()


def compute_window_term(*, government: Government, instrument: Instrument, opens_on: date, days: int) -> Term:
    """Return the term of a window. Raises Refused when it is shorter than the instrument's rule."""
    rule_key, citation = "", ""
    if instrument.term_rule is not None:
        rule = load_rule(instrument.term_rule)
        rule_key, citation = rule.key, rule.citation
        if rule.enabled and days < rule.n:
            raise Refused(
                _(
                    "El plazo mínimo es de %(n)s días (%(citation)s): escriba %(n)s o más.",
                    n=rule.n,
                    citation=rule.citation,
                ),
                field="days",
            )
    return compute_term(
        government=government,
        n=days,
        unit=instrument.day_unit,
        starts_on=opens_on,
        rule=rule_key,
        citation=citation,
    )
