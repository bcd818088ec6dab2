"""Writes of groups: proposed by machine over a window, confirmed or broken up by a person, each with its leaf."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from consulta.actors import Actor, Role
from consulta.analysis.clustering import Cluster, load_parameters
from consulta.analysis.models import Campaign, CampaignMember
from consulta.analysis.states import TRANSITIONS, CampaignKind, CampaignState
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.record.operations import append_leaf
from consulta.windows.models import Window

FIND = "campaigns.find"
# Fewer comments than this are read one by one.
FEWEST = 50
LONGEST_REASON = 1_000
AT_ONCE = 500
DECIDES = (Role.COORDINATOR, Role.RESPONDENT, Role.APPROVER)


def ask_for_campaigns(*, window: Window, actor: Actor, now: datetime) -> None:
    """Let the worker look for groups in a window. Raises Forbidden for other governments."""
    _check_decides(window, actor)
    enqueue(kind=FIND, payload={"window_id": window.id}, run_at=now)
    session().flush()


def propose_campaigns(*, window_id: int, clusters: Sequence[Cluster], now: datetime) -> None:
    """Write the groups that were found in a window.

    What a machine proposed before gives way; what a person confirmed keeps its members and may gain some; what she
    broke up, or took out, is not proposed again.
    """
    lock_exclusive(f"campaigns:{window_id}")
    decided = _decided(window_id)
    stale = select(Campaign.id).where(Campaign.window_id == window_id, Campaign.state == CampaignState.PROPOSED)
    ids = session().scalars(stale).all()
    session().execute(delete(CampaignMember).where(CampaignMember.campaign_id.in_(ids)))
    session().execute(delete(Campaign).where(Campaign.id.in_(ids)))
    for cluster in clusters:
        known = _known(cluster, decided)
        if known is None:
            _propose(window_id, cluster, now)
        elif known.state == CampaignState.CONFIRMED:
            _grow(known, cluster)
    session().flush()


def decide_campaign(*, campaign: Campaign, state: CampaignState, reason: str, actor: Actor, now: datetime) -> None:
    """Confirm a group or break it up, with its leaf. Each comment stays, counts, and is answered.

    Raises Forbidden for other governments; Refused when it was decided so already, or broken up without a reason.
    """
    _check_decides(campaign.window, actor)
    lock_exclusive(f"campaigns:{campaign.window_id}")
    session().refresh(campaign)
    if state not in TRANSITIONS[CampaignState(campaign.state)]:
        raise Refused(_("Sobre ese grupo ya se decidió: recargue la página."))
    if state == CampaignState.BROKEN and not reason.strip():
        raise Refused(_("Escriba por qué no son el mismo texto."), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Escriba hasta %(n)s caracteres.", n=f"{LONGEST_REASON:,}"), field="reason")
    campaign.state, campaign.decided_at, campaign.decided_by_post_id = state, now, actor.post_id
    campaign.decision_reason = reason.strip()
    _record(campaign, state, actor, now, {"reason": reason.strip(), "size": campaign.size})


def take_member_out(*, member: CampaignMember, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Take a comment out of a group: it says something else. Raises Forbidden for others, Refused for the last one."""
    _check_decides(campaign.window, actor)
    lock_exclusive(f"campaigns:{campaign.window_id}")
    session().refresh(member)
    if member.removed_at is not None:
        raise Refused(_("Ese comentario ya no está en el grupo."))
    member.removed_at, member.removed_by_post_id = now, actor.post_id
    campaign.size -= 1
    _record(campaign, "member_removed", actor, now, {"folio": member.submission.folio})


def _decided(window_id: int) -> list[tuple[Campaign, set[int]]]:
    """Return the groups about which a person decided, with everybody who was ever in them."""
    found = session().scalars(
        select(Campaign).where(Campaign.window_id == window_id, Campaign.state != CampaignState.PROPOSED)
    )
    return [
        (
            campaign,
            set(
                session().scalars(select(CampaignMember.submission_id).where(CampaignMember.campaign_id == campaign.id))
            ),
        )
        for campaign in found.all()
    ]


def _known(cluster: Cluster, decided: Sequence[tuple[Campaign, set[int]]]) -> Campaign | None:
    """Return the decided group that shares members with a cluster, the most first."""
    numbers = {number for number, _share in cluster.members}
    shared = [(len(numbers & members), campaign) for campaign, members in decided]
    most = max(shared, key=lambda pair: pair[0], default=(0, None))
    return most[1] if most[0] > 1 or (most[0] and most[0] == len(numbers)) else None


def _propose(window_id: int, cluster: Cluster, now: datetime) -> None:
    campaign = Campaign(
        window_id=window_id,
        kind=cluster.kind,
        state=CampaignState.PROPOSED,
        representative_id=cluster.representative,
        parameters=load_parameters().as_json() if cluster.kind == CampaignKind.NEAR else {},
        size=0,
        found_at=now,
    )
    session().add(campaign)
    session().flush()
    _add(campaign, cluster.members)


def _grow(campaign: Campaign, cluster: Cluster) -> None:
    inside = select(CampaignMember.submission_id).where(CampaignMember.campaign_id == campaign.id)
    known = set(session().scalars(inside))
    _add(campaign, [member for member in cluster.members if member[0] not in known])


def _add(campaign: Campaign, members: Sequence[tuple[int, float]]) -> None:
    rows = [{"campaign_id": campaign.id, "submission_id": number, "similarity": share} for number, share in members]
    for start in range(0, len(rows), AT_ONCE):
        session().execute(insert(CampaignMember), rows[start : start + AT_ONCE])
    campaign.size += len(rows)


def _check_decides(window: Window, actor: Actor) -> None:
    if actor.role not in DECIDES or actor.government_id != window.government_id:
        raise Forbidden(_("Esa consulta es de otro gobierno."))


def _record(campaign: Campaign, verb: str, actor: Actor, now: datetime, content: dict[str, Any]) -> None:
    content = {**content, "campaign_id": campaign.id, "post_id": actor.post_id}
    append_leaf(kind=f"campaign.{verb}", public_id=campaign.window.slug, at=now, content=content)
    session().flush()
