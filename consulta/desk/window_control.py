"""The coordinator's control page of a window: create, add topics, schedule, extend, conclude."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import IntegerField, SelectField
from wtforms.fields import DateField

from consulta.actors import Actor, Role
from consulta.agencies.operations import local_today
from consulta.agencies.queries import find_unit, get_government, list_units
from consulta.clocks import load_rule
from consulta.db import unit_of_work
from consulta.errors import ConsultaError, NotFound, Refused
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.windows.counters import read_counts
from consulta.windows.models import Window
from consulta.windows.operations import (
    add_topic,
    conclude_window,
    create_window,
    extend_window,
    schedule_window,
    status_of,
)
from consulta.windows.queries import get_instrument, get_window, list_instruments, list_topics
from consulta.windows.terms import Term, compute_window_term

blueprint = Blueprint("window_control", __name__)
COORDINATES = roles(Role.COORDINATOR)


class WindowForm(BaseForm):
    """A new window."""

    instrument = SelectField("Instrumento", validate_choice=False)
    title = CleanString("Título")
    summary = CleanText("Qué se consulta, en cinco frases")
    decides = CleanText("Quién decide")
    afterwards = CleanText("Qué pasa después")


class TopicForm(BaseForm):
    """A new topic."""

    title = CleanString("Título")
    summary = CleanText("Explicación")
    unit_id = SelectField("Unidad que responde", validate_choice=False)


class ScheduleForm(BaseForm):
    """Opening day and term."""

    opens_on = DateField("Día en que abre")
    days = IntegerField("Días de consulta")

    def explain(self, *, permanent: bool) -> None:
        """Put at each field that is missing how to fill it in."""
        if self.opens_on.data is None:
            self.opens_on.errors = ["Escriba el día en que abre, por ejemplo 12/06/2026."]
        if self.days.data is None and not permanent:
            self.days.errors = ["Escriba cuántos días dura, con números."]


class ExtendForm(BaseForm):
    """An extension with its grounds."""

    days = IntegerField("Días que se agregan")
    legal_basis = CleanString("Fundamento")
    reason = CleanText("Motivo")
    agreement = CleanString("Número de acuerdo")


@blueprint.get("/coordinacion/consultas/nueva")
@access(COORDINATES)
def new(actor: Actor) -> str:  # noqa: ARG001 - handed by the rule
    """Show the form of a new window."""
    return _new_page(WindowForm())


@blueprint.post("/coordinacion/consultas/nueva")
@access(COORDINATES)
def create(actor: Actor) -> Any:
    """Create a window in preparation."""
    form = WindowForm(request.form)
    form.attach_removed()
    try:
        if form.has_problems():
            return _new_page(form), 422
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
        return _new_page(form), 422
    flash("Consulta creada. Agregue los temas y después prográmela.")
    return redirect(f"/coordinacion/consultas/{window.slug}")


@blueprint.get("/coordinacion/consultas/<slug>")
@access(COORDINATES)
def control(slug: str, actor: Actor) -> str:
    """Show dates with derivation, topics and the acts that are possible now."""
    return _control_page(_own(slug, actor))


@blueprint.post("/coordinacion/consultas/<slug>/temas")
@access(COORDINATES)
def topic(slug: str, actor: Actor) -> Any:
    """Add a topic."""
    form = TopicForm(request.form)
    form.attach_removed()
    window = _own(slug, actor)
    unit_id = form.unit_id.data or ""
    try:
        with unit_of_work():
            unit = find_unit(actor.government_id, int(unit_id)) if unit_id.isdigit() and len(unit_id) < 18 else None
            add_topic(
                window=window,
                title=form.title.data or "",
                summary=form.summary.data or "",
                unit=unit,
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _control_page(_own(slug, actor), topic_form=form), 422
    flash("Tema agregado.")
    return redirect(f"/coordinacion/consultas/{slug}#temas")


@blueprint.post("/coordinacion/consultas/<slug>/programar")
@access(COORDINATES)
def schedule(slug: str, actor: Actor) -> Any:
    """Show the computed closing with its derivation first; schedule when it is confirmed."""
    form = ScheduleForm(request.form)
    window = _own(slug, actor)
    opens_on, days = form.opens_on.data, _days(form, window)
    if opens_on is None or days is None:
        form.explain(permanent=window.instrument.permanent)
        return _control_page(window, schedule_form=form), 422
    try:
        if request.form.get("accion") != "programar":
            preview = _preview(window, opens_on, days)
            return _control_page(window, schedule_form=form, preview=preview)
        with unit_of_work():
            schedule_window(window=window, opens_on=opens_on, days=days, actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _control_page(_own(slug, actor), schedule_form=form), 422
    flash("Consulta programada: abrirá y cerrará sola.")
    return redirect(f"/coordinacion/consultas/{slug}")


@blueprint.post("/coordinacion/consultas/<slug>/ampliar")
@access(COORDINATES)
def extend(slug: str, actor: Actor) -> Any:
    """Extend the term."""
    form = ExtendForm(request.form)
    form.attach_removed()
    window = _own(slug, actor)
    days = form.days.data
    if days is None:
        form.days.errors = ["Escriba cuántos días se agregan, con números."]
    try:
        if form.has_problems() or days is None:
            return _control_page(window, extend_form=form), 422
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
        return _control_page(_own(slug, actor), extend_form=form), 422
    flash("Plazo ampliado. La página pública muestra la fecha anterior y el acuerdo.")
    return redirect(f"/coordinacion/consultas/{slug}")


@blueprint.post("/coordinacion/consultas/<slug>/concluir")
@access(COORDINATES)
def conclude(slug: str, actor: Actor) -> Any:
    """Conclude a closed window."""
    try:
        with unit_of_work():
            conclude_window(window=_own(slug, actor), actor=actor, now=arrived_at())
    except Refused as refused:
        return _control_page(_own(slug, actor), refusal=refused.message), 422
    flash("Consulta concluida.")
    return redirect(f"/coordinacion/consultas/{slug}")


def _own(slug: str, actor: Actor) -> Window:
    window = get_window(slug)
    if window.government_id != actor.government_id:
        raise NotFound("No existe esa consulta.")
    return window


def _new_page(form: WindowForm) -> str:
    every = [*list_instruments(), *list_instruments(permanent=True)]
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


def _control_page(window: Window, *, preview: Term | None = None, refusal: str = "", **given: BaseForm) -> str:
    topics = list_topics(window.id)
    schedule_form = given.get("schedule_form") or ScheduleForm(
        data={"opens_on": local_today(window.government, arrived_at()), "days": window.instrument.default_days}
    )
    topic_form = given.get("topic_form") or TopicForm()
    units = list_units(window.government_id)
    unit_field: Any = topic_form["unit_id"]
    unit_field.choices = [("", "La decide la coordinación después")] + [
        (str(unit.id), f"{unit.name} ({unit.agency.name})") for unit in units
    ]
    return render_template(
        "desk/window_control.html",
        window=window,
        status=status_of(window, arrived_at()),
        topics=topics,
        counts=read_counts([item.id for item in topics]),
        rule=_rule(window),
        schedule_form=schedule_form,
        topic_form=topic_form,
        extend_form=given.get("extend_form") or ExtendForm(),
        preview=preview,
        refusal=refusal,
        units={unit.id: unit for unit in units},
    )


def _rule(window: Window) -> Any:
    key = window.instrument.term_rule
    try:
        return load_rule(key) if key else None
    except ConsultaError:
        return None
