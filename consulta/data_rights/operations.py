"""Writes of requests about personal data: filed by the person, answered by the office, and carried out.

Every act writes a leaf that names the folio, the right and the post: never a person, nor what is kept of her.
"""

import hashlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from consulta.actors import Actor
from consulta.agencies.models import Government
from consulta.clocks import load_rule
from consulta.clocks.models import Clock
from consulta.clocks.recalendar import end_clocks
from consulta.clocks.states import ClockKind
from consulta.clocks.timekeeping import Holder, record_event, start_clock
from consulta.data_rights.checks import check_can_ask
from consulta.data_rights.effects import apply
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.notices import decided_notice, done_notice, extended_notice, filed_notice
from consulta.data_rights.rules import (
    ANSWER_RULE,
    EFFECT_RULE,
    PROCEDURE,
    DataRightsDraft,
    check_kind,
    check_reason,
    check_step,
    check_text,
    is_done_at_once,
    may_answer,
)
from consulta.data_rights.states import DataRightsState
from consulta.db import lock_exclusive, session
from consulta.deadlines import Fact, FactName
from consulta.deadlines.facts import event_of
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _, speaking
from consulta.notices import Message, notify
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of


def file_request(*, submission: Submission, draft: DataRightsDraft, now: datetime) -> DataRightsRequest:
    """File a request as who has folio and key, with its leaf; the clock of its answer starts, and she is told.

    Raises Refused at the field to correct, when one of the same kind waits, or where there is nothing to do.
    """
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    kind, text = check_kind(draft), check_text(draft)
    check_can_ask(submission, draft)
    request = DataRightsRequest(
        submission=submission,
        kind=kind,
        state=DataRightsState.FILED,
        text=text,
        new_email=draft.new_email,
        new_phone=draft.new_phone,
        new_name=draft.new_name,
        filed_at=now,
        clock=_start(submission, ClockKind.DATA_RIGHTS, ANSWER_RULE, now),
        extension_reason="",
        reason="",
        effect_note="",
    )
    session().add(request)
    session().flush()
    _record(request, "filed", now, {"text_sha256": _digest(text)})
    _tell(request, filed_notice, now)
    return request


def extend_request(*, request: DataRightsRequest, reason: str, actor: Actor, now: datetime) -> None:
    """Extend the term of the answer once, as its rule says, with its leaf; the person is told why and until when.

    Raises Forbidden for other offices; Refused twice, without reasons, or after the term ran out.
    """
    _hold(request, actor)
    check_step(request.state, DataRightsState.EXTENDED)
    kept, rule, clock = check_reason(reason), load_rule(ANSWER_RULE), request.clock
    today = _today(request.submission, now)
    assert clock is not None
    late = clock.due_on is not None and today > clock.due_on
    if rule.extension is not None and rule.extension.notify_before_expiry and late:
        raise Refused(_("El plazo ya venció: la ampliación se notifica antes de que venza."), field="reason")
    before = clock.due_on
    event = event_of(rule, Fact(FactName.EXTENDED, today))
    record_event(clock=clock, event=event, now=now, post_id=actor.post_id, reason=kept)
    request.state, request.extended_at, request.extension_reason = DataRightsState.EXTENDED, now, kept
    said = {"from_due_on": before, "to_due_on": clock.due_on, "reason_sha256": _digest(kept)}
    _record(request, "extended", now, {**said, "post_id": actor.post_id})
    _tell(request, extended_notice, now)


def decide_request(*, request: DataRightsRequest, accepts: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Accept a request or deny it, with reasons and its leaf; what can be done at once is carried out with it.

    The person is told where she was reached until now, and where she is from now on. Raises Forbidden for other
    offices; Refused twice, without reasons, or when it cannot be done.
    """
    _hold(request, actor)
    target = DataRightsState.ACCEPTED if accepts else DataRightsState.DENIED
    check_step(request.state, target)
    kept, submission = check_reason(reason), request.submission
    addresses = {submission.email: None}
    if not accepts:
        request.new_email = request.new_phone = request.new_name = ""
    request.state, request.decided_at, request.decided_by_post_id = target, now, actor.post_id
    request.reason = kept
    end_clocks([request.clock_id], now, actor.post_id)
    if accepts:
        request.effect_clock = _start(submission, ClockKind.DATA_RIGHTS_EFFECT, EFFECT_RULE, now, actor)
    _record(request, target, now, {"reason_sha256": _digest(kept), "post_id": actor.post_id})
    if accepts and is_done_at_once(request):
        _carry_out(request, actor, now)
        addresses[submission.email] = None
    with speaking(submission.language):
        for address in filter(None, addresses):
            notify(decided_notice(request, address), now=now)


def finish_request(*, request: DataRightsRequest, note: str, actor: Actor, now: datetime) -> None:
    """Say what was done by hand of what was accepted, with its leaf; the person is told.

    Raises Forbidden for other offices; Refused for what was not accepted, or without saying what was done.
    """
    _hold(request, actor)
    check_step(request.state, DataRightsState.CARRIED_OUT)
    request.effect_note = check_reason(note)
    _carry_out(request, actor, now)
    _tell(request, done_notice, now)


def _carry_out(request: DataRightsRequest, actor: Actor, now: datetime) -> None:
    check_step(request.state, DataRightsState.CARRIED_OUT)
    changed = apply(request, now)
    request.state, request.carried_out_at = DataRightsState.CARRIED_OUT, now
    session().flush()
    end_clocks([request.effect_clock_id], now, actor.post_id)
    said = {"changed": changed, "note_sha256": _digest(request.effect_note)}
    _record(request, "carried_out", now, {**said, "post_id": actor.post_id})


def _hold(request: DataRightsRequest, actor: Actor) -> None:
    """Lock and read again what is acted on. Raises Forbidden for an office that does not answer it."""
    submission = request.submission
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    session().refresh(request)
    if not may_answer(actor, government_id=holder_of(submission), reserved=submission.reserved):
        raise Forbidden(_("Eso lo responde la unidad de transparencia del gobierno que lo tiene."))


def _start(submission: Submission, kind: ClockKind, rule: str, now: datetime, actor: Actor | None = None) -> Clock:
    return start_clock(
        kind=kind,
        holder=Holder(_government(submission), procedure=PROCEDURE),
        term=load_rule(rule).term(),
        on=_today(submission, now),
        now=now,
        post_id=actor.post_id if actor is not None else None,
    )


def _government(submission: Submission) -> Government:
    return session().get_one(Government, holder_of(submission))


def _today(submission: Submission, now: datetime) -> Any:
    return now.astimezone(ZoneInfo(_government(submission).timezone)).date()


def _tell(request: DataRightsRequest, write: Any, now: datetime) -> None:
    if request.submission.email:
        with speaking(request.submission.language):
            message: Message = write(request)
            notify(message, now=now)


def _digest(text: str) -> str:
    """Return the digest of what somebody wrote: enough to prove it, and nobody is named in the record."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _record(request: DataRightsRequest, verb: str, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(
        kind=f"data_rights.{verb}",
        public_id=request.submission.folio,
        at=now,
        content={"request_id": request.id, "right": request.kind, **content},
    )
    session().flush()
