"""What a decree may declare. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from consulta.clocks.states import DecreeKind
from consulta.errors import Refused
from consulta.i18n.text import _

LONGEST_TITLE = 200
LONGEST_REFERENCE = 300
LONGEST_REASON = 200
MOST_RANGES = 120
# Days; a longer range is surely mistyped.
LONGEST_RANGE = 366


@dataclass(frozen=True)
class RangeDraft:
    """Days that a decree declares, as they were typed or read from a file; `line` names the row of the file."""

    first_on: date
    last_on: date
    kind: DecreeKind
    reason: str
    exempt: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class DecreeDraft:
    """A decree as it was typed or read from a file; without agency and unit it is the government's."""

    title: str
    reference: str
    gazetted_on: date
    ranges: tuple[RangeDraft, ...]
    agency_id: int | None = None
    unit_id: int | None = None
    replaces_id: int | None = None


def check_decree(draft: DecreeDraft) -> None:
    """Refuse a decree without title, reference or days, with ranges that end before they begin, or that overlap.

    Days that are enabled may lie among those that are not: that is what they are for. Raises Refused at the field,
    naming the days.
    """
    if not draft.title.strip() or len(draft.title) > LONGEST_TITLE:
        raise Refused(_("Escriba el nombre del decreto, de 1 a %(n)s caracteres.", n=LONGEST_TITLE), field="title")
    if not draft.reference.strip() or len(draft.reference) > LONGEST_REFERENCE:
        raise Refused(
            _("Escriba el número y el periódico oficial: es lo que cita cada fecha que mueve."), field="reference"
        )
    if not draft.ranges:
        raise Refused(_("Escriba al menos un día o un periodo."), field="ranges")
    if len(draft.ranges) > MOST_RANGES:
        raise Refused(_("Un decreto lleva hasta %(n)s periodos: divídalo.", n=MOST_RANGES), field="ranges")
    for item in draft.ranges:
        _check_range(item)
    for enabled in (False, True):
        _check_overlaps([item for item in draft.ranges if (item.kind == DecreeKind.ENABLED_DAY) is enabled])


def find_overlap(mine: Sequence[RangeDraft], other_first: date, other_last: date, other_kind: str) -> RangeDraft | None:
    """Return the first of `mine` that declares days which another decree already declares in the same sense."""
    enables = other_kind == DecreeKind.ENABLED_DAY
    return next(
        (
            item
            for item in mine
            if (item.kind == DecreeKind.ENABLED_DAY) is enables
            and item.first_on <= other_last
            and other_first <= item.last_on
        ),
        None,
    )


def days_of(first_on: date, last_on: date) -> list[date]:
    """Return every day of a range."""
    return [first_on + timedelta(days=offset) for offset in range((last_on - first_on).days + 1)]


def _check_range(item: RangeDraft) -> None:
    where = _("Renglón %(line)s: ", line=item.line) if item.line else ""
    if item.last_on < item.first_on:
        raise Refused(
            where
            + _(
                "el periodo termina el %(last)s, antes de comenzar el %(first)s: corrija una de las dos fechas.",
                first=item.first_on.isoformat(),
                last=item.last_on.isoformat(),
            ),
            field="ranges",
        )
    if (item.last_on - item.first_on).days > LONGEST_RANGE:
        raise Refused(where + _("el periodo dura más de un año: revise las fechas."), field="ranges")
    if not item.reason.strip() or len(item.reason) > LONGEST_REASON:
        raise Refused(where + _("escriba por qué son inhábiles o hábiles esos días."), field="ranges")


def _check_overlaps(ranges: Sequence[RangeDraft]) -> None:
    for earlier, later in pairwise(sorted(ranges, key=lambda item: (item.first_on, item.last_on))):
        if later.first_on <= earlier.last_on:
            raise Refused(
                _(
                    "Dos periodos se enciman: del %(a)s al %(b)s y del %(c)s al %(d)s. Déjelos separados o únalos.",
                    a=earlier.first_on.isoformat(),
                    b=earlier.last_on.isoformat(),
                    c=later.first_on.isoformat(),
                    d=later.last_on.isoformat(),
                ),
                field="ranges",
            )
