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
    disposition: str = ""
    since: date | None = None
    until: date | None = None
    newest_first: bool = False
    page: int = 1

    def request(self, zone: ZoneInfo, limit: int = PAGE) -> Request:
        """Return it as the index wants it."""
        places = {"instrument": self.instrument, "government": self.government, "disposition": self.disposition}
        return Request(
            query=parse_query(self.text),
            tags=frozenset(tag(name, value) for name, value in places.items() if value),
            since=_midnight(self.since, zone) if self.since else None,
            until=_midnight(self.until + timedelta(days=1), zone) if self.until else None,
            newest_first=self.newest_first,
            offset=(self.page - 1) * limit,
            limit=limit,
        )

    @property
    def has_filters(self) -> bool:
        """Say whether anything but the words narrows it."""
        return any((self.instrument, self.government, self.disposition, self.since, self.until))


def read_day(text: str) -> date | None:
    """Return a day written as `2026-06-12`; None where none is meant. Raises ValueError for anything else."""
    if not text.strip():
        return None
    day = date.fromisoformat(text.strip())
    if not 1900 <= day.year <= 2200:
        raise ValueError(text)
    return day


def read_page(text: str) -> int:
    """Return the number of a page; the first for what is none, the last for what lies beyond it."""
    return min(max(int(text[:10]), 1), LAST_PAGE) if text.isascii() and text.isdigit() else 1


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
