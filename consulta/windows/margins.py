"""The margins of a closing, read from their file, and the limits of a window that follow from them."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from consulta.deadlines import DayUnit, Term
from consulta.windows.guard import Limits
from consulta.windows.models import Window
from consulta.windows.terms import compute_term, holder_for

FILE = Path(__file__).parent / "data" / "guard.toml"


@dataclass(frozen=True)
class Margins:
    """See the file for what each one is."""

    grace: timedelta
    capture_days: int
    outage: timedelta
    outage_days: int


@cache
def load_margins() -> Margins:
    """Read the file once."""
    values = tomllib.loads(FILE.read_text("utf-8"))
    return Margins(
        grace=timedelta(minutes=values["grace_minutes"]),
        capture_days=values["capture_days"],
        outage=timedelta(minutes=values["outage_minutes"]),
        outage_days=values["outage_days"],
    )


def limits_of(window: Window) -> Limits:
    """Return until when a window takes what. One that was annulled takes nothing from that instant on."""
    margins = load_margins()
    closes_at = window.closes_at
    if window.annulled_at is not None:
        return Limits(closes_at=min(window.annulled_at, closes_at or window.annulled_at), grace=timedelta(0))
    if closes_at is None or window.derivation is None:
        return Limits(closes_at=closes_at, grace=margins.grace)
    captures = compute_term(
        holder=holder_for(window.government, window.instrument),
        term=Term(margins.capture_days, DayUnit.BUSINESS_DAY),
        starts_on=date.fromisoformat(window.derivation["due_on"]),
    )
    return Limits(closes_at, margins.grace, captures.closes_at, window.capture_post_id)
