"""The story of a submission as dated steps: what was done, and what comes, by when and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consulta.i18n.labels import label
from consulta.i18n.text import _
from consulta.referrals.handing_over import list_hand_overs
from consulta.referrals.models import Answer, Referral
from consulta.referrals.queries import list_moves, list_referrals_of
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, PublicText, is_answer_public, is_text_public
from consulta.submissions.states import SubmissionKind, SubmissionState
from consulta.windows.states import Admission


@dataclass(frozen=True)
class Step:
    """One step. `at` None: it has not happened; `due_at` then says by when."""

    title: str
    office: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    detail: str = ""
    derivation: dict[str, Any] | None = None


@dataclass(frozen=True)
class Story:
    """Steps in order, and the published answer if there is one."""

    steps: tuple[Step, ...]
    answer: Answer | None
    is_overdue: bool


def tell_story(submission: Submission, now: datetime) -> Story:
    """Return the whole story of a submission."""
    steps = [_received(submission)]
    if submission.admission in (Admission.LATE, Admission.LATE_CAPTURE):
        steps += _late(submission)
        if not submission.is_admitted:
            return Story(tuple(steps), None, False)
    steps += _review(submission)
    referrals = list_referrals_of(submission.id)
    steps += sorted(
        [*(step for item in referrals for step in _referred(item)), *_handed_over(submission)], key=_instant
    )
    last = referrals[-1] if referrals else None
    if last is None or last.state == ReferralState.RETURNED:
        steps.append(Step(_("Se turnará a la unidad responsable"), detail=_("Lo decide la coordinación.")))
    if last is not None and last.state == ReferralState.ANSWERED and last.answer is not None:
        return Story((*steps, *_answered(last.answer)), last.answer, False)
    steps += _moves(submission)
    due = max((item.due_at for item in referrals), default=None)
    open_one = last if last is not None and last.state == ReferralState.REFERRED else None
    steps.append(
        Step(
            _("Respuesta"),
            office=open_one.unit.name if open_one else "",
            due_at=due,
            derivation=open_one.derivation if open_one else None,
        )
    )
    return Story(tuple(steps), None, due is not None and now >= due)


def public_view(submission: Submission) -> dict[str, bool]:
    """Return which parts of a submission everybody may see."""
    kind = SubmissionKind(submission.kind)
    text = submission.is_admitted and is_text_public(
        kind=kind, state=SubmissionState(submission.state), has_consent=submission.text_consent
    )
    return {"text": text, "answer": is_answer_public(kind), "never": POLICY[kind] == PublicText.SUBJECT_ONLY}


def _moves(submission: Submission) -> list[Step]:
    """Return each move of the date of the answer, with the date before and the one after."""
    return [
        Step(
            _("Se movió la fecha para responderle"),
            at=event.at,
            detail=_(
                "Vencía el %(before)s; vence el %(after)s. Razón: %(reason)s.",
                before=f"{event.from_due_on:%d/%m/%Y}",
                after=f"{event.to_due_on:%d/%m/%Y}",
                reason=label("move_reason", event.reason),
            ),
        )
        for event in list_moves(submission.clock_id)
        if event.from_due_on is not None and event.to_due_on is not None and event.from_due_on != event.to_due_on
    ]


def _received(submission: Submission) -> Step:
    in_time = submission.admission in (Admission.IN_TIME, Admission.SEALED_IN_TIME, Admission.SLOW_LINE)
    title = _("Recibimos su envío") if in_time else _("Recibido fuera de plazo")
    marked = submission.admission in (Admission.SEALED_IN_TIME, Admission.SLOW_LINE)
    detail = label("admission", submission.admission) if marked else ""
    return Step(title, at=submission.received_at, office=submission.topic.window.government.name, detail=detail)


def _late(submission: Submission) -> list[Step]:
    """Return what became of something late: kept, and admitted or not with reasons."""
    detail = _("Llegó después del cierre: queda guardado, aparte de lo recibido en plazo.")
    steps = [Step(_("A la vista de la coordinación"), at=submission.recorded_at, detail=detail)]
    if submission.late_decision is None:
        return [
            *steps,
            Step(_("Se decidirá si se admite"), detail=_("Lo decide la coordinación, con razones públicas.")),
        ]
    decided = label("late_decision", submission.late_decision)
    return [*steps, Step(decided, at=submission.late_decided_at, detail=submission.late_reason or "")]


def _review(submission: Submission) -> list[Step]:
    if submission.state == SubmissionState.PUBLISHED:
        return [Step(_("El texto se publicó"), at=submission.reviewed_at)]
    if submission.state == SubmissionState.WITHHELD:
        return [Step(_("El texto no se publica"), at=submission.reviewed_at, detail=submission.withheld_reason or "")]
    return []


def _referred(referral: Referral) -> list[Step]:
    office = f"{referral.unit.name}, {referral.unit.agency.name}"
    steps = [Step(_("Se turnó a la unidad responsable"), office=office, at=referral.referred_at)]
    if referral.state == ReferralState.RETURNED and referral.submission.reserved:
        steps.append(Step(_("Pasó al órgano interno de control"), at=referral.returned_at))
    elif referral.state == ReferralState.RETURNED:
        detail = _("No le corresponde: %(return_reason)s", return_reason=referral.return_reason)
        steps.append(Step(_("La unidad lo devolvió"), office=office, at=referral.returned_at, detail=detail))
    return steps


def _handed_over(submission: Submission) -> list[Step]:
    if submission.holder_id is None:
        return []
    return [
        Step(
            _("Se entregó a otro gobierno"),
            office=_("De %(source)s a %(target)s", source=item.from_government.name, target=item.to_government.name),
            at=item.at,
            detail=_("%(reason)s Su folio y la fecha para responderle no cambian.", reason=item.reason),
        )
        for item in list_hand_overs(submission.id)
    ]


def _instant(step: Step) -> datetime:
    assert step.at is not None
    return step.at


def _answered(answer: Answer) -> list[Step]:
    if answer.state != AnswerState.PUBLISHED:
        return []
    steps = [Step(_("Respuesta publicada"), office=answer.unit.name, at=answer.published_at)]
    if answer.corrected_at is not None:
        steps.append(Step(_("Respuesta corregida"), office=answer.unit.name, at=answer.corrected_at))
    return steps
