"""The editor of an answer to one or many referrals, what it offers to begin with, and returning a referral."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from wtforms import RadioField

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.desk.own_referrals import ANSWERS, own_answer, own_referrals, post_for
from consulta.errors import Forbidden, NotFound, Refused
from consulta.finding.similar import answered_alike
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.referrals.boilerplates import fill_in, get_boilerplate, list_boilerplates
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import close_reserved, submit_answer
from consulta.referrals.queries import list_referrals_by_ids
from consulta.referrals.routing import return_referral
from consulta.referrals.rules import LONGEST_ANSWER, LONGEST_REASON, check_answer, check_noted
from consulta.referrals.similar import suggest_answers
from consulta.referrals.states import Disposition, ReferralState
from consulta.referrals.tray import TrayFilter, list_tray
from consulta.search.current import current_index
from consulta.submissions.states import SubmissionKind
from consulta.web.access import access, held_posts
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText

blueprint = Blueprint("editor", __name__)

# What one answer may serve at once: as many as a page of the browser can mark, and a whole group of alike comments.
MOST_MARKED, MOST_OF_GROUP = 200, 2_000


class AnswerFormat(BaseForm):
    """Sense and text of an answer."""

    disposition = RadioField(
        N_("Sentido de la respuesta"),
        choices=lambda: [(item.value, label("disposition", item.value)) for item in Disposition],
        validate_choice=False,
    )
    text = CleanText(N_("Respuesta y sus razones"))
    dataset_url = CleanString(N_("Dónde están los datos"))


class ReasonForm(BaseForm):
    """A reason."""

    reason = CleanText(N_("Motivo"))


@blueprint.get("/bandeja/turnos/<int:referral_id>")
@access(ANSWERS)
def referral(referral_id: int, actor: Actor) -> str:  # noqa: ARG001 - any of her posts
    """Show one comment with the editor of its answer."""
    return _editor(own_referrals([referral_id]), _begun([referral_id]), ReasonForm())


@blueprint.get("/bandeja/responder")
@access(ANSWERS)
def many(actor: Actor) -> Any:  # noqa: ARG001 - any of her posts
    """Show the editor of one answer to many referrals: those marked, or what waits of a group."""
    ids = _chosen(request.args)
    if not ids:
        flash(_("Marque al menos un comentario para responder varios a la vez."))
        return redirect("/bandeja/turnos")
    return _editor(own_referrals(ids), _begun(ids), ReasonForm())


@blueprint.post("/bandeja/responder")
@access(ANSWERS)
def answer(actor: Actor) -> Any:
    """Save the draft; show who would receive it; send it to signature."""
    form = AnswerFormat(request.form)
    form.attach_removed()
    ids, act = _chosen(request.form), request.form.get("accion", "")
    found = own_referrals(ids)
    actor = post_for(found[0], actor)
    if form.has_problems():
        return _refused(found, form, act)
    try:
        if act == "ver":
            check_answer(disposition=form.disposition.data or "", text=form.text.data or "")
            check_noted(form.disposition.data or "", [item.submission for item in found])
        with unit_of_work():
            _write(list_referrals_by_ids(ids), form, act, actor)
    except (Refused, Forbidden) as refused:
        # Forbidden: she holds posts in several units, and one answer is of one unit.
        form.add_problem(getattr(refused, "field", None), refused.message)
        return _refused(own_referrals(ids), form, act)
    return _after(ids, act)


@blueprint.post("/bandeja/turnos/<int:referral_id>/devolver")
@access(ANSWERS)
def give_back(referral_id: int, actor: Actor) -> Any:
    """Return a referral: "no me corresponde", with the reason."""
    form = ReasonForm(request.form)
    form.attach_removed()
    [found] = own_referrals([referral_id])
    actor = post_for(found, actor)
    try:
        with unit_of_work():
            return_referral(referral=found, reason=form.reason.data or "", actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _editor(own_referrals([referral_id]), AnswerFormat(), form), 422
    flash(_("Devuelto a la coordinación: %(folio)s.", folio=found.submission.folio))
    return redirect("/bandeja/turnos")


def _chosen(values: Any) -> list[int]:
    """Return the referrals that were marked, or those of a group that wait and that no other draft serves."""
    group = values.get("grupo", type=int)
    if group is None or not 0 < group < 2**62:
        return list(dict.fromkeys(values.getlist("turno", type=int)))[:MOST_MARKED]
    found = list_tray(
        unit_ids={held.unit_id for held in held_posts(Role.RESPONDENT, Role.APPROVER)},
        shown=TrayFilter(state=ReferralState.REFERRED, campaign_id=group),
        limit=MOST_OF_GROUP,
    )
    own = values.get("respuesta", type=int)
    return [item.id for item in found if item.answer_id in (None, own)]


def _write(found: Sequence[Referral], form: AnswerFormat, act: str, actor: Actor) -> None:
    """Save the draft; send it to signature or, what is reserved, deliver it."""
    disposition, text = form.disposition.data or "", (form.text.data or "").strip()[: LONGEST_ANSWER + 1]
    if act == "concluir":
        close_reserved(referrals=found, disposition=disposition, text=text, actor=actor, now=arrived_at())
        return
    drafted = draft_answer(
        referrals=found,
        disposition=disposition,
        text=text,
        dataset_url=form.dataset_url.data or "",
        actor=actor,
        now=arrived_at(),
        keeps=act != "solo",
    )
    if act == "firmar":
        submit_answer(answer=drafted, actor=actor, now=arrived_at())


def _after(ids: Sequence[int], act: str) -> Any:
    """Go on to what comes next: the list of who receives it, the next comment, or the same draft."""
    if act == "solo":
        return jsonify({"saved_at": arrived_at().isoformat()})
    found = own_referrals(ids)
    if act == "ver" and found[0].answer_id is not None:
        return redirect(f"/bandeja/borradores/{found[0].answer_id}/destinatarios")
    done = {"firmar": _("Enviada a firma."), "concluir": _("Concluida: la persona ya puede leerla.")}
    flash(done.get(act, _("Borrador guardado.")))
    if act in ("firmar", "concluir"):
        return redirect(_next_waiting(found[0]) if len(ids) == 1 else "/bandeja/turnos")
    return redirect("/bandeja/turnos" if len(ids) > 1 else f"/bandeja/turnos/{ids[0]}")


def _next_waiting(done: Referral) -> str:
    """Return where the next comment of the tray is that nobody has begun to answer; the tray, where there is none."""
    units = {held.unit_id for held in held_posts(Role.RESPONDENT, Role.APPROVER)}
    control = {held.unit_id for held in held_posts(Role.CONTROL)}
    unbegun = TrayFilter(only_unbegun=True)
    # After this one, and then again from the first.
    for after in ((done.due_at, done.id), None):
        found = list_tray(unit_ids=units, control_unit_ids=control, shown=unbegun, after=after, limit=1)
        if found:
            return f"/bandeja/turnos/{found[0].id}"
    return "/bandeja/turnos"


def _begun(ids: Sequence[int]) -> AnswerFormat:
    """Return the form, begun with a kept wording or an earlier answer where the address asks for one."""
    form = AnswerFormat()
    base, like = request.args.get("base", type=int), request.args.get("como", type=int)
    if base is None and like is None:
        return form
    found = own_referrals(ids)
    if base is not None:
        kept = get_boilerplate(base, [post.agency_id for post in held_posts(Role.RESPONDENT, Role.APPROVER)])
        form.disposition.data, form.text.data = kept.disposition, fill_in(kept, found[0])
    elif like is not None:
        suggestion = next((item for item in suggest_answers(found[0]) if item.answer.id == like), None)
        if suggestion is None:
            raise NotFound(_("No existe esa respuesta."))
        form.disposition.data, form.text.data = suggestion.answer.disposition, suggestion.answer.text
    return form


def _refused(found: list[Referral], form: AnswerFormat, act: str) -> Any:
    if act == "solo":
        return jsonify({"problems": [message for _anchor, message in form.problem_list()]}), 422
    return _editor(found, form, ReasonForm()), 422


def _editor(found: list[Referral], form: AnswerFormat, reason: ReasonForm) -> str:
    existing = next((item.answer for item in found if item.answer is not None), None)
    if existing is not None and form.text.data is None:
        form.disposition.data, form.text.data = existing.disposition, existing.text
        form.dataset_url.data = existing.dataset_url
    reserved = found[0].submission.reserved
    agencies = [post.agency_id for post in held_posts(Role.RESPONDENT, Role.APPROVER)]
    return render_template(
        "desk/editor.html",
        referrals=found,
        answer=own_answer(existing.id) if existing is not None else None,
        form=form,
        reason=reason,
        longest=LONGEST_ANSWER,
        longest_reason=LONGEST_REASON,
        reserved=reserved,
        group=request.values.get("grupo", type=int),
        boilerplates=[] if reserved else list_boilerplates(agencies),
        suggestions=[] if reserved or not found else suggest_answers(found[0]),
        answered=[] if reserved or not found else answered_alike(current_index(), found[0]),
        asks_data=any(item.submission.kind == SubmissionKind.DATA_REQUEST for item in found),
    )
