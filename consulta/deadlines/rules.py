"""A term as a law states it: how many days of which kind, from which event, on whose authority."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from consulta.deadlines.derivations import DayUnit
from consulta.deadlines.events import Term


class Bound(StrEnum):
    """Whether the law says "al menos" (a window may be longer) or "no mayor a" (an answer may be sooner)."""

    MIN = "min"
    MAX = "max"


class Confidence(StrEnum):
    """How the term was confirmed: in the primary text, in a secondary source, or not at all yet."""

    PRIMARY = "V"
    SECONDARY = "S"
    UNCONFIRMED = "K"


class CountFrom(StrEnum):
    """Which day is day zero: that of the event, or that on which its notification takes effect."""

    NEXT_DAY = "next_day"
    NEXT_DAY_AFTER_EFFECTIVE_NOTIFICATION = "next_day_after_effective_notification"


class OnClarification(StrEnum):
    """What a clarification request does to the term: nothing, a pause, or a new beginning once it is answered."""

    NONE = "none"
    SUSPEND = "suspend"
    RESTART = "restart"


class FactName(StrEnum):
    """What may be told of a case whose rule is known; the rule says what each does to the term."""

    CLARIFICATION_NOTIFIED = "clarification_notified"
    CLARIFICATION_ANSWERED = "clarification_answered"
    EXTENDED = "extended"


@dataclass(frozen=True)
class Fact:
    """Something that happened to a case on a day."""

    name: FactName
    on: date


@dataclass(frozen=True)
class Extension:
    """By how much a term may be extended, how often and by whom.

    `approver_role` is the office that decides; with `notify_before_expiry` an extension after the due day is void.
    """

    n: int
    unit: DayUnit
    max_times: int
    approver_role: str
    notify_before_expiry: bool


@dataclass(frozen=True)
class WorkedExample:
    """A case computed by hand: what the rule must give, and in Spanish why."""

    starts_on: date
    calendar_key: str
    facts: tuple[Fact, ...]
    due_on: date
    why: str


@dataclass(frozen=True)
class DeadlineRule:
    """One term. `key` is "<rule_set>.<name>"; `n` counts `unit` after the day of the event.

    `enabled` is false until a legal unit has confirmed the term; a disabled rule can be read and shown,
    and starts no clock. `starts_after` is the key of the rule of the same set whose meeting starts this one.
    `cutoff_time` is the hour from which a filing counts as one of the next business day.
    """

    key: str
    rule_set: str
    matter: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    n: int
    unit: DayUnit
    bound: Bound
    starts_on_event: str
    count_from: CountFrom
    cutoff_time: time | None
    on_clarification: OnClarification
    extension: Extension | None
    roll_last_day: bool
    expiry_effect: str
    citation: str
    confidence: Confidence
    enabled: bool
    starts_after: str | None
    examples: tuple[WorkedExample, ...]

    def term(self) -> Term:
        """Give the length that `fold` counts, with the rule's name and citation for its derivation."""
        return Term(self.n, self.unit, self.roll_last_day, self.key, self.citation)


@dataclass(frozen=True)
class RuleSet:
    """The rules of one law in one matter, and since when and until when it is in force."""

    key: str
    title: str
    matter: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
