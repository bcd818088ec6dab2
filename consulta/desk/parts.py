"""Splitting a comment into passages: first where each begins, then what each is; and joining them again."""

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.agencies.models import Unit
from consulta.agencies.queries import find_unit, list_units
from consulta.db import unit_of_work
from consulta.desk.own_referrals import OWN_ROLES
from consulta.errors import Forbidden, NotFound, Refused
from consulta.i18n.text import _
from consulta.referrals.parts import PartDraft, join_parts, split_submission
from consulta.referrals.queries import list_live_referrals, list_parts
from consulta.referrals.rules import LONGEST_ARTICLE, MOST_PARTS, may_answer
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.web.access import access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS

blueprint = Blueprint("parts", __name__)
DIVIDES = roles(Role.COORDINATOR, Role.RESPONDENT, Role.APPROVER)
# Where a sentence ends: after its mark and what follows it, or at the end of a line.
SENTENCE = re.compile(r"[^\n.!?…]*[.!?…]+[»\"')\]]*\s*|[^\n]+\n*|\n+")


@blueprint.get("/bandeja/dividir/<folio>")
@access(DIVIDES)
def choose(folio: str, actor: Actor) -> str:
    """Show the sentences of a comment; each may begin a new part. Works by keyboard alone."""
    return _choose_page(_divisible(folio, actor))


@blueprint.post("/bandeja/dividir/<folio>")
@access(DIVIDES)
def divide(folio: str, actor: Actor) -> Any:
    """From where parts begin to what each is; and then split."""
    found = _divisible(folio, actor)
    if request.form.get("accion") != "dividir":
        passages = _passages(found, request.form.getlist("empieza", type=int))
        if len(passages) < 2 or len(passages) > MOST_PARTS:
            return _choose_page(found, _("Marque dónde empieza la segunda parte: así quedan al menos dos.")), 422
        return _parts_page(found, actor, passages)
    passages = [CLEANERS[0](text)[0] for text in request.form.getlist("pasaje")]
    coordinates = _coordinates(found, actor)
    try:
        drafts = _drafts(passages, actor, coordinates=coordinates)
        with unit_of_work():
            split_submission(
                submission=found,
                parts=drafts,
                actor=_post_for(found, actor),
                now=arrived_at(),
                leaves_rest=request.form.get("sin_resto") == "si" or "nada" in request.form.getlist("unidad"),
            )
    except (Refused, Forbidden) as refused:
        return _parts_page(_divisible(folio, actor), actor, passages, refused.message), 422
    flash(_("%(folio)s se dividió en %(count)s partes.", folio=folio, count=len(drafts)))
    return redirect("/coordinacion/sin-turnar" if coordinates else "/bandeja/turnos")


@blueprint.post("/bandeja/dividir/<folio>/juntar")
@access(DIVIDES)
def join(folio: str, actor: Actor) -> Any:
    """Join the parts again; the whole goes back to the unit that has them, or to the coordination."""
    found = _divisible(folio, actor)
    coordinates, live = _coordinates(found, actor), list_live_referrals(found.id)
    post = _post_for(found, actor)
    unit = live[0].unit if live and (not coordinates or len({item.unit_id for item in live}) == 1) else None
    try:
        with unit_of_work():
            join_parts(submission=found, unit=unit, actor=post, now=arrived_at())
        flash(_("%(folio)s vuelve a ser un solo comentario.", folio=folio))
    except (Refused, Forbidden) as refused:
        flash(refused.message)
    return redirect("/coordinacion/sin-turnar" if coordinates else "/bandeja/turnos")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; joined they are the text again."""
    return [item for item in SENTENCE.findall(text) if item]


def _passages(found: Submission, starts: Sequence[int]) -> list[str]:
    """Return the passages of a text, each from one marked sentence to the next."""
    passages: list[str] = []
    for number, sentence in enumerate(sentences(found.text)):
        if number in starts or not passages:
            passages.append("")
        passages[-1] += sentence
    return [passage.strip() for passage in passages if passage.strip()]


def _drafts(passages: Sequence[str], actor: Actor, *, coordinates: bool) -> list[PartDraft]:
    """Return the parts as they were filled in; one that asks for nothing is none. Raises Refused."""
    articles, units = request.form.getlist("articulo"), request.form.getlist("unidad")
    drafts = []
    for number, passage in enumerate(passages):
        chosen = units[number] if number < len(units) else ""
        if chosen == "nada":
            continue
        article = CLEANERS[0](articles[number] if number < len(articles) else "")[0]
        drafts.append(PartDraft(passage, article, _unit(chosen, actor, coordinates=coordinates)))
    return drafts


def _unit(chosen: str, actor: Actor, *, coordinates: bool) -> Unit | None:
    if not coordinates:
        return find_unit(actor.government_id, actor.unit_id)
    if not chosen:
        return None
    found = find_unit(actor.government_id, int(chosen)) if chosen.isascii() and chosen.isdigit() else None
    if found is None:
        raise Refused(_("Elija una unidad de la lista."), field="unit_id")
    return found


def _choose_page(found: Submission, problem: str = "") -> str:
    starts = request.form.getlist("empieza", type=int)
    return render_template(
        "desk/split.html",
        submission=found,
        sentences=[(n, item) for n, item in enumerate(sentences(found.text)) if item.strip()],
        starts=starts,
        parts=list_parts(found.id),
        live=list_live_referrals(found.id),
        problem=problem,
    )


def _parts_page(found: Submission, actor: Actor, passages: Sequence[str], problem: str = "") -> str:
    return render_template(
        "desk/split_parts.html",
        submission=found,
        passages=passages,
        articles=request.form.getlist("articulo"),
        chosen=request.form.getlist("unidad"),
        units=list_units(actor.government_id) if _coordinates(found, actor) else [],
        longest_article=LONGEST_ARTICLE,
        problem=problem,
    )


def _divisible(folio: str, actor: Actor) -> Submission:
    """Return a submission that one of the person's posts coordinates or answers. Raises NotFound."""
    found = find_by_folio(folio)
    if found is None or found.reserved or not (_coordinates(found, actor) or _answering(found)):
        raise NotFound(_("No existe ese folio."))
    return found


def _coordinates(found: Submission, actor: Actor) -> bool:
    return any(post.government_id == holder_of(found) for post in held_posts(Role.COORDINATOR)) or (
        actor.role == Role.COORDINATOR and actor.government_id == holder_of(found)
    )


def _answering(found: Submission) -> bool:
    live = list_live_referrals(found.id)
    return any(may_answer(post, unit_id=item.unit_id) for post in held_posts(*OWN_ROLES) for item in live)


def _post_for(found: Submission, default: Actor) -> Actor:
    """Return the post that divides: the coordination of its government, or the unit that has it."""
    live = list_live_referrals(found.id)
    coordinator = acting(default, lambda post: post.role == Role.COORDINATOR and post.government_id == holder_of(found))
    if coordinator.role == Role.COORDINATOR:
        return coordinator
    return acting(default, lambda post: any(may_answer(post, unit_id=item.unit_id) for item in live))
