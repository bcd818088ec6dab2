"""The story of a submission as dated steps: what was done, and what comes, by when and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consulta.i18n.labels import label
from consulta.i18n.text import _, plural
from consulta.referrals.handing_over import list_hand_overs
from consulta.referrals.models import Answer, Part, Referral
from consulta.referrals.queries import PartAnswer, list_all_parts, list_moves, list_referrals_of
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, PublicText, is_answer_public, is_shown
from consulta.submissions.queries import list_carryings
from consulta.submissions.redaction import public_quote
from consulta.submissions.states import Standing, SubmissionKind, SubmissionState
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
    """Steps in order, and the published answers, each with the part that it answers."""

    steps: tuple[Step, ...]
    answers: tuple[PartAnswer, ...]
    is_overdue: bool

    @property
    def answer(self) -> Answer | None:
        """Return the answer to the whole, where there is one."""
        return next((given.answer for given in self.answers if given.part is None), None)


def tell_story(submission: Submission, now: datetime) -> Story:
    """Return the whole story of a submission."""
    steps = [_received(submission)]
    if submission.admission in (Admission.LATE, Admission.LATE_CAPTURE):
        steps += _late(submission)
        if not submission.is_admitted:
            return Story((*steps, *_left(submission)), (), False)
    steps += _review(submission)
    referrals, parts = list_referrals_of(submission.id), list_all_parts(submission.id)
    answers = _given(referrals)
    happened = [
        *(step for item in referrals for step in _referred(item)),
        *(step for given in answers for step in _answered(given)),
        *_handed_over(submission),
        *_carried(submission),
        *_divided(submission, parts),
        *_left(submission),
    ]
    steps += sorted(happened, key=_instant)
    if submission.standing != Standing.STANDS:
        return Story(tuple(steps), answers, False)
    coming = _coming(referrals, parts)
    if coming:
        steps += _moves(submission)
    overdue = any(step.due_at is not None and now >= step.due_at for step in coming)
    return Story((*steps, *coming), answers, overdue)


def public_view(submission: Submission) -> dict[str, bool]:
    """Return which parts of a submission everybody may see."""
    kind = SubmissionKind(submission.kind)
    return {
        "text": is_shown(submission),
        "answer": is_answer_public(kind),
        "never": POLICY[kind] == PublicText.SUBJECT_ONLY,
    }


def _given(referrals: Sequence[Referral]) -> tuple[PartAnswer, ...]:
    """Return the published answers in the order of the parts."""
    found = [
        PartAnswer(item.answer, item.part)
        for item in referrals
        if item.state == ReferralState.ANSWERED and item.answer is not None
    ]
    return tuple(sorted(found, key=lambda given: given.part.number if given.part else 0))


def _coming(referrals: Sequence[Referral], parts: Sequence[Part]) -> list[Step]:
    """Return what has not happened yet: the referral and the answer of each part, or of the whole."""
    wanted: list[Part | None] = [part for part in parts if part.joined_at is None]
    steps: list[Step] = []
    due = max((item.due_at for item in referrals), default=None)
    for part in wanted or [None]:
        own = [item for item in referrals if item.part_id == (part.id if part else None)]
        last = own[-1] if own else None
        if last is not None and last.state == ReferralState.ANSWERED:
            continue
        waits = last is not None and last.state == ReferralState.REFERRED
        if not waits:
            title = _("La parte %(number)s se turnará a la unidad responsable", number=part.number) if part else ""
            title = title or _("Se turnará a la unidad responsable")
            steps.append(Step(title, detail=_("Lo decide la coordinación.")))
        steps.append(
            Step(
                _("Respuesta a la parte %(number)s", number=part.number) if part else _("Respuesta"),
                office=last.unit.name if last is not None and waits else "",
                due_at=due,
                derivation=last.derivation if last is not None and waits else None,
            )
        )
    return steps


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
    title = _("Se turnó a la unidad responsable")
    if referral.part is not None:
        title = _("La parte %(number)s se turnó a la unidad responsable", number=referral.part.number)
    steps = [Step(title, office=office, at=referral.referred_at)]
    if referral.state == ReferralState.RETURNED and referral.submission.reserved:
        steps.append(Step(_("Pasó al órgano interno de control"), at=referral.returned_at))
    elif referral.state == ReferralState.RETURNED:
        detail = _("No le corresponde: %(return_reason)s", return_reason=referral.return_reason)
        steps.append(Step(_("La unidad lo devolvió"), office=office, at=referral.returned_at, detail=detail))
    return steps


def _divided(submission: Submission, parts: Sequence[Part]) -> list[Step]:
    """Return each time that it was divided into parts, and joined again."""
    steps = []
    for at in sorted({part.at for part in parts}):
        together = [part for part in parts if part.at == at]
        shown = [(part.number, public_quote(part.quote, submission)) for part in together]
        quotes = " · ".join(f"{n}: «{text[:80]}{'…' if len(text) > 80 else ''}»" for n, text in shown if text)
        title = plural("Se dividió en %(count)s parte", "Se dividió en %(count)s partes", len(together))
        steps.append(Step(title, at=at, detail=quotes))
    joined = {part.joined_at for part in parts if part.joined_at is not None}
    return [*steps, *(Step(_("Se juntaron sus partes"), at=at) for at in joined)]


def _carried(submission: Submission) -> list[Step]:
    return [
        Step(
            _("Se trasladó con el expediente"),
            at=carrying.at,
            detail=_("A «%(topic)s». Su folio y la fecha para responderle no cambian.", topic=topic.title),
        )
        for carrying, topic in list_carryings(submission)
    ]


def _left(submission: Submission) -> list[Step]:
    if submission.purged_at is not None:
        detail = _("Su texto y sus datos se destruyeron; quedan el folio y lo que se hizo.")
        return [Step(_("Se dio de baja, con autorización"), at=submission.purged_at, detail=detail)]
    if submission.standing == Standing.WITHDRAWN:
        return [Step(_("Su autora o autor lo retiró"), at=submission.standing_at)]
    if submission.standing == Standing.DISOWNED:
        detail = _("La persona cuyo nombre o correo lleva dijo que no lo envió: se cuenta aparte.")
        return [Step(_("Se desconoció"), at=submission.standing_at, detail=detail)]
    return []


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


def _answered(given: PartAnswer) -> list[Step]:
    answer = given.answer
    if answer.state != AnswerState.PUBLISHED:
        return []
    title = _("Respuesta publicada")
    if given.part is not None:
        title = _("Respuesta a la parte %(number)s publicada", number=given.part.number)
    steps = [Step(title, office=answer.unit.name, at=answer.published_at)]
    if answer.corrected_at is not None:
        steps.append(Step(_("Respuesta corregida"), office=answer.unit.name, at=answer.corrected_at))
    return steps
