"""What offices wrote about a submission, and what the person wrote to them after it: for who has folio and key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from consulta.analysis.models import Campaign, CampaignMember
from consulta.archives.models import LegalHold
from consulta.db import session
from consulta.i18n.labels import label
from consulta.i18n.text import _
from consulta.moderation.models import Appeal, Moderation
from consulta.referrals.models import DisowningClaim, Part
from consulta.referrals.queries import map_answers
from consulta.submissions.models import Submission


@dataclass(frozen=True)
class HeldNote:
    """Something that was written: what it is, when, and what it says."""

    title: str
    at: datetime | None
    text: str


def list_around(submission: Submission) -> list[HeldNote]:
    """Return everything that was written about a submission. Who said that she did not send it is not told: others."""
    return [*_reviews(submission), *_parts(submission), *_answers(submission), *_others(submission)]


def _reviews(submission: Submission) -> Iterator[HeldNote]:
    for act in _of(Moderation, submission):
        said = "; ".join([act.note, *(str(item.get("passage", "")) for item in act.passages)]).strip("; ")
        yield HeldNote(label("act", f"submission.{act.act}"), act.at, said)
    for appeal in _of(Appeal, submission):
        yield HeldNote(_("Su impugnación"), appeal.filed_at, appeal.text)
        if appeal.decided_at is not None:
            yield HeldNote(_("Lo que se resolvió de su impugnación"), appeal.decided_at, appeal.reason)


def _parts(submission: Submission) -> Iterator[HeldNote]:
    for part in _of(Part, submission):
        yield HeldNote(_("Parte que se responde aparte"), None, part.quote)
    grouped = select(Campaign).join(CampaignMember, CampaignMember.campaign_id == Campaign.id)
    for campaign in session().scalars(grouped.where(CampaignMember.submission_id == submission.id)):
        yield HeldNote(_("Se parece a otros textos y está en un grupo"), campaign.found_at, "")


def _answers(submission: Submission) -> Iterator[HeldNote]:
    for given in map_answers([submission.id]).get(submission.id, []):
        yield HeldNote(_("La respuesta que recibió"), given.answer.published_at, given.answer.text)


def _others(submission: Submission) -> Iterator[HeldNote]:
    for claim in _of(DisowningClaim, submission):
        yield HeldNote(_("Alguien dijo que usted no lo envió"), claim.filed_at, claim.reason)
    held = or_(LegalHold.submission_id == submission.id, LegalHold.window_id == submission.topic.window_id)
    for hold in session().scalars(select(LegalHold).where(held, LegalHold.lifted_at.is_(None)).order_by(LegalHold.id)):
        yield HeldNote(_("Se conserva por orden, aunque venza su plazo"), hold.from_at, "")


def _of(model: Any, submission: Submission) -> Any:
    return session().scalars(select(model).where(model.submission_id == submission.id).order_by(model.id)).all()
