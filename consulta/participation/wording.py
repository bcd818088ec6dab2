"""How figures of people read."""

from collections.abc import Iterator, Mapping
from typing import Any

from consulta.disclosure import PublishableTable, read_table
from consulta.i18n.labels import label, official
from consulta.i18n.text import _, plural
from consulta.submissions.territory import ELSEWHERE, municipalities
from consulta.windows.questions import BY_KEY, MUNICIPALITY


def question_title(name: str) -> str:
    """Return a question as it reads."""
    return _(BY_KEY[name].title)


def person_value(name: str, value: str) -> str:
    """Return how an answer reads."""
    if name == MUNICIPALITY:
        return _("Fuera del estado") if value == ELSEWHERE else municipalities().get(value, value)
    return label(name, value)


def official_value(name: str, value: str) -> str:
    """Return the Spanish term of an answer, for what is published as data; of a municipality its key."""
    return value if name == MUNICIPALITY else official(name, value)


def share(count: int, total: int) -> int:
    """Return how many of each hundred. More figures than that would be finer than the rounding of the counts."""
    return round(100 * count / total) if total else 0


def has_percents(table: PublishableTable) -> bool:
    """Say whether rounding leaves hundredths true: it moves a figure by half the base at most."""
    return table.total >= 50 * table.base


def headline(table: PublishableTable) -> str:
    """Return the one sentence: how many opinions, of whom, and how many did not say."""
    told = plural("%(count)s opinión", "%(count)s opiniones", table.total)
    sex = table.find("sex")
    if sex is None or any(count is None for count in sex.figures.values()):
        return told
    counts = {"women": sex.figures["woman"] or 0, "men": sex.figures["man"] or 0, "silent": sex.unanswered}
    if not has_percents(table):
        return _(
            "%(told)s: unas %(women)s de mujeres, unas %(men)s de hombres y unas %(silent)s de quienes no lo dijeron.",
            told=told,
            **counts,
        )
    return _(
        "%(told)s. De cada 100: %(women)s de mujeres, %(men)s de hombres y %(silent)s de quienes no lo dijeron.",
        told=told,
        **{name: share(count, table.total) for name, count in counts.items()},
    )


def released_rows(content: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Yield what a release shows, a figure a row, in Spanish whoever asks: what is hidden and totals are no rows."""
    for name in ("people", "organizations"):
        for question in read_table(content[name]).questions if name in content else ():
            for value, count in question.shown():
                yield question.name, official_value(question.name, value), count
            yield question.name, "Sin respuesta", question.unanswered
