"""Sending submissions to units: by topic, by the coordinator, and again when a unit is not competent."""

from datetime import datetime
from typing import Any

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_control_unit
from consulta.clocks.recalendar import end_clocks
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.referrals.clocks import ensure_clock, unit_clock
from consulta.referrals.models import Part, Referral
from consulta.referrals.queries import list_live_referrals, list_parts, list_referrals_of
from consulta.referrals.rules import check_reason, check_referral_transition, may_answer, may_coordinate
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.submissions.states import Standing


def refer(
    *, submission: Submission, unit: Unit, now: datetime, actor: Actor | None = None, part: Part | None = None
) -> Referral:
    """Refer a submission, or one part of it, to a unit. `actor` None means that its topic routes it.

    Effects in order: the citizen's clock, once per submission (a second referral keeps it, so that it never
    restarts), the unit's own clock, referral, leaf.
    Raises Refused when it is late, withdrawn, or already at a unit; Forbidden for other governments. A unit may
    keep what it divided.
    """
    holder = holder_of(submission)
    if actor is not None and (submission.reserved or not _may_refer(actor, holder, unit)):
        raise Forbidden(_("Solo la coordinación de este gobierno puede turnar."))
    if unit.agency.government_id != holder:
        raise Refused(_("Esa unidad es de otro gobierno: elija una de este."), field="unit_id")
    if not submission.is_admitted and not submission.reserved:
        raise Refused(_("Llegó fuera de plazo: la coordinación decide antes si se admite."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission, ["standing"])
    if submission.standing != Standing.STANDS:
        raise Refused(_("La persona lo retiró o dijo que no lo envió: ya no se turna."))
    _check_free(submission, part)
    clock = ensure_clock(submission, now, actor)
    assert clock.due_at is not None
    referral = Referral(
        submission=submission,
        unit=unit,
        state=ReferralState.REFERRED,
        referred_at=now,
        referred_by_post_id=actor.post_id if actor else None,
        due_at=clock.due_at,
        clock=unit_clock(submission, unit, now, actor),
        part=part,
    )
    session().add(referral)
    by = referral.referred_by_post_id
    content = {"unit": unit.key, "due_at": referral.due_at, "post_id": by, **({"part": part.number} if part else {})}
    _record(referral, "submission.referred", now, content)
    session().flush()
    return referral


def refer_by_topic(payload: dict[str, Any], now: datetime) -> None:
    """Handler of `submission.received`: refer it to the unit of its topic; without one the coordinator routes it.

    What is reserved goes to the control body, whatever the topic's unit is.
    """
    submission = find_by_folio(payload["folio"])
    if submission is None or (not submission.is_admitted and not submission.reserved):
        return
    ensure_clock(submission, now, None)
    holder = holder_of(submission)
    unit = find_control_unit(holder) if submission.reserved else submission.topic.unit
    # Handed to another government before this ran: its coordinator routes it.
    stands = submission.standing == Standing.STANDS
    if stands and unit is not None and unit.agency.government_id == holder and not list_referrals_of(submission.id):
        refer(submission=submission, unit=unit, now=now)


def return_referral(*, referral: Referral, reason: str, actor: Actor, now: datetime) -> None:
    """Return a referral as not competent, with the reason; the coordinator refers it again.

    Raises Forbidden when the post is of another unit, Refused without a reason or once it is in signature.
    """
    if not may_answer(actor, unit_id=referral.unit_id):
        raise Forbidden(_("Ese turno es de otra unidad."))
    if referral.submission.reserved:
        raise Forbidden(_("Lo reservado no sale del órgano de control."))
    kept = check_reason(reason)
    lock_exclusive(f"referral:{referral.id}")
    if referral.answer_id is not None:
        lock_exclusive(f"answer:{referral.answer_id}")
    session().refresh(referral)
    check_referral_transition(ReferralState(referral.state), ReferralState.RETURNED)
    if referral.answer is not None and referral.answer.state != AnswerState.DRAFT:
        raise Refused(_("La respuesta ya está en firma: pida que se la regresen antes de devolver el turno."))
    referral.state = ReferralState.RETURNED
    referral.returned_at = now
    referral.return_reason = kept
    referral.answer = None
    end_clocks([referral.clock_id], now, actor.post_id)
    _record(
        referral,
        "referral.returned",
        now,
        {"unit": referral.unit.key, "reason": kept, "post_id": actor.post_id},
    )
    session().flush()


def _may_refer(actor: Actor, holder: int, unit: Unit) -> bool:
    return may_coordinate(actor, government_id=holder) or may_answer(actor, unit_id=unit.id)


def _check_free(submission: Submission, part: Part | None) -> None:
    """Refuse what a unit has already. Raises Refused."""
    live = list_live_referrals(submission.id)
    divided = bool(list_parts(submission.id))
    if part is None and divided:
        raise Refused(_("%(folio)s está dividido: turne cada parte.", folio=submission.folio))
    if part is not None and part.joined_at is not None:
        raise Refused(_("Esa parte se juntó con las demás: turne el comentario entero."))
    if any(item.part_id == (part.id if part else None) for item in live):
        raise Refused(_("Ya está turnado a una unidad."))


def _record(referral: Referral, kind: str, now: datetime, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=referral.submission.folio, at=now, content=content)
