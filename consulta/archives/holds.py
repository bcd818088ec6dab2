"""Ordering that something is kept whatever its term, and lifting the order."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor
from consulta.archives.models import LegalHold
from consulta.archives.rules import LONGEST_REASON, LONGEST_REFERENCE, check_text, may_keep
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.windows.models import Topic, Window

MOST = 200


def place_hold(*, subject: Submission | Window, reference: str, reason: str, actor: Actor, now: datetime) -> LegalHold:
    """Order that a submission, or everything of a window, is kept, with its leaf: no disposal touches it.

    Raises Refused at the field that is missing, or when the same is ordered already; Forbidden for others.
    """
    government_id = holder_of(subject) if isinstance(subject, Submission) else subject.government_id
    _check_keeper(actor, government_id)
    kept_reference = check_text(
        reference, field="reference", longest=LONGEST_REFERENCE, problem=_("Escriba el número del juicio o auditoría.")
    )
    kept_reason = check_text(reason, field="reason", longest=LONGEST_REASON, problem=_("Escriba por qué se conserva."))
    is_one = isinstance(subject, Submission)
    lock_exclusive(f"hold:{'submission' if is_one else 'window'}:{subject.id}")
    column = LegalHold.submission_id if is_one else LegalHold.window_id
    known = select(LegalHold).where(
        column == subject.id, LegalHold.reference == kept_reference, LegalHold.lifted_at.is_(None)
    )
    if session().scalar(known) is not None:
        raise Refused(_("Ya se conserva por ese juicio o auditoría."), field="reference")
    hold = LegalHold(
        government_id=government_id,
        submission_id=subject.id if is_one else None,
        window_id=None if is_one else subject.id,
        reference=kept_reference,
        reason=kept_reason,
        post_id=actor.post_id,
        from_at=now,
    )
    session().add(hold)
    session().flush()
    _record(hold, "placed", subject, actor, now, {"reference": kept_reference, "reason": kept_reason})
    return hold


def lift_hold(*, hold: LegalHold, reason: str, actor: Actor, now: datetime) -> None:
    """Lift an order, with the reason and its leaf. Raises Refused without one, or twice; Forbidden for others."""
    _check_keeper(actor, hold.government_id)
    kept = check_text(reason, field="reason", longest=LONGEST_REASON, problem=_("Escriba por qué ya no hace falta."))
    lock_exclusive(f"hold:{hold.id}")
    session().refresh(hold)
    if hold.lifted_at is not None:
        raise Refused(_("Esa orden ya se levantó: recargue la página."))
    hold.lifted_at, hold.lifted_by_post_id, hold.lift_reason = now, actor.post_id, kept
    session().flush()
    subject = hold.submission or hold.window
    assert subject is not None
    _record(hold, "lifted", subject, actor, now, {"reference": hold.reference, "reason": kept})


def is_held(submission: Submission) -> bool:
    """Say whether a submission may not be destroyed: it, or the window where it is or was, is to be kept."""
    topics = [item for item in (submission.topic_id, submission.received_topic_id) if item is not None]
    windows = select(Topic.window_id).where(Topic.id.in_(topics))
    found = select(LegalHold.id).where(
        LegalHold.lifted_at.is_(None),
        or_(LegalHold.submission_id == submission.id, LegalHold.window_id.in_(windows)),
    )
    return session().scalar(found.limit(1)) is not None


def list_holds(government_id: int) -> Sequence[LegalHold]:
    """Return the orders in force in a government, newest first."""
    found = (
        select(LegalHold)
        .options(joinedload(LegalHold.submission), joinedload(LegalHold.window))
        .where(LegalHold.government_id == government_id, LegalHold.lifted_at.is_(None))
        .order_by(LegalHold.id.desc())
        .limit(MOST)
    )
    return session().scalars(found).all()


def _check_keeper(actor: Actor, government_id: int) -> None:
    if not may_keep(actor, government_id=government_id):
        raise Forbidden(_("Eso lo ordena la coordinación, transparencia o el control de este gobierno."))


def _record(
    hold: LegalHold, verb: str, subject: Submission | Window, actor: Actor, now: datetime, content: dict[str, str]
) -> None:
    about = subject.folio if isinstance(subject, Submission) else subject.slug
    append_leaf(
        kind=f"hold.{verb}", public_id=about, at=now, content={**content, "hold_id": hold.id, "post_id": actor.post_id}
    )
    session().flush()
