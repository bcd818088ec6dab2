"""From an opening day and a number of days to instants with their derivation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from consulta.agencies.models import Government
from consulta.clocks.catalogue import load_rule
from consulta.clocks.timekeeping import Holder, due_instant, preview
from consulta.deadlines import DayUnit, DeadlineRule
from consulta.deadlines import Term as RuleTerm
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.windows.models import Instrument


@dataclass(frozen=True)
class Term:
    """A computed term: `closes_at` is the first instant after its last day."""

    due_on: date
    closes_at: datetime
    derivation: dict[str, Any]


def holder_for(government: Government, instrument: Instrument) -> Holder:
    """Return whose calendar the terms of an instrument count in."""
    return Holder(government, procedure=instrument.key)


def compute_term(*, holder: Holder, term: RuleTerm, starts_on: date) -> Term:
    """Count a term after a day in somebody's calendar, as it is now; nothing is written.

    Raises Refused when the number is not a sensible one or the calendar does not reach that far.
    """
    try:
        found = preview(holder=holder, term=term, on=starts_on)
    except Refused as refused:
        raise Refused(refused.message, field="days") from refused
    return Term(found.due_on, due_instant(found.due_on, holder.government), found.as_json())


def window_term(instrument: Instrument, days: int) -> RuleTerm:
    """Return the term of a window of so many days. Raises Refused when it is shorter than the instrument's rule."""
    rule = minimum_rule(instrument)
    if rule is not None and days < rule.n:
        raise Refused(
            _(
                "El plazo mínimo es de %(n)s días (%(citation)s): escriba %(n)s o más.",
                n=rule.n,
                citation=rule.citation,
            ),
            field="days",
        )
    stated = load_rule(instrument.term_rule) if instrument.term_rule is not None else None
    return RuleTerm(
        days,
        DayUnit(instrument.day_unit),
        rule=stated.key if stated else "",
        citation=stated.citation if stated else "",
    )


def minimum_rule(instrument: Instrument) -> DeadlineRule | None:
    """Return the rule that sets the shortest term, where a law in force does."""
    rule = load_rule(instrument.term_rule) if instrument.term_rule is not None else None
    return rule if rule is not None and rule.enabled else None


def compute_window_term(*, government: Government, instrument: Instrument, opens_on: date, days: int) -> Term:
    """Return the term that a window would have. Raises Refused when it is shorter than the instrument's rule."""
    holder = holder_for(government, instrument)
    return compute_term(holder=holder, term=window_term(instrument, days), starts_on=opens_on)
