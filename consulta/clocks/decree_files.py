"""Decrees from CSV or XLSX: one range per row, every bad row named with its line and what to do."""

from datetime import date
from pathlib import Path

from consulta.clocks.rules import MOST_RANGES, RangeDraft
from consulta.clocks.states import DecreeKind
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.tables import read_rows

FIRST, LAST, KIND, REASON, EXEMPT = "desde", "hasta", "tipo", "motivo", "exentos"
COLUMNS = (FIRST, LAST, KIND, REASON, EXEMPT)
# What an office writes, besides the identifiers.
KIND_WORDS = {
    "inhabil": DecreeKind.HOLIDAY,
    "inhábil": DecreeKind.HOLIDAY,
    "vacaciones": DecreeKind.VACATION,
    "suspension": DecreeKind.SUSPENSION,
    "suspensión": DecreeKind.SUSPENSION,
    "habilitado": DecreeKind.ENABLED_DAY,
    **{kind.value: kind for kind in DecreeKind},
}


def read_ranges(path: Path) -> tuple[RangeDraft, ...]:
    """Return the ranges of a file. Raises Refused for the first bad row, with its line, column and remedy."""
    rows = read_rows(path, {FIRST, KIND, REASON}, most=MOST_RANGES)
    return tuple(read_range(row, line) for line, row in rows)


def read_range(row: dict[str, str], line: int) -> RangeDraft:
    """Return the range of a row. Raises Refused at its column."""
    first_on = _day(row, FIRST, line)
    kind = KIND_WORDS.get(row.get(KIND, "").strip().lower())
    if kind is None:
        raise Refused(
            _("Renglón %(line)s, «tipo»: escriba inhábil, vacaciones, suspensión o habilitado.", line=line), field=KIND
        )
    exempt = tuple(key.strip() for key in row.get(EXEMPT, "").split(";") if key.strip())
    last_on = _day(row, LAST, line) if row.get(LAST, "").strip() else first_on
    return RangeDraft(first_on, last_on, kind, row.get(REASON, "").strip(), exempt, line)


def _day(row: dict[str, str], column: str, line: int) -> date:
    value = row.get(column, "").strip()
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Refused(
            _(
                "Renglón %(line)s, «%(column)s»: «%(value)s» no es un día que exista; escríbalo como 2026-12-21.",
                line=line,
                column=column,
                value=value[:40],
            ),
            field=column,
        ) from error
