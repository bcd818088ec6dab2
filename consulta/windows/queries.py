"""Reads of windows and topics."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.clocks.models import ClockEvent
from consulta.db import session
from consulta.deadlines import EventKind
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.windows.models import DateChange, Instrument, Topic, Window
from consulta.windows.states import DateChangeState, WindowState, WindowStatus

PAGE = 20


def list_instruments(*, permanent: bool = False, government_id: int | None = None) -> Sequence[Instrument]:
    """Return the instruments of windows, or those of mailboxes; of one government, those that it may use."""
    found = select(Instrument).where(Instrument.permanent.is_(permanent)).order_by(Instrument.name)
    if government_id is not None:
        found = found.where(or_(Instrument.government_id.is_(None), Instrument.government_id == government_id))
    return session().scalars(found).all()


def get_instrument(key: str) -> Instrument:
    """Return an instrument. Raises NotFound."""
    found = session().get(Instrument, key)
    if found is None:
        raise NotFound(_("No existe ese instrumento."))
    return found


def get_window(slug: str) -> Window:
    """Return a window or mailbox by its slug, drafts included. Raises NotFound."""
    found = find_window(slug)
    if found is None:
        raise NotFound(_("No existe esa consulta."))
    return found


def find_window(slug: str) -> Window | None:
    """Return a window or mailbox by its slug, drafts included; None where there is none."""
    return session().scalar(_windows().where(Window.slug == slug))


def get_public_window(slug: str, *, permanent: bool = False) -> Window:
    """Return a scheduled window (or mailbox). Raises NotFound for drafts."""
    window = get_window(slug)
    if window.state == WindowState.DRAFT or window.instrument.permanent is not permanent:
        raise NotFound(_("No existe esa consulta."))
    return window


def list_windows(
    *,
    now: datetime,
    status: WindowStatus | None = None,
    instrument_key: str | None = None,
    government_id: int | None = None,
    after_id: int | None = None,
    limit: int = PAGE,
) -> Sequence[Window]:
    """Return public windows, newest first; with keyset paging by id."""
    found = _windows().where(Instrument.permanent.is_(False), Window.state != WindowState.DRAFT)
    if status is not None:
        found = found.where(_has_status(status, now))
    if instrument_key is not None:
        found = found.where(Window.instrument_key == instrument_key)
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    if after_id is not None:
        found = found.where(Window.id < after_id)
    return session().scalars(found.order_by(Window.id.desc()).limit(limit)).all()


def list_windows_of_government(government_id: int, limit: int = 200) -> Sequence[Window]:
    """Return every window and mailbox of a government, newest first: the coordinator's list."""
    found = _windows().where(Window.government_id == government_id).order_by(Window.id.desc()).limit(limit)
    return session().scalars(found).all()


def list_mailboxes(*, government_id: int | None = None, limit: int = 50) -> Sequence[Window]:
    """Return the public mailboxes, by government and title."""
    found = _windows().where(Instrument.permanent.is_(True), Window.state == WindowState.SCHEDULED)
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    return session().scalars(found.order_by(Window.government_id, Window.title).limit(limit)).all()


def list_topics(window_id: int, *, after_number: int = 0, limit: int = 200) -> Sequence[Topic]:
    """Return the topics of a window in their order, with window and unit loaded."""
    found = (
        select(Topic)
        .options(joinedload(Topic.unit), joinedload(Topic.window))
        .where(Topic.window_id == window_id, Topic.number > after_number)
        .order_by(Topic.number)
        .limit(limit)
    )
    return session().scalars(found).all()


def get_topic(slug: str, number: int) -> Topic:
    """Return a topic by its public reference. Raises NotFound."""
    found = session().scalar(_topics().where(Window.slug == slug, Topic.number == number))
    if found is None:
        raise NotFound(_("No existe ese tema."))
    return found


def find_topic_by_id(topic_id: int) -> Topic | None:
    """Return a topic by its number in the API."""
    return session().scalar(_topics().where(Topic.id == topic_id))


