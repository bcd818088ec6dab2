"""From what is told of a case to the events of its clock, as the rule of the case orders."""

from collections.abc import Sequence
from datetime import date

from consulta.deadlines.calendars import Calendar
from consulta.deadlines.events import Event, EventKind, Face
from consulta.deadlines.fold import fold
from consulta.deadlines.rules import DeadlineRule, Fact, FactName, OnClarification
from consulta.errors import Refused
from consulta.i18n.text import _

ANSWERED = {OnClarification.SUSPEND: EventKind.RESUME, OnClarification.RESTART: EventKind.RESTART}


def fold_facts(rule: DeadlineRule, *, starts_on: date, facts: Sequence[Fact], calendar: Calendar) -> Face:
    """Say what the clock of a case shows that began on `starts_on` and to which `facts` happened, in any order.

    Raises `Refused` for a fact that the rule does not admit: a clarification where it stops nothing, an answer to
    none, an extension that the rule does not have, one too many, or one that had to be notified before the due day.
    """
    events = [Event(EventKind.START, starts_on)]
    for fact in sorted(facts, key=lambda fact: fact.on):
        event = event_of(rule, fact)
        if fact.name is FactName.CLARIFICATION_ANSWERED:
            _require_asked(events, event)
        if event.kind is EventKind.EXTEND:
            _require_extendable(rule, events, event, calendar)
        events.append(event)
    return fold(rule.term(), events, calendar)


def event_of(rule: DeadlineRule, fact: Fact) -> Event:
    """Turn a fact into the event that the rule makes of it. Raises `Refused` where it makes none."""
    if fact.name is FactName.EXTENDED:
        return _extension(rule, fact.on)
    if rule.on_clarification is OnClarification.NONE:
        raise Refused(_("La regla «%(rule)s» no se detiene por una prevención: quite ese hecho.", rule=rule.key))
    if fact.name is FactName.CLARIFICATION_NOTIFIED:
        return Event(EventKind.SUSPEND, fact.on, citation=rule.citation)
    return Event(ANSWERED[rule.on_clarification], fact.on, citation=rule.citation)


def _extension(rule: DeadlineRule, on: date) -> Event:
    if rule.extension is None:
        raise Refused(_("La regla «%(rule)s» no admite prórroga: quite ese hecho.", rule=rule.key))
    return Event(EventKind.EXTEND, on, rule.extension.n, rule.extension.unit, rule.citation)


def _require_asked(before: Sequence[Event], event: Event) -> None:
    """Refuse an answer to a clarification that nobody asked for: it would restart a term without reason."""
    stopped = [earlier.kind for earlier in before if earlier.kind in (EventKind.SUSPEND, *ANSWERED.values())]
    if stopped[-1:] != [EventKind.SUSPEND]:
        raise Refused(
            _(
                "El %(on)s no había prevención que desahogar: indique antes el día en que se notificó.",
                on=f"{event.on:%d-%m-%Y}",
            )
        )


def _require_extendable(rule: DeadlineRule, before: Sequence[Event], event: Event, calendar: Calendar) -> None:
    assert rule.extension is not None
    # A restart voids what came before, an extension too.
    times = 0
    for earlier in before:
        times = 0 if earlier.kind is EventKind.RESTART else times + (earlier.kind is EventKind.EXTEND)
    if times >= rule.extension.max_times:
        raise Refused(
            _(
                "La regla «%(rule)s» no admite otra prórroga: la del %(on)s sobra.",
                rule=rule.key,
                on=f"{event.on:%d-%m-%Y}",
            )
        )
    due_on = fold(rule.term(), before, calendar).due_on
    if rule.extension.notify_before_expiry and due_on is not None and event.on > due_on:
        raise Refused(
            _(
                "La prórroga del %(on)s llegó tarde: la regla «%(rule)s» pide notificarla a más tardar el %(due)s.",
                on=f"{event.on:%d-%m-%Y}",
                rule=rule.key,
                due=f"{due_on:%d-%m-%Y}",
            )
        )
