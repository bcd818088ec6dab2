"""The catalogue of documentary series, and what is filed in each: how long things are kept, and from when."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import SelectField

from consulta.actors import Actor, Role
from consulta.agencies.queries import get_government
from consulta.archives.models import DocumentarySeries
from consulta.archives.series import (
    SeriesDraft,
    add_series,
    assign_series,
    find_series,
    list_series,
    map_assignments,
    retire_series,
)
from consulta.archives.states import FinalDestination
from consulta.archives.terms import list_dated
from consulta.db import session, unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.windows.models import Instrument, Window
from consulta.windows.queries import find_window, list_instruments, list_windows_of_government

blueprint = Blueprint("desk_series", __name__)
FILES = roles(Role.COORDINATOR, Role.TRANSPARENCY)
ADDRESS = "/coordinacion/archivo/series"


class SeriesForm(BaseForm):
    """A series, as in the catalogue of documentary disposition."""

    code = CleanString(N_("Clave"))
    title = CleanString(N_("Nombre de la serie"))
    active_years = CleanString(N_("Años en archivo de trámite"))
    concentration_years = CleanString(N_("Años en archivo de concentración"))
    destination = SelectField(
        N_("Destino final"),
        choices=lambda: [(item.value, label("final_destination", item)) for item in FinalDestination],
        validate_choice=False,
    )
    legal_basis = CleanText(N_("Fundamento"))

    def draft(self) -> SeriesDraft:
        """Return what was written. Raises Refused at years that are no number."""
        return SeriesDraft(
            code=self.code.data or "",
            title=self.title.data or "",
            active_years=_years(self.active_years.data, "active_years"),
            concentration_years=_years(self.concentration_years.data, "concentration_years"),
            destination=self.destination.data or "",
            legal_basis=self.legal_basis.data or "",
        )


@blueprint.get(ADDRESS)
@access(FILES)
def series(actor: Actor) -> str:
    """Show the catalogue, what each instrument and window is filed in, and until when that is kept."""
    return _page(actor)


@blueprint.post(ADDRESS)
@access(FILES)
def add(actor: Actor) -> Any:
    """Add a series."""
    form = SeriesForm(request.form)
    form.attach_removed()
    if form.has_problems():
        return _page(actor, form), 422
    try:
        with unit_of_work():
            government = get_government(actor.government_id)
            add_series(government=government, draft=form.draft(), actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(actor, form), 422
    flash(_("Serie agregada."))
    return redirect(ADDRESS)


@blueprint.post(f"{ADDRESS}/asignar")
@access(FILES)
def assign(actor: Actor) -> Any:
    """File an instrument, or a window, in a series; without one, take back what was said."""
    what = request.form.get("que", "")[:100]
    subject = _subject(what, actor)
    try:
        with unit_of_work():
            assign_series(
                subject=subject,
                government=get_government(actor.government_id),
                series=_chosen(actor),
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        return _page(actor, problem=(f"serie-{what.replace(':', '-')}", refused.message)), 422
    flash(_("Serie asignada."))
    return redirect(ADDRESS)


@blueprint.post(f"{ADDRESS}/<int:series_id>/retirar")
@access(FILES)
def retire(series_id: int, actor: Actor) -> Any:
    """Take a series out of use."""
    found = find_series(actor.government_id, series_id) if series_id < 2**62 else None
    if found is None:
        raise NotFound(_("No existe esa serie."))
    try:
        with unit_of_work():
            retire_series(series=found, actor=actor, now=arrived_at())
    except Refused as refused:
        return _page(actor, problem=(f"serie-{series_id}", refused.message)), 422
    flash(_("Serie retirada: lo que ya se dio de baja la sigue nombrando."))
    return redirect(ADDRESS)


def _subject(what: str, actor: Actor) -> Window | Instrument:
    """Return what `instrumento:<key>` or `consulta:<slug>` names. Raises NotFound for what is of others."""
    group, _colon, name = what.partition(":")
    found: Window | Instrument | None = None
    if group == "consulta":
        found = find_window(name)
    elif group == "instrumento":
        found = session().get(Instrument, name)
    owner = getattr(found, "government_id", None)
    if found is None or (owner is not None and owner != actor.government_id):
        raise NotFound(_("No existe esa consulta ni ese instrumento."))
    return found


def _chosen(actor: Actor) -> DocumentarySeries | None:
    value = request.form.get("series_id", "")
    if not value:
        return None
    found = (
        find_series(actor.government_id, int(value))
        if value.isascii() and value.isdigit() and len(value) < 18
        else None
    )
    if found is None:
        raise Refused(_("Elija una serie en uso del cuadro de este gobierno."), field="series_id")
    return found


def _years(value: str | None, field: str) -> int:
    typed = (value or "").strip()
    if not typed.isascii() or not typed.isdigit() or len(typed) > 4:
        raise Refused(_("Escriba los años con número, por ejemplo 2."), field=field)
    return int(typed)


def _page(actor: Actor, form: SeriesForm | None = None, problem: tuple[str, str] | None = None) -> str:
    own = actor.government_id
    by_instrument, by_window = map_assignments(own)
    instruments = [*list_instruments(government_id=own), *list_instruments(permanent=True, government_id=own)]
    catalogue = list_series(own)
    return render_template(
        "desk/series.html",
        form=form or SeriesForm(),
        catalogue=catalogue,
        used={item.id for item in (*by_instrument.values(), *by_window.values())},
        choices=[(item.id, f"{item.code} {item.title}") for item in catalogue if item.retired_at is None],
        instruments=instruments,
        by_instrument=by_instrument,
        by_window=by_window,
        dated=list_dated(list_windows_of_government(own)),
        problem=problem,
    )
