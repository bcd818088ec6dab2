"""Review of texts before they are public."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import RadioField

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.errors import ConsultaError, NotFound, Refused
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.moderation.appeals import decide_appeal, list_open_appeals
from consulta.moderation.grounds import load_grounds
from consulta.moderation.models import Appeal
from consulta.moderation.operations import is_review_on_time, publish_text, redact_text, withhold_text
from consulta.moderation.queries import list_to_review
from consulta.moderation.states import AppealState
from consulta.personal_data import Segment, list_kinds, mark_findings
from consulta.referrals.handing_over import reserve
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.submissions.rules import everything_written
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS, BaseForm, CleanText
from consulta.web.pagination import decode_cursor, encode_cursor

blueprint = Blueprint("review", __name__)
REVIEWS = roles(Role.MODERATOR, Role.COORDINATOR)


class ReviewForm(BaseForm):
    """On which ground a text, or some of its passages, is not shown."""

    ground = RadioField(
        N_("Causa"),
        choices=lambda: [(item.key, _(item.title)) for item in load_grounds().values()],
        validate_choice=False,
    )
    passages = CleanText(N_("Pasajes que no se muestran"))
    reason = CleanText(N_("Motivo"))


@blueprint.get("/bandeja/revision")
@access(REVIEWS)
def to_review(actor: Actor) -> str:
    """List what waits for review, with what looks like personal data marked."""
    cursor = decode_cursor(request.args.get("desde"), int)
    found = list_to_review(actor.government_id, after_id=cursor[0] if cursor else 0, limit=51)
    shown = found[:50]
    return render_template(
        "desk/review.html",
        items=[(item, *_marked(item)) for item in shown],
        more=encode_cursor(shown[-1].id) if len(found) > 50 else None,
        late={item.id for item in shown if not is_review_on_time(item, arrived_at())},
        appeals=len(list_open_appeals(actor.government_id)),
    )


@blueprint.post("/bandeja/revision")
@access(REVIEWS)
def publish(actor: Actor) -> Response:
    """Publish the texts that were marked; what could not be is named."""
    folios = request.form.getlist("folio")[:200]
    done, refusals = 0, list[ConsultaError]()
    for folio in folios:
        try:
            with unit_of_work():
                publish_text(submission=_of_government(folio, actor), actor=actor, now=arrived_at())
            done += 1
        except ConsultaError as refused:
            refusals.append(refused)
    if folios and all(isinstance(refused, NotFound) for refused in refusals) and len(refusals) == len(folios):
        raise refusals[0]
    flash(_("Textos publicados: %(done)s.", done=done) if folios else _("Marque al menos un texto."))
    for refusal in refusals:
        flash(refusal.message)
    return redirect("/bandeja/revision")


@blueprint.get("/bandeja/revision/<folio>")
@access(REVIEWS)
def one(folio: str, actor: Actor) -> str:
    """Show one text with the form to withhold it."""
    found = _of_government(folio, actor)
    return _one_page(found, ReviewForm())


@blueprint.post("/bandeja/revision/<folio>/no-publicar")
@access(REVIEWS)
def withhold(folio: str, actor: Actor) -> Any:
    """Publish without some passages, or withhold a text, on a ground of the list and with a public reason."""
    form = ReviewForm(request.form)
    form.attach_removed()
    found, passages = _of_government(folio, actor), (form.passages.data or "").split("\n")
    ground, reason = form.ground.data or "", form.reason.data or ""
    try:
        with unit_of_work():
            if request.form.get("accion") == "testar":
                redact_text(
                    submission=found, passages=passages, ground=ground, note=reason, actor=actor, now=arrived_at()
                )
            else:
                withhold_text(submission=found, ground=ground, reason=reason, actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        found = _of_government(folio, actor)
        return _one_page(found, form), 422
    if request.form.get("accion") == "testar":
        flash(_("%(folio)s se publica sin esos pasajes.", folio=folio))
    else:
        flash(_("%(folio)s no se publica; el motivo queda a la vista.", folio=folio))
    return redirect("/bandeja/revision")


@blueprint.post("/bandeja/revision/<folio>/reservar")
@access(REVIEWS)
def reserve_one(folio: str, actor: Actor) -> Any:
    """Pass what names an official to the control body."""
    found = _of_government(folio, actor)
    try:
        with unit_of_work():
            reserve(submission=found, actor=actor, now=arrived_at())
    except Refused as refused:
        form = ReviewForm()
        form.add_problem(None, refused.message)
        return _one_page(_of_government(folio, actor), form), 422
    flash(_("%(folio)s pasó al órgano interno de control.", folio=folio))
    return redirect("/bandeja/revision")


def _one_page(found: Submission, form: ReviewForm) -> str:
    marked, hints = _marked(found)
    return render_template(
        "desk/review_one.html", item=found, marked=marked, hints=hints, form=form, grounds=load_grounds()
    )


def _marked(found: Submission) -> tuple[dict[str, list[Segment]], list[str]]:
    """Return its texts cut at what looks like personal data, and the names of the kinds that were found."""
    marked = {name: mark_findings(text) for name, text in everything_written(found).items()}
    kinds = list_kinds(segment for segments in marked.values() for segment in segments)
    return marked, [label("personal_data_kind", kind) for kind in kinds]


def _of_government(folio: str, actor: Actor) -> Submission:
    found = find_by_folio(folio)
    if found is None or found.reserved or holder_of(found) != actor.government_id:
        raise NotFound(_("No existe ese folio."))
    return found


@blueprint.get("/bandeja/impugnaciones")
@access(REVIEWS)
def appeals(actor: Actor) -> str:
    """List the appeals that wait; who decided the first time sees that another must."""
    return _appeals_page(actor)


@blueprint.post("/bandeja/impugnaciones/<int:appeal_id>")
@access(REVIEWS)
def decide(appeal_id: int, actor: Actor) -> Any:
    """Uphold or overturn."""
    found = _appeal(appeal_id, actor)
    state = AppealState.OVERTURNED if request.form.get("accion") == "revocar" else AppealState.UPHELD
    try:
        with unit_of_work():
            reason = CLEANERS[0](request.form.get("razones", ""))[0]
            decide_appeal(appeal=found, state=state, reason=reason, actor=actor, now=arrived_at())
    except Refused as refused:
        return _appeals_page(actor, appeal_id, refused.message), 422
    flash(_("Impugnación resuelta; se avisó a la persona."))
    return redirect("/bandeja/impugnaciones")


def _appeal(appeal_id: int, actor: Actor) -> Appeal:
    found = next((item for item in list_open_appeals(actor.government_id) if item.id == appeal_id), None)
    if found is None:
        raise NotFound(_("No existe esa impugnación, o ya se resolvió."))
    return found


def _appeals_page(actor: Actor, at: int = 0, problem: str = "") -> str:
    return render_template(
        "desk/appeals.html",
        found=list_open_appeals(actor.government_id),
        grounds=load_grounds(),
        at=at,
        problem=problem,
        typed=CLEANERS[0](request.form.get("razones", ""))[0],
    )
