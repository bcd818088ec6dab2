"""Tables of people: the raw one, which cannot be shown, and the publishable one, which is all that can be. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from consulta.disclosure.bands import FEWEST, FEWEST_IN_ALL
from consulta.errors import Refused

# No threshold below this protects anybody: with two in a cell each knows the other.
LOWEST_THRESHOLD = 3
ROUNDED_TO = 5
UNANSWERED = None


@dataclass(frozen=True)
class Policy:
    """How figures are protected.

    Attributes:
        threshold: k; what fewer people share is not shown (`domain.md` §9).
        base: figures are rounded to multiples of it, so that one more person rarely shows.
        fewest_in_all: with fewer opinions than this only their number is published.
    Raises:
        Refused: for a threshold below three.
    """

    threshold: int = FEWEST
    base: int = ROUNDED_TO
    fewest_in_all: int = FEWEST_IN_ALL

    def __post_init__(self) -> None:
        if self.threshold < LOWEST_THRESHOLD:
            raise Refused(
                f"El umbral debe ser de {LOWEST_THRESHOLD} o más: con menos personas por cifra se sabe quién es quién.",
                field="threshold",
            )

    def rounded(self, count: int) -> int:
        """Return the multiple of the base that is nearest; halves go up."""
        return self.base * ((2 * count + self.base) // (2 * self.base))


class RawTable:
    """Counts of opinions of people by combination of answers. It can only be protected, never shown.

    Args:
        questions: the questions in the order of the combinations; the first one is crossed with each of the others.
        values: the catalogue of each question; answers outside it, or none, count as unanswered.
        counts: how many opinions gave each combination of answers.
        crossed: the questions that the first one is crossed with; every other one where none is named.
    """

    __slots__ = ("_counts", "crossed", "questions", "values")

    def __init__(
        self,
        questions: tuple[str, ...],
        values: Mapping[str, tuple[str, ...]],
        counts: Mapping[tuple[str | None, ...], int],
        *,
        crossed: tuple[str, ...] | None = None,
    ) -> None:
        self.questions = questions
        self.crossed = questions if crossed is None else crossed
        self.values = {name: tuple(values[name]) for name in questions}
        self._counts: dict[tuple[str | None, ...], int] = {}
        for combination, count in counts.items():
            known = tuple(
                value if value in self.values[name] else UNANSWERED
                for name, value in zip(questions, combination, strict=True)
            )
            self._counts[known] = self._counts.get(known, 0) + count

    def total(self) -> int:
        """Return how many opinions there are: their number is public."""
        return sum(self._counts.values())

    def margin(self, *names: str) -> dict[tuple[str | None, ...], int]:
        """Return the counts by some of the questions, for whoever protects them."""
        places = [self.questions.index(name) for name in names]
        found: dict[tuple[str | None, ...], int] = {}
        for combination, count in self._counts.items():
            key = tuple(combination[place] for place in places)
            found[key] = found.get(key, 0) + count
        return found

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("raw counts of people are never shown: protect() them first")

    __repr__ = __str__ = __format__ = __html__ = __iter__ = __len__ = __getitem__ = _refuse
    __reduce_ex__ = __getstate__ = _refuse


@dataclass(frozen=True)
class Question:
    """What may be said of one question: rounded counts of the values that are shown, and how many did not answer.

    `figures` keeps every value of the catalogue; None is one that is not shown, whether nobody or too few gave it.
    """

    name: str
    figures: Mapping[str, int | None]
    unanswered: int

    @property
    def is_empty(self) -> bool:
        """Say whether nothing but the silence is shown."""
        return all(count is None for count in self.figures.values())

    def shown(self) -> Iterator[tuple[str, int]]:
        """Yield what is shown, in the order of the catalogue."""
        return ((value, count) for value, count in self.figures.items() if count is not None)


@dataclass(frozen=True)
class Cross:
    """What may be said of two questions at once: `{(value of the first, value of the second): count or None}`."""

    names: tuple[str, str]
    figures: Mapping[tuple[str, str], int | None]

    def shown(self) -> Iterator[tuple[str, str, int]]:
        """Yield what is shown."""
        return ((first, second, count) for (first, second), count in self.figures.items() if count is not None)


_MAKERS = object()


@dataclass(frozen=True)
class PublishableTable:
    """Figures of people that may be shown. Only `protect`, `follow` and `read_table` make one.

    Attributes:
        total: how many opinions there are, exact: it is public anyway.
        questions: what is said of each question; empty where there are too few opinions.
        crosses: the first question with each of the others, where that is safe.
        threshold: the k under which it was made.
        base: what its figures are rounded to.
    """

    total: int
    questions: tuple[Question, ...]
    crosses: tuple[Cross, ...]
    threshold: int
    base: int
    maker: Any = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.maker is not _MAKERS:
            raise TypeError("a publishable table is made by protect(), never by hand")

    def find(self, name: str) -> Question | None:
        """Return what is said of a question."""
        return next((question for question in self.questions if question.name == name), None)

    def cross(self, first: str, second: str) -> Cross | None:
        """Return what is said of two questions at once."""
        return next((cross for cross in self.crosses if cross.names == (first, second)), None)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON, which `read_table` reads."""
        return {
            "total": self.total,
            "threshold": self.threshold,
            "base": self.base,
            "questions": [
                {"name": item.name, "unanswered": item.unanswered, "figures": dict(item.figures)}
                for item in self.questions
            ],
            "crosses": [
                {"names": list(item.names), "figures": [[*key, count] for key, count in item.figures.items()]}
                for item in self.crosses
            ],
        }


def make_table(
    *, total: int, questions: tuple[Question, ...], crosses: tuple[Cross, ...], policy: Policy
) -> PublishableTable:
    """Return a publishable table. Only for the modules of this package that protect what goes in."""
    return PublishableTable(total, questions, crosses, policy.threshold, policy.base, _MAKERS)


def read_table(plain: Mapping[str, Any]) -> PublishableTable:
    """Return the table that was published as JSON."""
    return PublishableTable(
        total=plain["total"],
        questions=tuple(
            Question(item["name"], dict(item["figures"]), item["unanswered"]) for item in plain["questions"]
        ),
        crosses=tuple(
            Cross((item["names"][0], item["names"][1]), {(row[0], row[1]): row[2] for row in item["figures"]})
            for item in plain["crosses"]
        ),
        threshold=plain["threshold"],
        base=plain["base"],
        maker=_MAKERS,
    )
