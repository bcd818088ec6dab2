"""From what a person or a program fills in to what is asked of the index."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consulta.finding.findables import tag
from consulta.search import Request, parse_query
from consulta.search.documents import MOST

PAGE = 20
LAST_PAGE = MOST // PAGE


@dataclass(frozen=True)
class Asked:
    """What is looked for: empty values leave open. Days are whole, in the time of the instance."""

    text: str = ""
    instrument: str = ""
    government: str = ""
    agency: str = ""
    disposition: str = ""
    since: date | None = None
    until: date | None = None
    newest_first: bool = False
    page: int = 1
    # Only the words as they were typed: nothing that means the same, nothing that is written alike.
    is_exact: bool = False

    def request(self, zone: ZoneInfo, limit: int = PAGE) -> Request:
        """Return it as the index wants it."""
        places = {
            "instrument": self.instrument,
            "government": self.government,
            "agency": self.agency,
            "disposition": self.disposition,
        }
        return Request(
            query=parse_query(self.text, is_exact=self.is_exact),
            tags=frozenset(tag(name, value) for name, value in places.items() if value),
            since=_midnight(self.since, zone) if self.since else None,
            until=_midnight(self.until + timedelta(days=1), zone) if self.until else None,
            newest_first=self.newest_first,
            is_exact=self.is_exact,
            offset=(self.page - 1) * limit,
            limit=limit,
        )

    @property
    def has_filters(self) -> bool:
        """Say whether anything but the words narrows it."""
        return any((self.instrument, self.government, self.agency, self.disposition, self.since, self.until))


def read_day(text: str) -> date | None:
    """Return a day written as `2026-06-12`; None where none is meant. Raises ValueError for anything else."""
    if not text.strip():
        return None
    day = date.fromisoformat(text.strip())
    if not is_day(day):
        raise ValueError(text)
    return day


def is_day(day: date) -> bool:
    """Say whether a day lies where midnight can be reckoned in any zone."""
    return 1900 <= day.year <= 2200


def read_page(text: str) -> int:
    """Return the number of a page; the first for what is none, the last for what lies beyond it."""
    return min(max(int(text[:10]), 1), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
