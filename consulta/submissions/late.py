"""What the coordination decides of something that came late, with reasons. It is kept whatever is decided."""

from datetime import datetime

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import SOURCE, _, speaking
from consulta.jobs import enqueue
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.notices import late_decision_notice
from consulta.submissions.operations import RECEIVED
from consulta.submissions.states import LateDecision
from consulta.windows.counters import add_delta
from consulta.windows.operations import check_coordinator
from consulta.windows.states import Admission, CounterName

LONGEST_REASON = 2_000


def decide_late(*, submission: Submission, decision: LateDecision, reason: str, actor: Actor, now: datetime) -> None:
    """Admit something late, or leave it apart, with the reasons, which are public.

    Effects in order: decision kept, leaf, counters, the person told; what is admitted goes on like any other, with
    its own clock. What was left apart may be admitted later, and nothing that was admitted is taken back. Raises
    Refused for what was in time, without reasons, or twice; Forbidden for other governments.
    """
    check_coordinator(actor, submission.topic.window.government_id)
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Refused(
            _("Escriba las razones, en hasta %(n)s caracteres: son públicas.", n=LONGEST_REASON), field="reason"
        )
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if submission.admission not in (Admission.LATE, Admission.LATE_CAPTURE):
        raise Refused(_("%(folio)s llegó en plazo.", folio=submission.folio))
    if submission.is_admitted or submission.late_decision == decision:
        raise Refused(_("Sobre %(folio)s ya se decidió: recargue la página.", folio=submission.folio))
    submission.late_decision, submission.late_reason = decision, reason.strip()
    submission.late_decided_at, submission.late_decided_by_post_id = now, actor.post_id
    submission.is_admitted = decision == LateDecision.ADMITTED
    content = {"decision": decision, "reason": reason.strip(), "post_id": actor.post_id}
    append_leaf(kind="submission.late_decided", public_id=submission.folio, at=now, content=content)
    if submission.is_admitted:
        add_delta(topic_id=submission.topic_id, name=CounterName.LATE, amount=-1)
        add_delta(topic_id=submission.topic_id, name=CounterName.RECEIVED, amount=1)
        enqueue(kind=RECEIVED, payload={"folio": submission.folio}, run_at=now)
    with speaking(submission.language if submission.email else SOURCE):
        notify(late_decision_notice(submission), now=now)
    session().flush()
