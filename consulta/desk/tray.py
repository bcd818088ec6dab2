"""The respondent's tray, the editor of an answer to one or many referrals, and returning a referral."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user
from wtforms import RadioField

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.errors import Forbidden, NotFound, Refused
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import close_reserved, submit_answer
from consulta.referrals.queries import find_referral, list_referrals_by_ids, list_tray
from consulta.referrals.routing import return_referral
from consulta.referrals.rules import LONGEST_ANSWER, LONGEST_REASON, may_answer
from consulta.referrals.states import Disposition, ReferralState
from consulta.submissions.states import SubmissionKind
from consulta.web.access import SIGNED_IN, access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.web.pagination import decode_moment_cursor, encode_cursor

blueprint = Blueprint("tray", __name__)

FIRST_PAGE = {
    Role.RESPONDENT: "/bandeja/turnos",
    Role.APPROVER: "/bandeja/firma",
    Role.MODERATOR: "/bandeja/revision",
    Role.OPERATOR: "/captura",
    Role.COORDINATOR: "/coordinacion",
    Role.CONTROL: "/bandeja/turnos",
    Role.ADMINISTRATOR: "/administracion",
}
MOST_AT_ONCE = 200
STATE_WORDS = {
    "por-responder": ReferralState.REFERRED,
    "respondidos": ReferralState.ANSWERED,
    "devueltos": ReferralState.RETURNED,
}
ANSWERS = roles(Role.RESPONDENT, Role.APPROVER, Role.CONTROL)
OWN_ROLES = (Role.RESPONDENT, Role.APPROVER, Role.CONTROL)


class AnswerForm(BaseForm):
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


@blueprint.get("/bandeja")
@access(SIGNED_IN)
def desk() -> Any:
    """Go to the first page of the person's post."""
    for actor in current_user.actors:
        if actor.role in FIRST_PAGE:
            return redirect(FIRST_PAGE[actor.role])
    return redirect("/mi-cuenta")


@blueprint.get("/bandeja/turnos")
@access(ANSWERS)
def referrals(actor: Actor) -> str:  # noqa: ARG001 - one tray for all her posts
    """List the referrals of the person's units by due date; filters stay in the address."""
    chosen = request.args.get("estado", "por-responder")
    topic_id = request.args.get("tema", type=int)
    found = list_tray(
        unit_ids={held.unit_id for held in held_posts(Role.RESPONDENT, Role.APPROVER)},
        control_unit_ids={held.unit_id for held in held_posts(Role.CONTROL)},
        state=STATE_WORDS.get(chosen),
        topic_id=topic_id if topic_id is not None and 0 < topic_id < 2**62 else None,
        after=decode_moment_cursor(request.args.get("desde")),
        limit=51,
    )
    shown = found[:50]
    more = encode_cursor(shown[-1].due_at.isoformat(), shown[-1].id) if len(found) > 50 else None
    return render_template("desk/tray.html", referrals=shown, chosen=chosen, more=more, topic_id=topic_id)


@blueprint.get("/bandeja/turnos/<int:referral_id>")
@access(ANSWERS)
def referral(referral_id: int, actor: Actor) -> str:  # noqa: ARG001 - any of her posts
    """Show one comment with the editor of its answer."""
    return _editor(_own([referral_id]), AnswerForm(), ReasonForm())


@blueprint.get("/bandeja/responder")
@access(ANSWERS)
def many(actor: Actor) -> Any:  # noqa: ARG001 - any of her posts
    """Show the editor of one answer to many referrals."""
    ids = request.args.getlist("turno", type=int)
    if not ids:
        flash(_("Marque al menos un comentario para responder varios a la vez."))
        return redirect("/bandeja/turnos")
    return _editor(_own(ids[:MOST_AT_ONCE]), AnswerForm(), ReasonForm())


@blueprint.post("/bandeja/responder")
@access(ANSWERS)
def answer(actor: Actor) -> Any:
    """Save the draft, and send it to signature when asked to."""
    form = AnswerForm(request.form)
    form.attach_removed()
    ids = request.form.getlist("turno", type=int)
    act = request.form.get("accion", "")
    found = _own(ids[:MOST_AT_ONCE])
    actor = _post_for(found[0], actor)
    if form.has_problems():
        return _editor(found, form, ReasonForm()), 422
    try:
        with unit_of_work():
            _write(list_referrals_by_ids([item.id for item in found]), form, act, actor)
    except (Refused, Forbidden) as refused:
        # Forbidden: she holds posts in several units, and one answer is of one unit.
        form.add_problem(getattr(refused, "field", None), refused.message)
        return _editor(_own(ids[:MOST_AT_ONCE]), form, ReasonForm()), 422
    done = {"firmar": _("Enviada a firma."), "concluir": _("Concluida: la persona ya puede leerla.")}
    flash(done.get(act, _("Borrador guardado.")))
    if act in ("firmar", "concluir") or len(ids) > 1:
        return redirect("/bandeja/turnos")
    return redirect(f"/bandeja/turnos/{ids[0]}")


@blueprint.post("/bandeja/turnos/<int:referral_id>/devolver")
@access(ANSWERS)
def give_back(referral_id: int, actor: Actor) -> Any:
    """Return a referral: "no me corresponde", with the reason."""
    form = ReasonForm(request.form)
    form.attach_removed()
    [found] = _own([referral_id])
    actor = _post_for(found, actor)
    try:
        with unit_of_work():
            return_referral(referral=found, reason=form.reason.data or "", actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _editor(_own([referral_id]), AnswerForm(), form), 422
    flash(_("Devuelto a la coordinación: %(folio)s.", folio=found.submission.folio))
    return redirect("/bandeja/turnos")


def _write(found: Sequence[Referral], form: AnswerForm, act: str, actor: Actor) -> None:
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
    )
    if act == "firmar":
        submit_answer(answer=drafted, actor=actor, now=arrived_at())


def _own(ids: Sequence[int]) -> list[Referral]:
    """Return referrals of one of the person's units; one that is not looks like one that does not exist."""
    if not ids or any(not 0 < item < 2**62 for item in ids):
        raise NotFound(_("No existe ese turno."))
    found = [find_referral(ids[0])] if len(ids) == 1 else list(list_referrals_by_ids(ids))
    kept = [item for item in found if item is not None and any(_answers(post, item) for post in held_posts(*OWN_ROLES))]
    if not kept or len(kept) != len(set(ids)):
        raise NotFound(_("No existe ese turno."))
    return kept


def _post_for(found: Referral, default: Actor) -> Actor:
    """Return the post from which the person answers a referral: she may hold posts in several units."""
    return acting(default, lambda post: _answers(post, found))


def _answers(post: Actor, found: Referral) -> bool:
    return may_answer(post, unit_id=found.unit_id, reserved=found.submission.reserved)


def _editor(found: list[Referral], form: AnswerForm, reason: ReasonForm) -> str:
    existing = next((item.answer for item in found if item.answer is not None), None)
    if existing is not None and form.text.data is None:
        form.disposition.data, form.text.data = existing.disposition, existing.text
        form.dataset_url.data = existing.dataset_url
    return render_template(
        "desk/editor.html",
        referrals=found,
        answer=existing,
        form=form,
        reason=reason,
        longest=LONGEST_ANSWER,
        longest_reason=LONGEST_REASON,
        reserved=found[0].submission.reserved,
        asks_data=any(item.submission.kind == SubmissionKind.DATA_REQUEST for item in found),
    )
