"""The coordinator's control page of a window: create, add topics, schedule, extend, conclude."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_post, find_unit, get_government
from consulta.db import unit_of_work
from consulta.desk.control_page import control_page, own_window, typed_details
from consulta.desk.window_forms import ExtendForm, ScheduleForm, TextForm, TopicForm, WindowForm
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.referrals.conclusion import conclude_when_answered
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.windows.dating import extend_window, schedule_window
from consulta.windows.fields import check_given, read_fields
from consulta.windows.models import Window
from consulta.windows.opening import check_answers
from consulta.windows.operations import add_topic, create_window
from consulta.windows.preparing import edit_window
from consulta.windows.queries import get_instrument, list_instruments
from consulta.windows.terms import Term, compute_window_term

blueprint = Blueprint("window_control", __name__)
COORDINATES = roles(Role.COORDINATOR)


@blueprint.get("/coordinacion/consultas/nueva")
@access(COORDINATES)
def new(actor: Actor) -> str:
    """Show the form of a new window."""
    return _new_page(WindowForm(), actor)


@blueprint.post("/coordinacion/consultas/nueva")
@access(COORDINATES)
def create(actor: Actor) -> Any:
    """Create a window in preparation."""
    form = WindowForm(request.form)
    form.attach_removed()
    try:
        if form.has_problems():
            return _new_page(form, actor), 422
        with unit_of_work():
            window = create_window(
                government=get_government(actor.government_id),
                instrument=get_instrument(form.instrument.data or ""),
                title=form.title.data or "",
                summary=form.summary.data or "",
                decides=form.decides.data or "",
                afterwards=form.afterwards.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except (Refused, NotFound) as refused:
        form.add_problem(getattr(refused, "field", None) or "instrument", refused.message)
        return _new_page(form, actor), 422
    flash(_("Consulta creada. Agregue los temas y después prográmela."))
    return redirect(f"/coordinacion/consultas/{window.slug}")


@blueprint.get("/coordinacion/consultas/<slug>")
@access(COORDINATES)
def control(slug: str, actor: Actor) -> str:
    """Show dates with derivation, topics and the acts that are possible now."""
    return control_page(own_window(slug, actor))


@blueprint.post("/coordinacion/consultas/<slug>")
@access(COORDINATES)
def edit(slug: str, actor: Actor) -> Any:
    """Change what people will read, while nobody can read it yet."""
    form, window = TextForm(request.form), own_window(slug, actor)
    form.attach_removed()
    try:
        if form.has_problems():
            return control_page(window, text_form=form), 422
        with unit_of_work():
            edit_window(
                window=window,
                summary=form.summary.data or "",
                decides=form.decides.data or "",
                afterwards=form.afterwards.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return control_page(own_window(slug, actor), text_form=form), 422
    flash(_("Texto guardado."))
    return redirect(f"/coordinacion/consultas/{slug}")


@blueprint.post("/coordinacion/consultas/<slug>/temas")
@access(COORDINATES)
def topic(slug: str, actor: Actor) -> Any:
    """Add a topic."""
    form = TopicForm(request.form)
    form.attach_removed()
    window = own_window(slug, actor)
    unit_id = form.unit_id.data or ""
    try:
        with unit_of_work():
            unit = find_unit(actor.government_id, int(unit_id)) if _is_number(unit_id) else None
            add_topic(
                window=window,
                title=form.title.data or "",
                summary=form.summary.data or "",
                unit=unit,
                actor=actor,
                now=arrived_at(),
                details=check_given(read_fields(window.instrument.entry_fields), typed_details(window)),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return control_page(own_window(slug, actor), topic_form=form), 422
    flash(_("Tema agregado."))
    return redirect(f"/coordinacion/consultas/{slug}#temas")


@blueprint.post("/coordinacion/consultas/<slug>/programar")
@access(COORDINATES)
def schedule(slug: str, actor: Actor) -> Any:
    """Show the computed closing with its derivation first; schedule when it is confirmed."""
    form = ScheduleForm(request.form)
    window = own_window(slug, actor)
    opens_on, days = form.opens_on.data, _days(form, window)
    if opens_on is None or days is None:
        form.explain(permanent=window.instrument.permanent)
        return control_page(window, schedule_form=form), 422
    try:
        if not window.instrument.permanent:
            check_answers(form.answers())
        if request.form.get("accion") != "programar":
            preview = _preview(window, opens_on, days)
            return control_page(window, schedule_form=form, preview=preview)
        with unit_of_work():
            schedule_window(
                window=window,
                opens_on=opens_on,
                days=days,
                answers=form.answers(),
                capture_post_id=_capture_post(form, actor),
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return control_page(own_window(slug, actor), schedule_form=form), 422
    flash(_("Consulta programada: abrirá y cerrará sola."))
    return redirect(f"/coordinacion/consultas/{slug}")


@blueprint.post("/coordinacion/consultas/<slug>/ampliar")
@access(COORDINATES)
def extend(slug: str, actor: Actor) -> Any:
    """Extend the term."""
    form = ExtendForm(request.form)
    form.attach_removed()
    window = own_window(slug, actor)
    form.explain()
    days = form.days.data
    try:
        if form.has_problems() or days is None:
            return control_page(window, extend_form=form), 422
        with unit_of_work():
            extend_window(
                window=window,
                days=days,
                legal_basis=form.legal_basis.data or "",
                reason=form.reason.data or "",
                agreement=form.agreement.data or "",
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return control_page(own_window(slug, actor), extend_form=form), 422
    flash(_("Plazo ampliado. La página pública muestra la fecha anterior y el acuerdo."))
    return redirect(f"/coordinacion/consultas/{slug}")


@blueprint.post("/coordinacion/consultas/<slug>/concluir")
@access(COORDINATES)
def conclude(slug: str, actor: Actor) -> Any:
    """Conclude a closed window."""
    try:
        with unit_of_work():
            conclude_when_answered(window=own_window(slug, actor), actor=actor, now=arrived_at())
    except Refused as refused:
        return control_page(own_window(slug, actor), refusal=refused.message), 422
    flash(_("Consulta concluida."))
    return redirect(f"/coordinacion/consultas/{slug}")


def _capture_post(form: ScheduleForm, actor: Actor) -> int | None:
    """Return the post that captures after closing; None: any that captures. Raises Refused for another's."""
    value = form.capture_post_id.data or ""
    if not value:
        return None
    post = find_post(actor.government_id, int(value)) if _is_number(value) else None
    if post is None or post.role != Role.OPERATOR:
        raise Refused(_("Elija un cargo de captura de la lista."), field="capture_post_id")
    return post.id


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 18


def _new_page(form: WindowForm, actor: Actor) -> str:
    mine = actor.government_id
    every = [*list_instruments(government_id=mine), *list_instruments(permanent=True, government_id=mine)]
    form.instrument.choices = [(item.key, item.name) for item in every]
    return render_template("desk/window_new.html", form=form)


def _days(form: ScheduleForm, window: Window) -> int | None:
    return 0 if window.instrument.permanent else form.days.data


def _preview(window: Window, opens_on: date, days: int) -> Term | None:
    if window.instrument.permanent:
        return None
    return compute_window_term(
        government=window.government,
        instrument=window.instrument,
        opens_on=opens_on,
        days=days,
    )
