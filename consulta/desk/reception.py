"""The coordinator's reception of entries: who has delivered, what to observe or accept, reminders ready to sign."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms.fields import DateField

from consulta.actors import Actor, Role
from consulta.agencies.models import Agency
from consulta.agencies.queries import find_agency, find_post
from consulta.db import unit_of_work
from consulta.entries.models import Entry
from consulta.entries.notices import reminder_text
from consulta.entries.operations import accept_entry, observe_entry, remind
from consulta.entries.queries import find_entry, list_deliveries
from consulta.entries.states import EntryState
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.filters import iso_long, long_date
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanText
from consulta.windows.fields import EntryField, FieldKind, read_fields
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.preparing import ask_entries
from consulta.windows.queries import get_window

blueprint = Blueprint("reception", __name__)
COORDINATES = roles(Role.COORDINATOR)


class ObservationForm(BaseForm):
    """What to correct."""

    observation = CleanText(N_("Qué debe corregir"))


class ReminderForm(BaseForm):
    """A letter."""

    text = CleanText(N_("Texto del recordatorio"))


class AskForm(BaseForm):
    """Until when agencies hand in."""

    entries_due_on = DateField(N_("Último día para entregar"))


@blueprint.get("/coordinacion/consultas/<slug>/recepcion")
@access(COORDINATES)
def reception(slug: str, actor: Actor) -> str:
    """Show where every agency stands."""
    return _page(_own(slug, actor), AskForm())


@blueprint.post("/coordinacion/consultas/<slug>/recepcion")
@access(COORDINATES)
def ask(slug: str, actor: Actor) -> Any:
    """Ask the agencies for their entries until a day, or stop asking."""
    form, window = AskForm(request.form), _own(slug, actor)
    stop = request.form.get("accion") == "terminar"
    if not stop and form.entries_due_on.data is None:
        form.entries_due_on.errors = [_("Escriba el último día para entregar, por ejemplo 12/06/2026.")]
        return _page(window, form), 422
    try:
        with unit_of_work():
            due_on = None if stop else form.entries_due_on.data
            ask_entries(window=window, due_on=due_on, actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(_own(slug, actor), form), 422
    flash(_("Recepción cerrada.") if stop else _("Recepción abierta: los enlaces ya pueden entregar."))
    return redirect(f"/coordinacion/consultas/{slug}/recepcion")


@blueprint.get("/coordinacion/consultas/<slug>/recepcion/<int:entry_id>")
@access(COORDINATES)
def entry(slug: str, entry_id: int, actor: Actor) -> str:
    """Show an entry with the acts that are possible."""
    return _entry_page(_entry(slug, entry_id, actor), ObservationForm())


@blueprint.post("/coordinacion/consultas/<slug>/recepcion/<int:entry_id>")
@access(COORDINATES)
def decide(slug: str, entry_id: int, actor: Actor) -> Any:
    """Accept an entry, which makes it a topic, or ask for a correction."""
    found, form = _entry(slug, entry_id, actor), ObservationForm(request.form)
    form.attach_removed()
    accepting = request.form.get("accion") == "aceptar"
    try:
        with unit_of_work():
            if accepting:
                accept_entry(entry=found, actor=actor, now=arrived_at())
            else:
                observe_entry(entry=found, observation=form.observation.data or "", actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _entry_page(_entry(slug, entry_id, actor), form), 422
    flash(_("Aceptada: ya es un tema de la consulta.") if accepting else _("Observada: el enlace recibió un correo."))
    return redirect(f"/coordinacion/consultas/{slug}/recepcion")


@blueprint.get("/coordinacion/consultas/<slug>/recordatorio/<int:agency_id>")
@access(COORDINATES)
def reminder(slug: str, agency_id: int, actor: Actor) -> str:
    """Show the reminder to an agency, ready to sign, to print or to send."""
    window, agency = _own(slug, actor), _agency(agency_id, actor)
    post = find_post(actor.government_id, actor.post_id)
    due = long_date(window.entries_due_on) if window.entries_due_on else ""
    text = reminder_text(window, agency, post.title if post else "", due)
    return render_template("desk/reminder.html", window=window, agency=agency, form=ReminderForm(data={"text": text}))


@blueprint.post("/coordinacion/consultas/<slug>/recordatorio/<int:agency_id>")
@access(COORDINATES)
def send_reminder(slug: str, agency_id: int, actor: Actor) -> Any:
    """Sign and send the reminder."""
    window, agency, form = _own(slug, actor), _agency(agency_id, actor), ReminderForm(request.form)
    form.attach_removed()
    try:
        with unit_of_work():
            remind(window=window, agency=agency, text=form.text.data or "", actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        page = render_template("desk/reminder.html", window=_own(slug, actor), agency=agency, form=form)
        return page, 422
    flash(_("Recordatorio firmado y enviado a %(agency)s.", agency=agency.name))
    return redirect(f"/coordinacion/consultas/{slug}/recepcion")


def _page(window: Window, form: AskForm) -> str:
    if form.entries_due_on.data is None and not form.has_problems():
        form.entries_due_on.data = window.entries_due_on
    return render_template(
        "desk/reception.html",
        window=window,
        status=status_of(window, arrived_at()),
        deliveries=list_deliveries(window),
        form=form,
    )


def _entry_page(found: Entry, form: ObservationForm) -> str:
    fields = [
        (field, _shown(field, found.details.get(field.key, "")))
        for field in read_fields(found.window.instrument.entry_fields)
    ]
    return render_template("desk/reception_entry.html", entry=found, window=found.window, fields=fields, form=form)


def _shown(field: EntryField, value: str) -> str:
    """Return a value as it is read: a day in words, unless what was kept is no day."""
    try:
        return iso_long(value) if field.kind == FieldKind.DAY and value else value
    except ValueError:
        return value


def _own(slug: str, actor: Actor) -> Window:
    window = get_window(slug)
    if window.government_id != actor.government_id:
        raise NotFound(_("No existe esa consulta."))
    return window


def _entry(slug: str, entry_id: int, actor: Actor) -> Entry:
    found = find_entry(entry_id)
    mine = found is not None and found.window.slug == slug and found.window.government_id == actor.government_id
    # A draft is the agency's own until it is handed in.
    if found is None or not mine or found.state == EntryState.DRAFT:
        raise NotFound(_("No existe esa propuesta."))
    return found


def _agency(agency_id: int, actor: Actor) -> Agency:
    found = find_agency(actor.government_id, agency_id)
    if found is None:
        raise NotFound(_("No existe esa dependencia."))
    return found
