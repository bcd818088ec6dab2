"""*Baja documental*: proposed by one post, authorised by another, carried out in portions; what is held stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor
from consulta.archives.holds import is_held
from consulta.archives.models import Disposal, DisposedSubmission
from consulta.archives.purging import purge_submission
from consulta.archives.rules import (
    LONGEST_REASON,
    LONGEST_REFERENCE,
    MOST_FOLIOS,
    check_text,
    is_same_hand,
    may_dispose,
)
from consulta.archives.states import DISPOSAL_TRANSITIONS, DisposalState, SkipCause
from consulta.archives.terms import check_terms
from consulta.data_rights.queries import has_open
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.moderation.models import Appeal
from consulta.moderation.states import AppealState
from consulta.record.operations import append_leaf
from consulta.referrals.models import DisowningClaim, Referral
from consulta.referrals.states import ClaimState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of

AUTHORISED = "disposal.authorised"
AT_ONCE = 50


@dataclass(frozen=True)
class DisposalDraft:
    """What is written of a disposal."""

    reference: str
    legal_basis: str
    reason: str


def propose_disposal(
    *, government_id: int, draft: DisposalDraft, submissions: Sequence[Submission], actor: Actor, now: datetime
) -> Disposal:
    """Propose that submissions are destroyed, with its leaf. Nothing is touched until another post authorises it.

    Raises Refused at the field that is missing, without submissions, or when one is of another government, destroyed
    already, without a series, or within its term; Forbidden for others than the coordination and transparency.
    """
    _check_disposer(actor, government_id)
    kept = _checked(draft)
    chosen = {item.id: item for item in submissions}
    if not 0 < len(chosen) <= MOST_FOLIOS:
        raise Refused(_("Escriba de 1 a %(n)s folios.", n=f"{MOST_FOLIOS:,}"), field="folios")
    for item in chosen.values():
        if holder_of(item) != government_id or item.purged_at is not None:
            raise Refused(_("%(folio)s no es de este gobierno o ya se dio de baja.", folio=item.folio), field="folios")
    series = check_terms(chosen.values(), government_id=government_id, now=now)
    disposal = Disposal(
        government_id=government_id,
        state=DisposalState.PROPOSED,
        reference=kept.reference,
        legal_basis=kept.legal_basis,
        reason=kept.reason,
        proposed_at=now,
        proposed_by_post_id=actor.post_id,
        proposed_by_person_id=actor.person_id,
        series=series,
    )
    session().add(disposal)
    session().flush()
    session().add_all(DisposedSubmission(disposal_id=disposal.id, submission_id=item) for item in sorted(chosen))
    said = {"reference": kept.reference, "legal_basis": kept.legal_basis, "reason": kept.reason}
    _record(disposal, "proposed", actor.post_id, now, {**said, "series": series.code, "count": len(chosen)})
    return disposal


def decide_disposal(*, disposal: Disposal, authorises: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Authorise a disposal, which begins it, or reject it; by another post and person than who proposed it.

    Raises Refused for who proposed it, without reasons, twice, or when what is in it was filed in another series since
    and its term has not run; Forbidden for others.
    """
    _check_disposer(actor, disposal.government_id)
    if is_same_hand(actor, disposal):
        raise Refused(_("Usted la propuso: debe autorizarla otra persona, de otro cargo."))
    kept = check_text(reason, field="reason", longest=LONGEST_REASON, problem=_("Escriba en qué se basa."))
    target = DisposalState.AUTHORISED if authorises else DisposalState.REJECTED
    if authorises:
        items = (item.submission for item in list_items(disposal.id, limit=MOST_FOLIOS))
        check_terms(items, government_id=disposal.government_id, now=now)
    _move(disposal, target)
    disposal.decided_at, disposal.decided_by_post_id, disposal.decision_reason = now, actor.post_id, kept
    _record(disposal, target, actor.post_id, now, {"reason": kept})
    if authorises:
        enqueue(kind=AUTHORISED, payload={"disposal_id": disposal.id}, run_at=now)


