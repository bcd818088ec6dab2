"""The tray of a unit: its referrals by due date, narrowed down by what its address says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select

from consulta.analysis.models import CampaignMember
from consulta.db import session
from consulta.referrals.models import Referral
from consulta.referrals.queries import CLOCKS, referrals
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.windows.models import Topic

PAGE = 50


@dataclass(frozen=True)
class TrayFilter:
    """What a tray shows; None leaves that open.

    Attributes:
        state: of the referral.
        topic_id: of what it speaks.
        window_id: in which window it came.
        kind: of the submission.
        channel: by which it came.
        due_before: due before that instant.
        campaign_id: in which group of alike comments it is.
        folio: of the submission.
        only_unbegun: only what nobody has begun to answer.
    """

    state: ReferralState | None = ReferralState.REFERRED
    topic_id: int | None = None
    window_id: int | None = None
    kind: str | None = None
    channel: str | None = None
    due_before: datetime | None = None
    campaign_id: int | None = None
    folio: str | None = None
    only_unbegun: bool = False


EVERYTHING_OPEN = TrayFilter()


def list_tray(
    *,
    unit_ids: Collection[int],
    control_unit_ids: Collection[int] = (),
    shown: TrayFilter = EVERYTHING_OPEN,
    after: tuple[datetime, int] | None = None,
    with_derivations: bool = False,
    limit: int = PAGE,
) -> Sequence[Referral]:
    """Return the referrals of units by due date, with submission, topic and answer; keyset by due date and id.

    `with_derivations` loads how each date came to be. What is reserved is listed for `control_unit_ids` alone, which
    list nothing else.
    """
    found = _narrowed(referrals().where(_own(unit_ids, control_unit_ids)), shown)
    if with_derivations:
        found = found.options(*CLOCKS)
    if after is not None:
        due_at, last_id = after
        found = found.where((Referral.due_at > due_at) | ((Referral.due_at == due_at) & (Referral.id > last_id)))
    return session().scalars(found.order_by(Referral.due_at, Referral.id).limit(limit)).all()


def _own(unit_ids: Collection[int], control_unit_ids: Collection[int]) -> ColumnElement[bool]:
    """Return what the posts may list. Of one unit it is an equality, so that the index gives the order."""
    kinds = [
        (_is_of(ids) & Submission.reserved.is_(reserved))
        for ids, reserved in ((unit_ids, False), (control_unit_ids, True))
        if ids
    ]
    return or_(*kinds) if kinds else false()


def _is_of(unit_ids: Collection[int]) -> ColumnElement[bool]:
    [*ids] = unit_ids
    return Referral.unit_id == ids[0] if len(ids) == 1 else Referral.unit_id.in_(ids)


def _narrowed(found: Select[Referral], shown: TrayFilter) -> Select[Referral]:
    equal = (
        (Referral.state, shown.state),
        (Submission.topic_id, shown.topic_id),
        (Topic.window_id, shown.window_id),
        (Submission.kind, shown.kind),
        (Submission.channel, shown.channel),
        (Submission.folio, shown.folio),
    )
    for column, value in equal:
        if value is not None:
            found = found.where(column == value)
    if shown.only_unbegun:
        found = found.where(Referral.answer_id.is_(None))
    if shown.due_before is not None:
        found = found.where(Referral.due_at <= shown.due_before)
    if shown.campaign_id is not None:
        members = select(CampaignMember.submission_id).where(
            CampaignMember.campaign_id == shown.campaign_id, CampaignMember.removed_at.is_(None)
        )
        found = found.where(Referral.submission_id.in_(members))
    return found
