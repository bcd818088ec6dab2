"""What a dataset is: its columns with type and meaning, how it is divided into parts, and where its rows come from."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from consulta.i18n.text import N_

Cell = str | int | float | None
Row = tuple[Cell, ...]
# The only part of a dataset that is not divided.
WHOLE = "todo"
TEXT, INTEGER, NUMBER, INSTANT, DAY = "string", "integer", "number", "datetime", "date"


class Division(StrEnum):
    """How a dataset is divided into files that are rewritten one by one."""

    NONE = "none"
    BY_WINDOW = "by_window"
    BY_MONTH = "by_month"


@dataclass(frozen=True)
class Column:
    """A column: its name, its type in the terms of Frictionless Table Schema, and what it means."""

    name: str
    type: str
    meaning: str
    is_required: bool = False


@dataclass(frozen=True)
class Dataset:
    """A dataset.

    Attributes:
        name: its key in commands and in the API.
        filename: its name in addresses.
        title, description: what it is.
        columns: in their order, which never changes within a version.
        rows: the rows of a part, or of all when the part is None, as of an instant.
        division: how it is divided.
        version: of its columns; the first figure changes when one is taken away or means something else.
    """

    name: str
    filename: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Callable[[str | None, datetime], Generator[Row]]
    division: Division = Division.NONE
    version: str = "1.0"


WINDOW_KEY = Column("consulta", TEXT, N_("Clave pública de la consulta o del buzón"), is_required=True)


def iso(value: datetime | None) -> str | None:
    """Return an instant as data: UTC, ISO 8601, to the second."""
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None


def month_of(value: datetime) -> str:
    """Return the month of an instant, in UTC, as parts are named."""
    return f"{value.year:04d}-{value.month:02d}"


def part_name(slug: str, month: str) -> str:
    """Return the name of the part that holds what a window received in a month."""
    return f"{slug}.{month}"


def read_part(part: str) -> tuple[str, datetime, datetime]:
    """Return the window of a part, and the first instant of its month and of the next."""
    slug, month = part.rsplit(".", 1)
    return slug, *month_bounds(month)


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first instant of a month, in UTC, and of the next one."""
    first = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    year, number = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return first, first.replace(year=year, month=number)
