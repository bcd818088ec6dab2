"""What happened in a window, counted once when a paper is prepared, and kept with the paper."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from consulta.agencies.models import Agency, Unit
from consulta.db import session
from consulta.record.models import Leaf
from consulta.record.rules import act_bytes
from consulta.record.tree import root_of
from consulta.referrals.models import Referral
from consulta.referrals.queries import LIVE
from consulta.submissions.models import Submission
from consulta.submissions.states import Standing
from consulta.windows.models import Topic, Window

AT_ONCE = 2_000


def count_window(window: Window, until: datetime) -> dict[str, Any]:
    """Return what was handed in at a window: by channel what counts, apart what came late, and who left it.

    A comment that was carried over to a later filing was received here all the same.
    """
    here = _handed_in_at(window.id)
    channels = _grouped(Submission.channel, here, Submission.is_admitted.is_(True))
    return {
        "received": sum(channels.values()),
        "by_channel": channels,
        "admitted_as": _grouped(Submission.admission, here, Submission.is_admitted.is_(True)),
        "late": sum(_grouped(Submission.admission, here, Submission.is_admitted.is_(False)).values()),
        "late_by_channel": _grouped(Submission.channel, here, Submission.is_admitted.is_(False)),
        "left": {name: count for name, count in _grouped(Submission.standing, here).items() if name != Standing.STANDS},
        "reserved": sum(_grouped(Submission.channel, here, Submission.reserved.is_(True)).values()),
        "record": _root(window, until),
    }


def list_agencies_with_comments(window: Window) -> Sequence[Agency]:
    """Return the agencies that have comments of a window, by name."""
    found = (
        select(Agency)
        .join(Unit, Unit.agency_id == Agency.id)
        .where(Unit.id.in_(_referred(window.id).with_only_columns(Referral.unit_id)))
        .order_by(Agency.name, Agency.id)
    )
    return session().scalars(found.distinct()).all()


def count_agency(window: Window, agency: Agency) -> dict[str, Any]:
    """Return what an agency has of a window: folios with parts, in order, and the latest day to answer."""
    rows = session().execute(
        _referred(window.id)
        .join(Referral.unit)
        .outerjoin(Referral.part)
        .with_only_columns(Referral.id, Referral.due_at)
        .where(Unit.agency_id == agency.id)
        .order_by(Referral.id)
    )
    found = rows.all()
    return {
        "referrals": [row.id for row in found],
        "due_at": max((row.due_at for row in found), default=None),
    }


def _grouped(column: Any, *conditions: ColumnElement[bool]) -> dict[str, int]:
    rows = session().execute(select(column, func.count()).where(*conditions).group_by(column).order_by(column))
    return {str(value): count for value, count in rows}


def _handed_in_at(window_id: int) -> ColumnElement[bool]:
    topics = select(Topic.id).where(Topic.window_id == window_id)
    return func.coalesce(Submission.received_topic_id, Submission.topic_id).in_(topics)


def _referred(window_id: int) -> Any:
    return (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.topic)
        .where(
            Topic.window_id == window_id,
            Referral.state.in_(LIVE),
            Submission.reserved.is_(False),
            Submission.standing == Standing.STANDS,
        )
    )


def _root(window: Window, until: datetime) -> dict[str, Any]:
    """Return the root of the tree of every act on the window and on what was handed in at it, up to an instant.

    Anybody who holds the leaves of these identifiers builds the same one, in the order of the record.
    """
    folios = select(Submission.folio).where(_handed_in_at(window.id))
    rows = session().execute(
        select(Leaf.kind, Leaf.public_id, Leaf.at, Leaf.commitment)
        .where((Leaf.public_id == window.slug) | Leaf.public_id.in_(folios), Leaf.at <= until)
        .order_by(Leaf.id)
        .execution_options(yield_per=AT_ONCE)
    )
    acts = 0

    def entries() -> Iterator[bytes]:
        # One at a time: a window of a hundred thousand comments has half a million acts.
        nonlocal acts
        for acts, row in enumerate(rows, start=1):  # noqa: B007 - read after the last one
            yield act_bytes(row.kind, row.public_id, row.at, row.commitment)

    root = root_of(entries()).hex()
    return {"acts": acts, "root": root, "until": until.isoformat()}