def carry_out(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `disposal.authorised`: destroy a portion; what is held, or not finished, is skipped and says why."""
    disposal = session().get_one(Disposal, payload["disposal_id"])
    if disposal.state != DisposalState.AUTHORISED:
        return
    found = session().scalars(_waiting(disposal.id).limit(AT_ONCE)).all()
    for item in found:
        lock_exclusive(f"submission:{item.submission_id}")
        session().refresh(item.submission)
        cause = _why_kept(item.submission)
        if cause is None:
            if item.submission.purged_at is None:
                purge_submission(item.submission, disposal, now)
            item.purged_at = now
        else:
            item.skipped = cause
    session().flush()
    if session().scalar(_waiting(disposal.id).limit(1)) is not None:
        enqueue(kind=AUTHORISED, payload=payload, run_at=now)
        return
    _move(disposal, DisposalState.DONE)
    disposal.done_at = now
    purged, skipped = count_items(disposal.id)
    _record(disposal, "done", None, now, {"purged": purged, "skipped": skipped})


def count_items(disposal_id: int) -> tuple[int, int]:
    """Return how many were destroyed, and how many kept."""
    purged, skipped = (
        session()
        .execute(
            select(
                func.count().filter(DisposedSubmission.purged_at.is_not(None)),
                func.count().filter(DisposedSubmission.skipped != ""),
            ).where(DisposedSubmission.disposal_id == disposal_id)
        )
        .one()
    )
    return int(purged), int(skipped)


def list_disposals(government_id: int, limit: int = 50) -> Sequence[Disposal]:
    """Return the disposals of a government, newest first."""
    found = select(Disposal).where(Disposal.government_id == government_id).order_by(Disposal.id.desc()).limit(limit)
    return session().scalars(found).all()


def list_items(disposal_id: int, *, after_id: int = 0, limit: int = 100) -> Sequence[DisposedSubmission]:
    """Return what is in a disposal, in the order of reception."""
    found = (
        select(DisposedSubmission)
        .options(joinedload(DisposedSubmission.submission))
        .where(DisposedSubmission.disposal_id == disposal_id, DisposedSubmission.submission_id > after_id)
        .order_by(DisposedSubmission.submission_id)
        .limit(limit)
    )
    return session().scalars(found).all()


def _waiting(disposal_id: int) -> Any:
    waits = (DisposedSubmission.purged_at.is_(None), DisposedSubmission.skipped == "")
    return (
        select(DisposedSubmission)
        .options(joinedload(DisposedSubmission.submission))
        .where(DisposedSubmission.disposal_id == disposal_id, *waits)
        .order_by(DisposedSubmission.submission_id)
    )


def _why_kept(submission: Submission) -> SkipCause | None:
    if is_held(submission):
        return SkipCause.HELD
    own = submission.id
    waiting = (
        exists().where(Referral.submission_id == own, Referral.state == ReferralState.REFERRED),
        exists().where(Appeal.submission_id == own, Appeal.state == AppealState.OPEN),
        exists().where(DisowningClaim.submission_id == own, DisowningClaim.state == ClaimState.OPEN),
    )
    is_pending = has_open(own) or any(session().scalar(select(item)) for item in waiting)
    return SkipCause.PENDING if is_pending else None


def _move(disposal: Disposal, target: DisposalState) -> None:
    lock_exclusive(f"disposal:{disposal.id}")
    session().refresh(disposal)
    if target not in DISPOSAL_TRANSITIONS[DisposalState(disposal.state)]:
        raise Refused(_("Esa baja ya se decidió: recargue la página."))
    disposal.state = target


def _checked(draft: DisposalDraft) -> DisposalDraft:
    return DisposalDraft(
        check_text(
            draft.reference,
            field="reference",
            longest=LONGEST_REFERENCE,
            problem=_("Escriba el número del dictamen de baja."),
        ),
        check_text(
            draft.legal_basis, field="legal_basis", longest=LONGEST_REASON, problem=_("Escriba el fundamento legal.")
        ),
        check_text(draft.reason, field="reason", longest=LONGEST_REASON, problem=_("Escriba por qué se da de baja.")),
    )


def _check_disposer(actor: Actor, government_id: int) -> None:
    if not may_dispose(actor, government_id=government_id):
        raise Forbidden(_("Las bajas las proponen y autorizan la coordinación y transparencia de este gobierno."))


def _record(disposal: Disposal, verb: str, post_id: int | None, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(
        kind=f"disposal.{verb}", public_id=f"baja-{disposal.id}", at=now, content={**content, "post_id": post_id}
    )
    session().flush()
