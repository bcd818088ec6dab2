"""Rules of windows. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.windows.states import TRANSITIONS, WindowState, WindowStatus

LONGEST_TITLE = 300
LONGEST_SUMMARY = 5000
# One page in plain language.
LONGEST_SHEET = 6000
# Kinds of submission that the control body may have to read (`domain.md` §6), as rows name them.
CONTROL_KINDS = frozenset({"complaint", "report"})


def needs_control(kinds: list[str]) -> bool:
    """Say whether a front door with these kinds needs a control body that reads what is reserved."""
    return not CONTROL_KINDS.isdisjoint(kinds)


def status_at(
    *, state: WindowState, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> WindowStatus:
    """Return what the public sees at `now`. Half-open: open at `opens_at`, closed at `closes_at`."""
    if state in (WindowState.CONCLUDED, WindowState.ANNULLED):
        return WindowStatus(state)
    if state == WindowState.DRAFT or opens_at is None:
        return WindowStatus.DRAFT
    if now < opens_at:
        return WindowStatus.UPCOMING
    return WindowStatus.OPEN if closes_at is None or now < closes_at else WindowStatus.CLOSED


def check_transition(current: WindowState, target: WindowState) -> None:
    """Refuse a change of state that the table does not hold. Raises Refused."""
    if target not in TRANSITIONS[current]:
        names = {
            WindowState.DRAFT: _("en preparación"),
            WindowState.SCHEDULED: _("programada"),
            WindowState.CONCLUDED: _("concluida"),
            WindowState.ANNULLED: _("anulada"),
        }
        raise Refused(
            _("La consulta está %(current)s: no puede quedar %(target)s.", current=names[current], target=names[target])
        )


def start_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return the first instant of a civil day."""
    return datetime.combine(on, time(0), tzinfo=zone)


def end_of_day(on: date, zone: ZoneInfo) -> datetime:
    """Return the instant that reads "24:00 h" of a civil day: the first of the next."""
    return start_of_day(on + timedelta(days=1), zone)


def check_title(title: str) -> None:
    """Refuse an empty or endless title. Raises Refused."""
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise Refused(_("Escriba un título de 1 a %(longest)s caracteres.", longest=LONGEST_TITLE), field="title")
