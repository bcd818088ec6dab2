"""A term as a law states it: how many days of which kind, from which event, on whose authority."""

from dataclasses import dataclass
from enum import StrEnum

from consulta.deadlines.derivations import DayUnit


class Bound(StrEnum):
    """Whether the law says "al menos" (a window may be longer) or "no mayor a" (an answer may be sooner)."""

    MIN = "min"
    MAX = "max"


class Confidence(StrEnum):
    """How the term was confirmed: in the primary text, in a secondary source, or not at all yet."""

    PRIMARY = "V"
    SECONDARY = "S"
    UNCONFIRMED = "K"


@dataclass(frozen=True)
class DeadlineRule:
    """One term. `key` is "<rule_set>.<name>"; `n` counts days of `unit` after the day of the event.

    `enabled` is false until a legal unit has confirmed the term; a disabled rule can be read and shown,
    and starts no clock.
    """

    key: str
    rule_set: str
    matter: str
    n: int
    unit: DayUnit
    bound: Bound
    starts_on_event: str
    roll_last_day: bool
    citation: str
    confidence: Confidence
    enabled: bool
