"""Reads of groups of alike comments."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.analysis.models import Campaign, CampaignMember
from consulta.analysis.states import CampaignKind, CampaignState
from consulta.db import session
from consulta.submissions.models import Submission
from consulta.submissions.queries import published

PAGE = 50
# More groups than anybody reads; the biggest come first.
MOST_GROUPS = 200


def list_campaigns(window_id: int, *, with_broken: bool = False) -> Sequence[Campaign]:
    """Return the groups of near duplicates of a window, biggest first."""
    found = (
        select(Campaign)
        .options(joinedload(Campaign.representative))
        .where(Campaign.window_id == window_id, Campaign.kind == CampaignKind.NEAR, Campaign.size > 1)
    )
    if not with_broken:
        found = found.where(Campaign.state != CampaignState.BROKEN)
    return session().scalars(found.order_by(Campaign.size.desc(), Campaign.id).limit(MOST_GROUPS)).all()


def find_campaign(campaign_id: int) -> Campaign | None:
    """Return a group with its window and representative."""
    if not 0 < campaign_id < 2**62:
        return None
    return session().scalar(
        select(Campaign)
        .options(joinedload(Campaign.representative), joinedload(Campaign.window))
        .where(Campaign.id == campaign_id)
    )


def list_members(campaign_id: int, *, after_id: int = 0, limit: int = PAGE) -> Sequence[CampaignMember]:
    """Return the members of a group that nobody took out, with their comments, in the order in which they came."""
    found = _members(campaign_id).where(CampaignMember.submission_id > after_id)
    return session().scalars(found.order_by(CampaignMember.submission_id).limit(limit)).all()


def map_public_sizes(campaign_ids: Sequence[int]) -> dict[int, int]:
    """Return how many members of each group everybody may read."""
    readable = published().with_only_columns(Submission.id)
    found = (
        select(CampaignMember.campaign_id, func.count())
        .where(
            CampaignMember.campaign_id.in_(campaign_ids),
            CampaignMember.removed_at.is_(None),
            CampaignMember.submission_id.in_(readable),
        )
        .group_by(CampaignMember.campaign_id)
    )
    return {campaign_id: count for campaign_id, count in session().execute(found)}


def list_public_members(campaign_id: int, *, after_id: int = 0, limit: int = PAGE) -> Sequence[CampaignMember]:
    """Return the members of a group that everybody may read."""
    readable = published().with_only_columns(Submission.id)
    found = _members(campaign_id).where(
        CampaignMember.submission_id > after_id, CampaignMember.submission_id.in_(readable)
    )
    return session().scalars(found.order_by(CampaignMember.submission_id).limit(limit)).all()


def _members(campaign_id: int) -> Select[CampaignMember]:
    return (
        select(CampaignMember)
        .join(CampaignMember.submission)
        .options(contains_eager(CampaignMember.submission))
        .where(CampaignMember.campaign_id == campaign_id, CampaignMember.removed_at.is_(None))
    )
