"""Acts of review."""

from datetime import datetime

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.moderation.rules import LONGEST_REASON, may_review
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.policy import may_publish_text
from consulta.submissions.queries import holder_of
from consulta.submissions.states import TRANSITIONS, SubmissionKind, SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName


def publish_text(*, submission: Submission, actor: Actor, now: datetime) -> None:
    """Make a reviewed text public, with its leaf. Raises Refused when its kind or its lateness forbid it."""
    _begin(submission, actor, SubmissionState.PUBLISHED)
    if not submission.is_admitted:
        raise Refused(_("%(folio)s llegó fuera de plazo: no se publica mientras no se admita.", folio=submission.folio))
    if submission.is_hidden:
        raise Refused(_("%(folio)s ya no se muestra: la persona lo retiró.", folio=submission.folio))
    kind = SubmissionKind(submission.kind)
    if not may_publish_text(kind=kind, has_consent=submission.text_consent):
        raise Refused(_("%(folio)s no se publica: la regla de su tipo no lo permite.", folio=submission.folio))
    submission.state, submission.withheld_reason = SubmissionState.PUBLISHED, None
    _finish(submission, actor, now, 1, "submission.published", {})


def withhold_text(*, submission: Submission, reason: str, actor: Actor, now: datetime) -> None:
    """Keep a text from the public, with the reason, which is public. Raises Refused without one."""
    if not reason.strip():
        raise Refused(_("Escriba el motivo por el que no se publica."), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("El motivo lleva hasta %(longest)s caracteres.", longest=f"{LONGEST_REASON:,}"), field="reason")
    _begin(submission, actor, SubmissionState.WITHHELD)
    was_published = submission.state == SubmissionState.PUBLISHED and not submission.is_hidden
    submission.state, submission.withheld_reason = SubmissionState.WITHHELD, reason.strip()
    _finish(submission, actor, now, -1 if was_published else 0, "submission.withheld", {"reason": reason.strip()})


def _begin(submission: Submission, actor: Actor, target: SubmissionState) -> None:
    if submission.reserved or not may_review(actor, government_id=holder_of(submission)):
        raise Forbidden(_("La revisión es de otro gobierno."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if target not in TRANSITIONS[SubmissionState(submission.state)]:
        raise Refused(_("%(folio)s ya fue revisado.", folio=submission.folio))


def _finish(submission: Submission, actor: Actor, now: datetime, step: int, kind: str, content: dict[str, str]) -> None:
    submission.reviewed_at, submission.reviewed_by_post_id = now, actor.post_id
    if step:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=step)
    append_leaf(kind=kind, public_id=submission.folio, at=now, content={**content, "post_id": actor.post_id})
    session().flush()
