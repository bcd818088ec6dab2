"""Reads of releases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.disclosure import PublishableTable, read_table
from consulta.participation.models import PeopleRelease
from consulta.windows.models import Instrument, Window
from consulta.windows.states import WindowState


def find_latest(window_id: int) -> PeopleRelease | None:
    """Return the latest release of a window."""
    found = select(PeopleRelease).where(PeopleRelease.window_id == window_id).order_by(PeopleRelease.number.desc())
    return session().scalars(found.limit(1)).first()


def tables_of(release: PeopleRelease) -> tuple[PublishableTable, PublishableTable]:
    """Return what a release says of people and of organisations."""
    return read_table(release.content["people"]), read_table(release.content["organizations"])


def list_releases(*, government_id: int | None = None, year: int | None = None) -> Sequence[PeopleRelease]:
    """Return the releases, newest first, with their windows; of one government or year where one is named."""
    found = (
        select(PeopleRelease)
        .join(PeopleRelease.window)
        .options(joinedload(PeopleRelease.window).joinedload(Window.government))
        .order_by(PeopleRelease.at.desc(), PeopleRelease.id.desc())
    )
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    if year is not None:
        found = found.where(PeopleRelease.year == year)
    return session().scalars(found).all()


def list_closed_unreleased(now: datetime) -> Sequence[Window]:
    """Return the windows that closed and have no release."""
    none = ~exists().where(PeopleRelease.window_id == Window.id)
    found = select(Window).where(Window.closes_at <= now, Window.state != WindowState.DRAFT, none)
    return session().scalars(found.order_by(Window.closes_at, Window.id)).all()


def list_mailboxes() -> Sequence[Window]:
    """Return the mailboxes that were opened."""
    found = select(Window).join(Window.instrument).where(Instrument.permanent, Window.state != WindowState.DRAFT)
    return session().scalars(found.order_by(Window.id)).all()


def list_latest() -> Sequence[PeopleRelease]:
    """Return the latest release of each window: what is said of it today."""
    last = select(func.max(PeopleRelease.id)).group_by(PeopleRelease.window_id)
    return session().scalars(select(PeopleRelease).where(PeopleRelease.id.in_(last)).order_by(PeopleRelease.id)).all()
