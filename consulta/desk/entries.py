"""The enlace's pages: entries of her agency for windows in preparation, one by one or from the template."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from wtforms import SelectField

from consulta.actors import Actor, Role
from consulta.agencies.models import Agency, Unit
from consulta.agencies.queries import find_agency, list_units
from consulta.db import unit_of_work
from consulta.entries.importing import import_entries, write_template
from consulta.entries.models import Entry
from consulta.entries.operations import declare_nothing, save_entry, submit_entry, withdraw_entry
from consulta.entries.queries import find_entry, has_declared_nothing, list_asking_windows, list_entries
from consulta.entries.rules import may_write
from consulta.errors import ConsultaError, NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.inspection import inspect
from consulta.tables import CatalogueReport
from consulta.web.access import access, acting, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS, BaseForm, CleanString, CleanText
from consulta.windows.fields import find_problems, read_fields
from consulta.windows.models import Window
from consulta.windows.queries import get_window

blueprint = Blueprint("entries", __name__)
WRITES = roles(Role.RESPONDENT, Role.APPROVER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EntryForm(BaseForm):
    """Title, explanation and unit; the instrument's own fields travel beside them."""

    title = CleanString(N_("Nombre preliminar"))
    summary = CleanText(N_("Qué se propone, en palabras sencillas"))
    unit_id = SelectField(N_("Unidad que responderá"), validate_choice=False)


@blueprint.get("/bandeja/propuestas")
@access(WRITES)
def windows(actor: Actor) -> str:  # noqa: ARG001 - every post of the person, not the first
    """List the windows that ask for entries, with those of the person's agencies."""
    return _list_page()


@blueprint.get("/bandeja/propuestas/<slug>/nueva")
@access(WRITES)
def new(slug: str, actor: Actor) -> str:
    """Show the form of a new entry."""
    return _editor(_asking(slug), EntryForm(), {}, None, actor)


@blueprint.post("/bandeja/propuestas/<slug>/nueva")
@access(WRITES)
def create(slug: str, actor: Actor) -> Any:
    """Save a new entry, and hand it in when asked to."""
    return _save(_asking(slug), None, actor)


@blueprint.get("/bandeja/propuestas/<slug>/<int:entry_id>")
@access(WRITES)
def edit(slug: str, entry_id: int, actor: Actor) -> str:
    """Show an entry, to be corrected where that is possible."""
    entry = _own(slug, entry_id)
    form = EntryForm(data={"title": entry.title, "summary": entry.summary, "unit_id": str(entry.unit_id)})
    return _editor(entry.window, form, entry.details, entry, actor)


@blueprint.post("/bandeja/propuestas/<slug>/<int:entry_id>")
@access(WRITES)
def update(slug: str, entry_id: int, actor: Actor) -> Any:
    """Save, hand in or withdraw an entry."""
    entry = _own(slug, entry_id)
    if request.form.get("accion") != "retirar":
        return _save(entry.window, entry, actor)
    with unit_of_work():
        withdraw_entry(entry=entry, actor=_author(entry.agency_id, actor), now=arrived_at())
    flash(_("Propuesta retirada."))
    return redirect("/bandeja/propuestas")


@blueprint.post("/bandeja/propuestas/<slug>/sin-propuestas")
@access(WRITES)
def nothing(slug: str, actor: Actor) -> Any:  # noqa: ARG001 - the post is that of the agency
    """Declare that the agency has nothing to propose."""
    window = _asking(slug)
    given = request.form.get("agency_id", "")
    posts = _posts_in(window.government_id)
    post = next((post for post in posts if str(post.agency_id) == given), posts[0])
    agency = find_agency(window.government_id, post.agency_id)
    assert isinstance(agency, Agency)
    try:
        with unit_of_work():
            declare_nothing(window=window, agency=agency, actor=post, now=arrived_at())
    except Refused as refused:
        flash(refused.message)
        return redirect("/bandeja/propuestas")
    flash(_("Queda dicho que su dependencia no tiene propuestas esta vez."))
    return redirect("/bandeja/propuestas")