def find_topic_by_reference(reference: str) -> Topic | None:
    """Return a topic by `<slug>/<n>`."""
    slug, _, number = reference.rpartition("/")
    if not slug or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return session().scalar(_topics().where(Window.slug == slug, Topic.number == int(number)))


def _windows() -> Select[Window]:
    return (
        select(Window).join(Window.instrument).options(contains_eager(Window.instrument), joinedload(Window.government))
    )


def _topics() -> Select[Topic]:
    return (
        select(Topic)
        .join(Topic.window)
        .options(
            contains_eager(Topic.window).joinedload(Window.instrument),
            contains_eager(Topic.window).joinedload(Window.government),
            joinedload(Topic.unit),
        )
    )


def _has_status(status: WindowStatus, now: datetime) -> ColumnElement[bool]:
    scheduled = Window.state == WindowState.SCHEDULED
    conditions = {
        WindowStatus.UPCOMING: scheduled & (Window.opens_at > now),
        WindowStatus.OPEN: scheduled
        & (Window.opens_at <= now)
        & or_(Window.closes_at.is_(None), Window.closes_at > now),
        WindowStatus.CLOSED: scheduled & (Window.closes_at <= now),
        WindowStatus.CONCLUDED: Window.state == WindowState.CONCLUDED,
        WindowStatus.ANNULLED: Window.state == WindowState.ANNULLED,
        WindowStatus.DRAFT: Window.state == WindowState.DRAFT,
    }
    return conditions[status]


def map_topics(window_slug: str | None) -> dict[str, int]:
    """Return `{reference or source key: topic id}`: of one window, or references of all."""
    found = select(Topic.id, Topic.number, Topic.source_key, Window.slug).join(Topic.window)
    if window_slug is not None:
        found = found.where(Window.slug == window_slug)
    topics: dict[str, int] = {}
    for topic_id, number, source_key, slug in session().execute(found):
        topics[f"{slug}/{number}"] = topic_id
        if window_slug is not None and source_key is not None:
            topics[source_key] = topic_id
    return topics


def find_topic_by_source_key(window_id: int, key: str) -> Topic | None:
    """Return the topic that was imported under a key."""
    return session().scalar(select(Topic).where(Topic.window_id == window_id, Topic.source_key == key))


def find_proposed(window: Window) -> DateChange | None:
    """Return the change of a window's dates that waits for a decision."""
    return session().scalar(
        select(DateChange).where(DateChange.window_id == window.id, DateChange.state == DateChangeState.PROPOSED)
    )


def find_change(change_id: int) -> DateChange | None:
    """Return a proposed or decided change of dates."""
    return session().scalar(_changes().where(DateChange.id == change_id))


def list_changes(government_id: int, *, waiting: bool = False, limit: int = 100) -> Sequence[DateChange]:
    """Return the changes of dates of a government, newest first: all, or those that wait for a decision."""
    found = _changes().where(Window.government_id == government_id)
    if waiting:
        found = found.where(DateChange.state == DateChangeState.PROPOSED)
    return session().scalars(found.order_by(DateChange.id.desc()).limit(limit)).all()


def _changes() -> Select[DateChange]:
    window = contains_eager(DateChange.window)
    return (
        select(DateChange)
        .join(DateChange.window)
        .join(Window.instrument)
        .options(
            window.contains_eager(Window.instrument),
            window.joinedload(Window.government),
            joinedload(DateChange.proposed_by_post),
            joinedload(DateChange.decided_by_post),
        )
    )


def list_moves(window: Window) -> Sequence[ClockEvent]:
    """Return the moves of a window's closing that a change of calendar caused; asks nothing where there was none."""
    if window.clock_id is None or not window.government.calendar_version:
        return []
    found = select(ClockEvent).where(ClockEvent.clock_id == window.clock_id, ClockEvent.kind == EventKind.RECALENDAR)
    return session().scalars(found.order_by(ClockEvent.id)).all()
