"""Signing, sending back, publishing and correcting answers."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.desk.editor import AnswerFormat, ReasonForm
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.outcomes.models import ImprovementProject
from consulta.outcomes.queries import list_projects, map_projects
from consulta.outcomes.rules import MOVES, may_open_projects
from consulta.referrals.models import Answer
from consulta.referrals.operations import correct_answer, publish_answer, send_back, sign_off
from consulta.referrals.queries import find_answer, list_answers
from consulta.referrals.rules import may_answer, may_coordinate, may_sign
from consulta.referrals.states import AnswerState
from consulta.submissions.states import SubmissionKind
from consulta.web.access import access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash

blueprint = Blueprint("answers", __name__)

SIGNS = roles(Role.APPROVER)
PUBLISHES = roles(Role.COORDINATOR)
MOST_AT_ONCE = 200
READS = roles(Role.CONTROL, Role.APPROVER, Role.COORDINATOR, Role.RESPONDENT, Role.AUDITOR)
SENDS_BACK = roles(Role.APPROVER, Role.COORDINATOR)


@blueprint.get("/bandeja/firma")
@access(SIGNS)
def to_sign(actor: Actor) -> str:  # noqa: ARG001 - one list for all her posts
    """List what waits for signature in the person's agencies."""
    found = list_answers(state=AnswerState.SUBMITTED, agency_ids={post.agency_id for post in held_posts(Role.APPROVER)})
    return _list_page(found, _("Respuestas por firmar"), "sign")


@blueprint.get("/coordinacion/publicar")
@access(PUBLISHES)
def to_publish(actor: Actor) -> str:
    """List signed answers that wait for publication."""
    found = list_answers(state=AnswerState.SIGNED_OFF, government_id=actor.government_id)
    return _list_page(found, _("Respuestas por publicar"), "publish")


@blueprint.post("/bandeja/firma")
@access(SIGNS)
def sign_many(actor: Actor) -> Any:
    """Sign off those that were marked; what cannot be is named."""
    return _each(
        lambda found: sign_off(answer=found, actor=_signing_post(found, actor), now=arrived_at()),
        _("Respuestas firmadas: %(done)s. La coordinación las publicará."),
        "/bandeja/firma",
    )


@blueprint.post("/coordinacion/publicar")
@access(PUBLISHES)
def publish_many(actor: Actor) -> Any:
    """Publish and notify those that were marked; what cannot be is named."""
    return _each(
        lambda found: publish_answer(answer=found, actor=actor, now=arrived_at()),
        _("Respuestas publicadas y notificadas: %(done)s."),
        "/coordinacion/publicar",
    )


@blueprint.get("/bandeja/respuestas/<int:answer_id>")
@access(READS)
def answer(answer_id: int, actor: Actor) -> str:  # noqa: ARG001 - any of her posts may read
    """Show an answer beside what it answers, with the acts that the person may do."""
    return _page(_visible(answer_id), AnswerFormat(), ReasonForm())


@blueprint.post("/bandeja/respuestas/<int:answer_id>/firmar")
@access(SIGNS)
def sign(answer_id: int, actor: Actor) -> Any:
    """Sign off."""
    found = _visible(answer_id)
    try:
        with unit_of_work():
            sign_off(answer=found, actor=_signing_post(found, actor), now=arrived_at())
    except Refused as refused:
        return _refused(answer_id, refused)
    flash(_("Respuesta firmada. La coordinación la publicará."))
    return redirect("/bandeja/firma")


@blueprint.post("/bandeja/respuestas/<int:answer_id>/regresar")
@access(SENDS_BACK)
def give_back(answer_id: int, actor: Actor) -> Any:
    """Send an answer back to its author with the reason."""
    found = _visible(answer_id)
    form = ReasonForm(request.form)
    try:
        with unit_of_work():
            send_back(answer=found, reason=form.reason.data or "", actor=_signing_post(found, actor), now=arrived_at())
    except Refused as refused:
        return _refused(answer_id, refused)
    flash(_("Respuesta regresada a quien la redactó."))
    return redirect("/bandeja/firma" if actor.role == Role.APPROVER else "/coordinacion/publicar")


@blueprint.post("/bandeja/respuestas/<int:answer_id>/publicar")
@access(PUBLISHES)
def publish(answer_id: int, actor: Actor) -> Any:
    """Publish and notify."""
    found = _visible(answer_id)
    try:
        with unit_of_work():
            publish_answer(answer=found, actor=actor, now=arrived_at())
    except Refused as refused:
        return _refused(answer_id, refused)
    flash(_("Respuesta publicada y notificada."))
    return redirect("/coordinacion/publicar")


