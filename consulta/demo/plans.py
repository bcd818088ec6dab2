"""When each window of the demonstration was prepared, opened, closed and concluded, counted from today."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from consulta.demo.days import Days
from consulta.demo.stage import LEON, SALAMANCA, STATE, read_data

# What happens to the answers of a topic, group by group; the groups that are left wait in the tray.
LIVELY = ("published", "submitted", "draft", "signed", "sent_back", "published")
ALL = ("published",)


@dataclass
class Plan:
    """A window and its days. `closes_on` is its last day, before any extension."""

    name: str
    days: Days
    government: str
    opens_on: date
    term: int
    closes_on: date
    progress: tuple[str, ...] = ()
    is_concluded: bool = False
    late: int = 0
    lead: int = 6
    extended_after: int = 0
    is_corrected: bool = False
    # Business days in which people wrote before it was annulled; 0: until it ends.
    heard_days: int = 0
    # Topics of which nothing is answered yet, by number.
    quiet: frozenset[int] = frozenset()
    # Topics of which everything is answered.
    finished: frozenset[int] = frozenset()
    # References to rows, filled when the window is created.
    window_id: int = 0
    topic_ids: dict[int, int] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, Any]:
        """The texts of the window."""
        return read_data(f"windows/{self.name}")

    @property
    def created_at(self) -> datetime:
        """When its preparation began."""
        return self.days.at(self.days.business(-self.lead, self.opens_on), 10, 20)

    @property
    def scheduled_at(self) -> datetime:
        """When it was scheduled: a business day before it opens, or today for one that opens later."""
        return min(self.days.at(self.days.business(-1, self.opens_on), 13, 5), self.days.now)

    @property
    def ends_at(self) -> datetime:
        """The first instant after its last day."""
        return self.days.at(self.closes_on + timedelta(days=1), 0)

    def title(self) -> str:
        """The title, with the year that it is about."""
        return self.dated(str(self.data["title"]))

    def dated(self, text: str) -> str:
        """Put years and days into a text: `{year}`, `{last_year}`, `{next_year}`."""
        year = self.days.today.year
        return (
            text.replace("{year}", str(year))
            .replace("{last_year}", str(year - 1))
            .replace("{next_year}", str(year + 1))
        )


def list_plans(days: dict[str, Days]) -> list[Plan]:
    """Return the windows that open to the public, the oldest first."""
    state, leon, salamanca = days[STATE], days[LEON], days[SALAMANCA]
    return [*_history(state, leon, salamanca), *_recent(state), *_open(state, leon)]


def _history(state: Days, leon: Days, salamanca: Days) -> list[Plan]:
    """Return a year of concluded windows."""
    today = state.today
    last_year = min(today - timedelta(days=300), date(today.year - 1, 12, 10))
    return [
        _ending("agenda_anterior", state, today - timedelta(days=360), 20, ALL, is_concluded=True, late=2),
        _ending("programa_mejora", state, last_year, 30, ALL, is_concluded=True, late=1),
        _ending("cabildo_leon_parques", leon, today - timedelta(days=250), 15, ALL, LEON, True),
        _ending("impacto_profesiones", state, today - timedelta(days=235), 20, ALL, is_concluded=True),
        _ending("cabildo_salamanca", salamanca, today - timedelta(days=130), 15, ALL, SALAMANCA, True, late=1),
        _ending("expost_comercio", state, today - timedelta(days=170), 20, ALL, is_concluded=True, is_corrected=True),
    ]


def _recent(state: Days) -> list[Plan]:
    """Return what has closed and is being answered."""
    return [
        _opening("anulada", state, state.business(-24), 20, (), lead=5, heard_days=2),
        _ending("tramites", state, state.business(-17), 20, ("published",) * 4, late=3, finished=frozenset({3})),
        _ending("expost_anuncios", state, state.business(-4), 20, LIVELY, late=2),
    ]


def _open(state: Days, leon: Days) -> list[Plan]:
    """Return what is open, and what opens soon; the agenda last, because the newest stands first in lists."""
    last_day = state.business(0)
    opened = state.business(-1)
    upcoming = state.business(5)
    called = leon.today - timedelta(days=11)
    impact = state.business(-14)
    agenda = state.business(-12)
    return [
        _ending("expost_transito", state, last_day, 20, ("published", "submitted", "draft"), lead=8),
        _ending(
            "cabildo_leon", leon, called + timedelta(days=20), 20, ("published", "draft", "submitted"), LEON, lead=14
        ),
        _opening("impacto_verificacion", state, impact, 25, ("published", "submitted"), lead=9),
        _opening("apostilla", state, opened, 20, (), lead=16),
        _opening("simplificacion", state, upcoming, 20, (), lead=22),
        _opening(
            "agenda",
            state,
            agenda,
            20,
            LIVELY,
            lead=4,
            extended_after=10,
            quiet=frozenset({6, 7, 8, 9, 11, 12, 13, 14}),
        ),
    ]


def _ending(
    name: str,
    days: Days,
    last_day: date,
    term: int,
    progress: tuple[str, ...],
    government: str = STATE,
    is_concluded: bool = False,
    **more: Any,
) -> Plan:
    """Return a window by its last day; its opening is counted back in the instrument's unit."""
    if government == STATE:
        closes_on = days.business(0, last_day)
        opens_on = days.business(-term, closes_on)
    else:
        opens_on = last_day - timedelta(days=term)
        closes_on = days.business(0, last_day)
    return Plan(name, days, government, opens_on, term, closes_on, progress, is_concluded, **more)


def _opening(name: str, days: Days, opens_on: date, term: int, progress: tuple[str, ...], **more: Any) -> Plan:
    """Return a window of the state by its first day."""
    return Plan(name, days, STATE, opens_on, term, days.business(term, opens_on), progress, **more)