@blueprint.get("/bandeja/propuestas/<slug>/plantilla")
@access(WRITES)
def template(slug: str, actor: Actor) -> Response:  # noqa: ARG001 - any post may
    """Download the XLSX template of the window's instrument."""
    window = _asking(slug)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plantilla.xlsx"
        write_template(window.instrument, path)
        response = Response(path.read_bytes(), mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="propuestas-{slug}.xlsx"'
    return response


@blueprint.post("/bandeja/propuestas/<slug>/importar")
@access(WRITES)
def upload(slug: str, actor: Actor) -> Any:  # noqa: ARG001 - every post of the person, not the first
    """Import entries from the template: good rows go in, bad rows are named."""
    window = _asking(slug)
    try:
        report = _import(window)
    except ConsultaError as refused:
        return _list_page(refusal=refused.message), 422
    return _list_page(report), 422 if report.problems else 200


def _import(window: Window) -> CatalogueReport:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        raise Refused(_("Elija la plantilla llena: un archivo XLSX o CSV."))
    content = chosen.read()
    is_csv = chosen.filename.lower().endswith(".csv")
    if not is_csv:
        inspect(chosen.filename, content)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("propuestas.csv" if is_csv else "propuestas.xlsx")
        path.write_bytes(content)
        first, *others = _posts_in(window.government_id)
        return import_entries(path, window, first, arrived_at(), others=others)


def _list_page(report: CatalogueReport | None = None, refusal: str = "") -> str:
    governments = dict.fromkeys(post.government_id for post in _posts())
    found = [window for government_id in governments for window in list_asking_windows(government_id)]
    agencies = {item.id: _agencies_in(item.government_id) for item in found}
    entries = {item.id: list_entries(window_id=item.id, agency_ids=[a.id for a in agencies[item.id]]) for item in found}
    live = {(item.window_id, item.agency_id) for own in entries.values() for item in own if item.state != "withdrawn"}
    # Who has no live entry declared that there is none, or still may.
    idle = {item.id: [a for a in agencies[item.id] if (item.id, a.id) not in live] for item in found}
    nothing = {item.id: [a for a in idle[item.id] if has_declared_nothing(item.id, a.id)] for item in found}
    silent = {item.id: [a for a in idle[item.id] if a not in nothing[item.id]] for item in found}
    return render_template(
        "desk/entries.html",
        windows=found,
        entries=entries,
        agencies=agencies,
        nothing=nothing,
        silent=silent,
        report=report,
        refusal=refusal,
    )


def _save(window: Window, entry: Entry | None, actor: Actor) -> Any:
    form, details = EntryForm(request.form), _details(window)
    form.attach_removed()
    sending, entry_id = request.form.get("accion") == "entregar", entry.id if entry else None
    problems = find_problems(read_fields(window.instrument.entry_fields), details) if sending else []
    try:
        if form.has_problems() or problems:
            return _editor(window, form, details, entry, actor, problems), 422
        unit = _unit(form, _units(window, entry))
        with unit_of_work():
            saved = save_entry(
                window=window,
                unit=unit,
                title=form.title.data or "",
                summary=form.summary.data or "",
                details=details,
                actor=_author(unit.agency_id, actor),
                now=arrived_at(),
                entry=entry,
            )
            if sending:
                submit_entry(entry=saved, actor=_author(saved.agency_id, actor), now=arrived_at())
    except Refused as refused:
        keys = {field.key for field in read_fields(window.instrument.entry_fields)}
        problems = [(refused.field, refused.message)] if refused.field in keys else []
        if not problems:
            form.add_problem(refused.field, refused.message)
        again = find_entry(entry_id) if entry_id else None
        return _editor(get_window(window.slug), form, details, again, actor, problems), 422
    flash(_("Propuesta entregada a la coordinación.") if sending else _("Borrador guardado."))
    return redirect("/bandeja/propuestas")


def _details(window: Window) -> dict[str, str]:
    fields = read_fields(window.instrument.entry_fields)
    return {field.key: CLEANERS[0](request.form.get(f"campo-{field.key}", ""))[0].strip() for field in fields}


def _unit(form: EntryForm, units: list[Unit]) -> Unit:
    for unit in units:
        if str(unit.id) == form.unit_id.data:
            return unit
    raise Refused(_("Elija la unidad que responderá."), field="unit_id")


def _units(window: Window, entry: Entry | None) -> list[Unit]:
    """Return the units that may answer: those of the agency of an entry, else of every agency of the person."""
    agencies = {entry.agency_id} if entry else {post.agency_id for post in _posts_in(window.government_id)}
    return [unit for unit in list_units(window.government_id) if unit.agency_id in agencies]


def _posts() -> tuple[Actor, ...]:
    return held_posts(Role.RESPONDENT, Role.APPROVER)


def _posts_in(government_id: int) -> list[Actor]:
    return [post for post in _posts() if post.government_id == government_id]


def _agencies_in(government_id: int) -> list[Agency]:
    agencies = dict.fromkeys(post.agency_id for post in _posts_in(government_id))
    found = (find_agency(government_id, agency_id) for agency_id in agencies)
    return [agency for agency in found if agency is not None]


def _author(agency_id: int, default: Actor) -> Actor:
    return acting(default, lambda post: may_write(post, agency_id=agency_id))


def _asking(slug: str) -> Window:
    found = get_window(slug)
    if not _posts_in(found.government_id) or found.entries_due_on is None:
        raise NotFound(_("No existe esa consulta."))
    return found


def _own(slug: str, entry_id: int) -> Entry:
    found = find_entry(entry_id)
    if found is None or found.window.slug != slug or not any(may_write(p, agency_id=found.agency_id) for p in _posts()):
        raise NotFound(_("No existe esa propuesta."))
    return found


def _editor(
    window: Window,
    form: EntryForm,
    details: dict[str, str],
    entry: Entry | None,
    actor: Actor,
    problems: list[tuple[str, str]] | None = None,
) -> str:
    units = _units(window, entry)
    several = len({unit.agency_id for unit in units}) > 1
    form.unit_id.choices = [
        (str(unit.id), f"{unit.name} ({unit.agency.name})" if several else unit.name) for unit in units
    ]
    own = next((post for post in _posts_in(window.government_id)), actor)
    form.unit_id.data = form.unit_id.data or str(own.unit_id)
    return render_template(
        "desk/entry.html",
        window=window,
        form=form,
        fields=read_fields(window.instrument.entry_fields),
        details=details,
        problems=dict(problems or []),
        entry=entry,
        editable=entry is None or entry.state in ("draft", "observed"),
    )
