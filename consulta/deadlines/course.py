"""The course that events give to a term: from where it runs, for how long, and when it stood still.

Here is decided which event may follow which; the days are counted in `fold`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from consulta.deadlines.arithmetic import require_length
from consulta.deadlines.counting import Pause
from consulta.deadlines.derivations import DayUnit
from consulta.deadlines.events import ClockState, Event, EventKind, Term
from consulta.errors import Refused
from consulta.i18n.text import N_, _

NAMES = {
    EventKind.START: N_("inicio"),
    EventKind.SUSPEND: N_("suspensión"),
    EventKind.RESUME: N_("reanudación"),
    EventKind.RESTART: N_("interrupción"),
    EventKind.EXTEND: N_("prórroga"),
    EventKind.RECALENDAR: N_("cambio de calendario"),
    EventKind.MET: N_("cumplimiento"),
    EventKind.MISSED: N_("vencimiento"),
}


@dataclass(frozen=True)
class Length:
    """Days to be counted: the term itself, or an extension with its citation."""

    n: int
    unit: DayUnit
    extension: bool = False
    citation: str = ""


@dataclass(frozen=True)
class Floor:
    """A day before which the term may not end; `since` is the first suspension that it did not know of."""

    on: date
    since: int
    citation: str


@dataclass
class Course:
    """What the events so far make of the term."""

    starts_on: date
    parts: list[Length | Floor]
    pauses: list[Pause] = field(default_factory=list)
    state: ClockState = ClockState.RUNNING
    is_missed: bool = False

    @property
    def stands_still(self) -> bool:
        """Tell whether the last suspension was never ended, be the term met meanwhile or not."""
        return bool(self.pauses) and self.pauses[-1].to_on == date.max


def replay(term: Term, events: Sequence[Event]) -> Course:
    """Apply each event to the course of the term. Raises `Refused` for the first that does not follow."""
    require_length(term.n)
    if not events or events[0].kind is not EventKind.START:
        raise Refused(_("El plazo no tiene inicio: registre primero el hecho que lo inicia."))
    course = _started(term, events[0])
    for before, event in pairwise(events):
        if event.on < before.on:
            raise Refused(
                _(
                    "El hecho «%(event)s» (%(on)s) es anterior al que le precede (%(before)s): corrija su fecha.",
                    event=_(NAMES[event.kind]),
                    on=f"{event.on:%d-%m-%Y}",
                    before=f"{before.on:%d-%m-%Y}",
                )
            )
        if course.state is ClockState.MET:
            raise Refused(
                _(
                    "El plazo ya se cumplió: el hecho «%(event)s» (%(on)s) no puede agregarse; inicie otro plazo.",
                    event=_(NAMES[event.kind]),
                    on=f"{event.on:%d-%m-%Y}",
                )
            )
        course = APPLY[event.kind](course, event, term)
    return course


def _started(term: Term, event: Event) -> Course:
    return Course(event.on, [Length(term.n, term.unit)])


def _start_again(_course: Course, event: Event, _term: Term) -> Course:
    raise Refused(
        _(
            "El plazo ya tenía inicio: el del %(on)s sobra; para contarlo de nuevo registre una interrupción.",
            on=f"{event.on:%d-%m-%Y}",
        )
    )


def _suspend(course: Course, event: Event, _term: Term) -> Course:
    if course.state is ClockState.SUSPENDED:
        raise Refused(
            _(
                "El plazo ya está suspendido: la suspensión del %(on)s sobra; registre antes la reanudación.",
                on=f"{event.on:%d-%m-%Y}",
            )
        )
    course.pauses.append(Pause(event.on, date.max, event.citation))
    course.state = ClockState.SUSPENDED
    return course


def _resume(course: Course, event: Event, _term: Term) -> Course:
    if course.state is not ClockState.SUSPENDED:
        raise Refused(
            _(
                "El plazo no está suspendido: la reanudación del %(on)s sobra; registre antes la suspensión.",
                on=f"{event.on:%d-%m-%Y}",
            )
        )
    pause = course.pauses[-1]
    course.pauses[-1] = Pause(pause.from_on, event.on, pause.source)
    course.state = ClockState.RUNNING
    return course


def _restart(_course: Course, event: Event, term: Term) -> Course:
    return _started(term, event)


def _extend(course: Course, event: Event, _term: Term) -> Course:
    if event.unit is None:
        raise Refused(
            _(
                "La prórroga del %(on)s no dice en qué se cuenta: indique días hábiles, días naturales, meses o años.",
                on=f"{event.on:%d-%m-%Y}",
            )
        )
    require_length(event.n)
    course.parts.append(Length(event.n, event.unit, extension=True, citation=event.citation))
    return course


def _recalendar(course: Course, event: Event, _term: Term) -> Course:
    if event.not_before is not None:
        open_pause = course.state is ClockState.SUSPENDED
        course.parts.append(Floor(event.not_before, len(course.pauses) - open_pause, event.citation))
    return course


def _meet(course: Course, _event: Event, _term: Term) -> Course:
    course.state = ClockState.MET
    return course


def _miss(course: Course, _event: Event, _term: Term) -> Course:
    course.is_missed = True
    return course


APPLY: dict[EventKind, Callable[[Course, Event, Term], Course]] = {
    EventKind.START: _start_again,
    EventKind.SUSPEND: _suspend,
    EventKind.RESUME: _resume,
    EventKind.RESTART: _restart,
    EventKind.EXTEND: _extend,
    EventKind.RECALENDAR: _recalendar,
    EventKind.MET: _meet,
    EventKind.MISSED: _miss,
}
