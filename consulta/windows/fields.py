"""The fields that an instrument asks of each entry: rows of data, checked here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from consulta.errors import Refused
from consulta.i18n.text import _, shipped

LONGEST_LINE = 300
LONGEST_LONG = 6_000


class FieldKind(StrEnum):
    """What a field holds."""

    LINE = "line"
    LONG = "long"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True)
class EntryField:
    """A field of an instrument's entries.

    Attributes:
        key: its name in files and in stored values.
        label: what people read.
        help: one sentence that says what to write.
        kind: what it holds.
        is_required: whether an entry without it is refused.
        choices: the values of a choice.
        citation: article of law that asks for it; empty where none does.
    """

    key: str
    label: str
    help: str = ""
    kind: FieldKind = FieldKind.LONG
    is_required: bool = True
    choices: tuple[str, ...] = ()
    citation: str = ""


def read_fields(rows: Iterable[Mapping[str, Any]]) -> tuple[EntryField, ...]:
    """Return the fields of an instrument's row."""
    return tuple(
        EntryField(
            key=row["key"],
            label=row["label"],
            help=row.get("help", ""),
            kind=FieldKind(row.get("kind", FieldKind.LONG)),
            is_required=row.get("required", True),
            choices=tuple(row.get("choices", ())),
            citation=row.get("citation", ""),
        )
        for row in rows
    )


def find_problems(fields: Sequence[EntryField], values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return `(key, what to do)` for every value that cannot be handed in."""
    found = ((field.key, _problem(field, values.get(field.key, "").strip())) for field in fields)
    return [(key, message) for key, message in found if message is not None]


def check_given(fields: Sequence[EntryField], values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that were given, of the known fields; what lacks may come later. Raises Refused."""
    given = [field for field in fields if values.get(field.key, "").strip()]
    return check_details(given, values)


def list_missing(fields: Sequence[EntryField], values: Mapping[str, str]) -> list[str]:
    """Return the labels of the required fields that have no value."""
    return [shipped(field.label) for field in fields if field.is_required and not values.get(field.key, "").strip()]


def check_details(fields: Sequence[EntryField], values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the known fields, without empty ones. Raises Refused at the first that is wrong."""
    problems = find_problems(fields, values)
    if problems:
        raise Refused(problems[0][1], field=problems[0][0])
    stripped = {field.key: values.get(field.key, "").strip() for field in fields}
    return {key: value for key, value in stripped.items() if value}


def _problem(field: EntryField, value: str) -> str | None:
    if not value:
        return _("Falta «%(label)s»: escríbalo.", label=shipped(field.label)) if field.is_required else None
    longest = LONGEST_LONG if field.kind == FieldKind.LONG else LONGEST_LINE
    if len(value) > longest:
        return _("«%(label)s» lleva hasta %(longest)s caracteres.", label=shipped(field.label), longest=f"{longest:,}")
    if field.kind == FieldKind.DAY and not _is_day(value):
        return _("«%(label)s» lleva un día como 2027-03-15.", label=shipped(field.label))
    if field.kind == FieldKind.CHOICE and value not in field.choices:
        return _(
            "«%(label)s» debe ser una de estas opciones: %(choices)s.",
            label=shipped(field.label),
            choices=", ".join(shipped(choice) for choice in field.choices),
        )
    return None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
