"""What checking the record finds: differences, each with a sentence and, where it can be told, its cause."""

from dataclasses import dataclass, field
from enum import StrEnum


class Cause(StrEnum):
    """Why something differs."""

    # One bit flipped, or a row that cannot be read: a disk does that.
    CORRUPTION = "corruption"
    # No single bit explains it: somebody wrote it.
    TAMPERING = "tampering"


@dataclass(frozen=True)
class Problem:
    """A difference, in a sentence, and its cause."""

    text: str
    cause: Cause = Cause.TAMPERING


@dataclass
class Verdict:
    """How much was checked, and every difference found, the first one first."""

    leaves: int = 0
    checkpoints: int = 0
    openings: int = 0
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Return whether nothing differs."""
        return not self.problems

    def add(self, text: str, *, is_damage: bool = False) -> None:
        """Note a difference."""
        self.problems.append(Problem(text, Cause.CORRUPTION if is_damage else Cause.TAMPERING))
