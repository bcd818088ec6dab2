"""Reads of entries and of who has delivered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consulta.actors import Role
from consulta.agencies.models import Agency, Post, Unit
from consulta.db import session
from consulta.entries.models import Entry, NothingToPropose, Reminder
from consulta.entries.rules import delivery_of
from consulta.entries.states import DeliveryState, EntryState
from consulta.windows.models import Window
from consulta.windows.states import WindowState


@dataclass(frozen=True)
class Delivery:
    """Where one agency stands: its entries and the last reminder it was sent."""

    agency: Agency
    state: DeliveryState
    entries: tuple[Entry, ...]
    reminder: Reminder | None


def find_entry(entry_id: int) -> Entry | None:
    """Return an entry with window, agency and unit."""
    return session().scalar(_entries().where(Entry.id == entry_id))


def list_entries(*, window_id: int, agency_ids: Collection[int] | None = None, limit: int = 500) -> Sequence[Entry]:
    """Return the entries of a window, or those of some agencies, in the order in which they were captured."""
    found = _entries().where(Entry.window_id == window_id)
    if agency_ids is not None:
        found = found.where(Entry.agency_id.in_(agency_ids))
    return session().scalars(found.order_by(Entry.id).limit(limit)).all()


def find_by_source_key(window_id: int, agency_id: int, key: str) -> Entry | None:
    """Return the entry that an agency imported under a key."""
    found = _entries().where(Entry.window_id == window_id, Entry.agency_id == agency_id, Entry.source_key == key)
    return session().scalar(found)


def list_asking_windows(government_id: int) -> Sequence[Window]:
    """Return the windows in preparation for which agencies are asked for entries, the most urgent first."""
    found = (
        select(Window)
        .options(joinedload(Window.instrument), joinedload(Window.government))
        .where(
            Window.government_id == government_id,
            Window.state == WindowState.DRAFT,
            Window.entries_due_on.is_not(None),
        )
        .order_by(Window.entries_due_on, Window.id)
    )
    return session().scalars(found).all()


def list_asked_agencies(government_id: int) -> Sequence[Agency]:
    """Return the agencies that have somebody who captures entries: the ones that owe them."""
    found = (
        select(Agency)
        .join(Unit, Unit.agency_id == Agency.id)
        .join(Post, Post.unit_id == Unit.id)
        .where(Agency.government_id == government_id, Post.role == Role.RESPONDENT)
        .distinct()
        .order_by(Agency.name)
    )
    return session().scalars(found).all()


def list_deliveries(window: Window) -> list[Delivery]:
    """Return where every asked agency stands, in four queries."""
    entries = list_entries(window_id=window.id)
    declared = set(session().scalars(select(NothingToPropose.agency_id).where(NothingToPropose.window_id == window.id)))
    reminders = {
        item.agency_id: item
        for item in session().scalars(select(Reminder).where(Reminder.window_id == window.id).order_by(Reminder.id))
    }
    return [
        _delivery(agency, [item for item in entries if item.agency_id == agency.id], declared, reminders)
        for agency in list_asked_agencies(window.government_id)
    ]


def has_declared_nothing(window_id: int, agency_id: int) -> bool:
    """Say whether an agency declared that it has nothing to propose."""
    found = select(NothingToPropose.id).where(
        NothingToPropose.window_id == window_id, NothingToPropose.agency_id == agency_id
    )
    return session().scalar(found) is not None


def list_liaison_posts(agency_id: int) -> Sequence[Post]:
    """Return the posts of an agency that capture its entries."""
    found = (
        select(Post).join(Post.unit).where(Unit.agency_id == agency_id, Post.role == Role.RESPONDENT).order_by(Post.id)
    )
    return session().scalars(found).all()


def _delivery(agency: Agency, entries: list[Entry], declared: set[int], reminders: dict[int, Reminder]) -> Delivery:
    state = delivery_of([EntryState(item.state) for item in entries], declared_nothing=agency.id in declared)
    return Delivery(agency, state, tuple(entries), reminders.get(agency.id))


def _entries() -> Select[Entry]:
    return select(Entry).options(
        joinedload(Entry.agency),
        joinedload(Entry.unit),
        joinedload(Entry.topic),
        joinedload(Entry.window).joinedload(Window.instrument),
        joinedload(Entry.window).joinedload(Window.government),
    )
