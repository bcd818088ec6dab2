"""Preparing what is due in a period: one click makes the draft, with the texts of the time before."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request

from consulta.actors import Actor, Role
from consulta.agencies.queries import get_government
from consulta.db import unit_of_work
from consulta.desk.plan import coming_periods
from consulta.errors import NotFound
from consulta.i18n.text import _, shipped
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.windows.operations import create_window, set_instrument_aside
from consulta.windows.queries import list_instruments, list_windows_of_government

blueprint = Blueprint("periods", __name__)
COORDINATES = roles(Role.COORDINATOR)


@blueprint.post("/coordinacion/plan")
@access(COORDINATES)
def prepare(actor: Actor) -> Any:
    """Create the draft of a period and lead to its control page, or hear that the instrument is not used here."""
    if request.form.get("accion") == "no-aplica":
        return _set_aside(actor)
    with unit_of_work():
        government = get_government(actor.government_id)
        zone = ZoneInfo(government.timezone)
        windows = list_windows_of_government(actor.government_id)
        instruments = [
            item
            for item in list_instruments(government_id=actor.government_id)
            if item.key not in government.unused_instruments
        ]
        today = arrived_at().astimezone(zone).date()
        asked = (request.form.get("instrument"), request.form.get("on"))
        coming = coming_periods(instruments, windows, today, zone)
        found = next((item for item in coming if (item.instrument.key, item.occurrence.on.isoformat()) == asked), None)
        if found is None:
            raise NotFound(_("Ese periodo ya no está pendiente."))
        on, name = found.occurrence.on, shipped(found.instrument.name)
        before = next((item for item in windows if item.instrument_key == found.instrument.key), None)
        window = create_window(
            government=government,
            instrument=found.instrument,
            title=_(
                "%(name)s, %(period)s de %(year)s",
                name=name,
                period=shipped(found.occurrence.period.name),
                year=on.year,
            ),
            summary=before.summary if before else shipped(found.instrument.description) or name,
            decides=before.decides if before else "",
            afterwards=before.afterwards if before else "",
            actor=actor,
            now=arrived_at(),
        )
        slug = window.slug
    flash(_("Consulta creada, con los textos de la anterior. Revise, agregue los temas y prográmela."))
    return redirect(f"/coordinacion/consultas/{slug}?abre={on.isoformat()}")


def _set_aside(actor: Actor) -> Any:
    with unit_of_work():
        government = get_government(actor.government_id)
        known = {item.key for item in list_instruments(government_id=actor.government_id)}
        key = request.form.get("instrument", "")
        if key not in known:
            raise NotFound(_("No existe ese instrumento."))
        set_instrument_aside(government=government, instrument_key=key, actor=actor, now=arrived_at())
    flash(_("Ya no se avisará de ese instrumento. Puede crear su consulta cuando quiera."))
    return redirect("/coordinacion")