@blueprint.post("/bandeja/respuestas/<int:answer_id>/corregir")
@access(PUBLISHES)
def correct(answer_id: int, actor: Actor) -> Any:
    """Correct a published answer; the earlier wording stays beside it."""
    found = _visible(answer_id)
    form, reason = AnswerFormat(request.form), ReasonForm(request.form)
    try:
        with unit_of_work():
            correct_answer(
                answer=found,
                disposition=form.disposition.data or "",
                text=(form.text.data or "").strip(),
                dataset_url=form.dataset_url.data,
                reason=reason.reason.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        (reason if refused.field == "reason" else form).add_problem(refused.field, refused.message)
        return _page(_visible(answer_id), form, reason), 422
    flash(_("Corrección publicada y notificada."))
    return redirect(f"/bandeja/respuestas/{answer_id}")


def _list_page(found: Sequence[Answer], title: str, what: str) -> str:
    marks_all = request.args.get("marcar") == "todas"
    return render_template("desk/answers.html", answers=found, title=title, what=what, marks_all=marks_all)


def _each(act: Callable[[Answer], None], message: str, back: str) -> Any:
    """Do an act on every answer that was marked, each in its own transaction; tell what was not done and why."""
    ids = list(dict.fromkeys(request.form.getlist("respuesta", type=int)))[:MOST_AT_ONCE]
    done, problems = 0, []
    for answer_id in ids:
        found = _visible(answer_id)
        try:
            with unit_of_work():
                act(found)
            done += 1
        except Refused as refused:
            problems.append(refused.message)
    flash(message % {"done": done} if ids else _("Marque al menos una respuesta."))
    for problem in dict.fromkeys(problems):
        flash(problem)
    return redirect(back)


def _visible(answer_id: int) -> Answer:
    """Return an answer that one of the person's posts may read; any other looks like one that does not exist."""
    found = find_answer(answer_id) if 0 < answer_id < 2**62 else None
    if found is None or not any(_may_read(item, found) for item in current_user.actors):
        raise NotFound(_("No existe esa respuesta."))
    return found


def _may_read(actor: Actor, found: Answer) -> bool:
    agency = found.unit.agency
    if any(item.submission.reserved for item in found.referrals):
        return may_answer(actor, unit_id=found.unit_id, reserved=True)
    audits = actor.role == Role.AUDITOR and actor.government_id == agency.government_id
    return (
        audits
        or may_answer(actor, unit_id=found.unit_id)
        or may_sign(actor, agency_id=agency.id)
        or may_coordinate(actor, government_id=agency.government_id)
    )


def _signing_post(found: Answer, default: Actor) -> Actor:
    """Return the post from which the person signs an answer: she may hold posts in several agencies."""
    return acting(default, lambda post: may_sign(post, agency_id=found.unit.agency_id))


def _page(found: Answer, form: AnswerFormat, reason: ReasonForm) -> str:
    agency = found.unit.agency
    if form.text.data is None:
        form.disposition.data, form.text.data = found.disposition, found.text
        form.dataset_url.data = found.dataset_url
    actors = current_user.actors
    return render_template(
        "desk/answer.html",
        answer=found,
        form=form,
        reason=reason,
        asks_data=any(item.submission.kind == SubmissionKind.DATA_REQUEST for item in found.referrals),
        can_sign=any(may_sign(item, agency_id=agency.id) for item in actors),
        tied=_tied(found),
        open_projects=_open_projects(found, actors),
        can_publish=any(may_coordinate(item, government_id=agency.government_id) for item in actors),
    )


def _tied(found: Answer) -> list[ImprovementProject]:
    """Return the projects that the answer led to, each once."""
    projects = map_projects([item.submission_id for item in found.referrals])
    return list({item.id: item for several in projects.values() for item in several}.values())


def _open_projects(found: Answer, actors: Sequence[Actor]) -> Sequence[ImprovementProject]:
    """Return the projects to which the person may tie it: of the government, or of her units; none until published."""
    government_id = found.unit.agency.government_id
    own = [item for item in actors if item.government_id == government_id]
    if found.state != AnswerState.PUBLISHED or not own:
        return []
    coordinates = any(may_open_projects(item, government_id=government_id) for item in own)
    units = None if coordinates else [item.unit_id for item in own if item.role in MOVES]
    return list_projects(government_id=government_id, unit_ids=units, limit=MOST_AT_ONCE)


def _refused(answer_id: int, refused: Refused) -> tuple[str, int]:
    reason = ReasonForm(request.form)
    reason.add_problem(refused.field, refused.message)
    return _page(_visible(answer_id), AnswerFormat(), reason), 422
