"""What may happen to a term, and what its clock then shows: values only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consulta.deadlines.derivations import DayUnit, Derivation


class EventKind(StrEnum):
    """What may happen to a term."""

    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESTART = "restart"
    EXTEND = "extend"
    RECALENDAR = "recalendar"
    MET = "met"
    MISSED = "missed"


class ClockState(StrEnum):
    """Whether a term runs, stands still, or was met."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"


@dataclass(frozen=True)
class Term:
    """A length of time as a rule gives it, before anything starts it."""

    n: int
    unit: DayUnit
    roll_last_day: bool = True
    rule: str = ""
    citation: str = ""


@dataclass(frozen=True)
class Event:
    """One fact. `n` and `unit` belong to EXTEND; `not_before`, to a RECALENDAR that protects a citizen's term."""

    kind: EventKind
    on: date
    n: int = 0
    unit: DayUnit | None = None
    citation: str = ""
    not_before: date | None = None


@dataclass(frozen=True)
class Face:
    """What a clock shows. While it is suspended nobody can say when the term ends: there is no due day."""

    state: ClockState
    due_on: date | None
    derivation: Derivation | None
    is_missed: bool
