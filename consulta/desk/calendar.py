"""The calendar of a government: the administrator drafts decrees, the coordinator publishes them."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import func, select

from consulta.actors import Actor, Role
from consulta.agencies.models import Government
from consulta.agencies.pages import typed_day, typed_text
from consulta.agencies.queries import get_government, list_agencies, list_units
from consulta.clocks.calendars import find_decree, list_decrees, name_of_holder
from consulta.clocks.decree_files import read_range, read_ranges
from consulta.clocks.decrees import discard_decree, draft_decree, edit_decree, publish_decree
from consulta.clocks.models import Clock, Decree
from consulta.clocks.rules import MOST_RANGES, DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind, DecreeState
from consulta.db import session, unit_of_work
from consulta.deadlines import ClockState
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.windows.queries import list_instruments

blueprint = Blueprint("decrees", __name__)
DRAFTS = roles(Role.ADMINISTRATOR)
PUBLISHES = roles(Role.COORDINATOR)
# Rows offered beyond those that are filled.
SPARE_ROWS = 3
CELLS = ("desde", "hasta", "tipo", "motivo")


@blueprint.get("/administracion/calendario")
@access(DRAFTS)
def overview(actor: Actor) -> str:
    """List the decrees, with the form to draft one."""
    return _admin_page(get_government(actor.government_id))


@blueprint.post("/administracion/calendario")
@access(DRAFTS)
def add(actor: Actor) -> Any:
    """Keep a new draft."""
    return _save(actor, None)


@blueprint.get("/administracion/calendario/<int:decree_id>")
@access(DRAFTS)
def one(decree_id: int, actor: Actor) -> str:
    """Show one decree: a draft can be changed, a published one only read."""
    return _admin_page(get_government(actor.government_id), _own(decree_id, actor))


@blueprint.post("/administracion/calendario/<int:decree_id>")
@access(DRAFTS)
def change(decree_id: int, actor: Actor) -> Any:
    """Write a draft anew, or discard it."""
    if request.form.get("accion") != "descartar":
        return _save(actor, _own(decree_id, actor))
    try:
        with unit_of_work():
            discard_decree(decree=_own(decree_id, actor), actor=actor, now=arrived_at())
    except Refused as refused:
        return _admin_page(get_government(actor.government_id), _own(decree_id, actor), refused), 422
    flash(_("Borrador descartado."))
    return redirect("/administracion/calendario")


@blueprint.get("/coordinacion/calendario")
@access(PUBLISHES)
def to_publish(actor: Actor) -> str:
    """List the drafts that wait for publication, and what is in force."""
    return _publish_page(actor)


@blueprint.post("/coordinacion/calendario/<int:decree_id>")
@access(PUBLISHES)
def publish(decree_id: int, actor: Actor) -> Any:
    """Publish a draft."""
    try:
        with unit_of_work():
            publish_decree(decree=_own(decree_id, actor), actor=actor, now=arrived_at())
    except Refused as refused:
        return _publish_page(actor, decree_id, refused), 422
    flash(_("Decreto publicado. Los plazos abiertos se están contando otra vez; quien los tiene recibirá aviso."))
    return redirect("/coordinacion/calendario")


def _save(actor: Actor, decree: Decree | None) -> Any:
    government = get_government(actor.government_id)
    try:
        draft = _read_draft()
        with unit_of_work():
            if decree is None:
                decree_id = draft_decree(government=government, draft=draft, actor=actor, now=arrived_at()).id
            else:
                decree_id = decree.id
                edit_decree(decree=decree, draft=draft, actor=actor, now=arrived_at())
    except Refused as refused:
        return _admin_page(get_government(actor.government_id), decree, refused), 422
    flash(_("Borrador guardado. Lo publica la coordinación."))
    return redirect(f"/administracion/calendario/{decree_id}")


def _read_draft() -> DecreeDraft:
    """Return the decree that was typed, or that came as a file. Raises Refused at the field."""
    level, __, number = request.form.get("holder", "").partition(":")
    holder_id = int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None
    replaced = request.form.get("replaces", "")
    return DecreeDraft(
        title=typed_text("title"),
        reference=typed_text("reference"),
        gazetted_on=typed_day("gazetted_on"),
        ranges=_read_ranges(),
        agency_id=holder_id if level == "dependencia" else None,
        unit_id=holder_id if level == "unidad" else None,
        replaces_id=int(replaced) if replaced.isascii() and replaced.isdigit() and len(replaced) < 18 else None,
    )


def _read_ranges() -> tuple[RangeDraft, ...]:
    uploaded = request.files.get("file")
    exempt = tuple(request.form.getlist("exempt"))
    if uploaded is not None and uploaded.filename:
        suffix = ".xlsx" if uploaded.filename.lower().endswith(".xlsx") else ".csv"
        with NamedTemporaryFile(suffix=suffix) as kept:
            uploaded.save(kept.name)
            try:
                return read_ranges(Path(kept.name))
            except Refused as refused:
                message = refused.message.replace(Path(kept.name).name, uploaded.filename[:80])
                raise Refused(message, field="file") from refused
    ranges = []
    for line, row in enumerate(_typed_rows(), start=1):
        if any(row[name] for name in ("desde", "hasta", "motivo")):
            try:
                found = read_range(row, line)
            except Refused as refused:
                raise Refused(refused.message, field="ranges") from refused
            ranges.append(RangeDraft(found.first_on, found.last_on, found.kind, found.reason, exempt, line))
    return tuple(ranges)


def _typed_rows() -> list[dict[str, str]]:
    return [
        {name: typed_text(f"{name}-{n}") for name in CELLS} for n in range(MOST_RANGES) if f"desde-{n}" in request.form
    ]


def _rows(decree: Decree | None) -> list[dict[str, str]]:
    """Return the rows of the form: what was typed, else what is kept, and some empty ones."""
    if request.form:
        kept = [row for row in _typed_rows() if any(row[name] for name in ("desde", "hasta", "motivo"))]
    else:
        kept = [
            {
                "desde": item.first_on.isoformat(),
                "hasta": item.last_on.isoformat(),
                "tipo": item.kind,
                "motivo": item.reason,
            }
            for item in (decree.ranges if decree else ())
        ]
    return [*kept, *({name: "" for name in CELLS} for __ in range(SPARE_ROWS))]


def _values(decree: Decree | None) -> dict[str, Any]:
    """Return what the form shows: what was typed after a refusal, else what is kept."""
    if request.form:
        names = ("title", "reference", "gazetted_on", "holder", "replaces")
        return {**{name: typed_text(name) for name in names}, "exempt": request.form.getlist("exempt")}
    if decree is None:
        return {"title": "", "reference": "", "gazetted_on": "", "holder": "", "replaces": "", "exempt": []}
    holder = (
        f"unidad:{decree.unit_id}" if decree.unit_id else f"dependencia:{decree.agency_id}" if decree.agency_id else ""
    )
    return {
        "title": decree.title,
        "reference": decree.reference,
        "gazetted_on": decree.gazetted_on.isoformat(),
        "holder": holder,
        "replaces": str(decree.replaces_id or ""),
        "exempt": sorted({key for item in decree.ranges for key in item.exempt}),
    }


def _admin_page(government: Government, decree: Decree | None = None, refused: Refused | None = None) -> str:
    decrees = list_decrees(government.id)
    every = [
        *list_instruments(government_id=government.id),
        *list_instruments(permanent=True, government_id=government.id),
    ]
    return render_template(
        "desk/calendar_admin.html",
        decree=decree,
        is_draft=decree is None or decree.state == DecreeState.DRAFT,
        decrees=decrees,
        replaceable=[item for item in decrees if item.state == DecreeState.PUBLISHED],
        holder=name_of_holder,
        agencies=list_agencies(government.id),
        units=list_units(government.id),
        instruments=every,
        kinds=list(DecreeKind),
        rows=_rows(decree),
        values=_values(decree),
        refused=refused,
    )


def _publish_page(actor: Actor, decree_id: int | None = None, refused: Refused | None = None) -> str:
    decrees = list_decrees(actor.government_id)
    running = select(func.count()).where(Clock.government_id == actor.government_id, Clock.state != ClockState.MET)
    return render_template(
        "desk/calendar_publish.html",
        drafts=[item for item in decrees if item.state == DecreeState.DRAFT],
        published=[item for item in decrees if item.state != DecreeState.DRAFT],
        holder=name_of_holder,
        running=session().scalar(running) or 0,
        wrong=decree_id,
        refused=refused,
    )


def _own(decree_id: int, actor: Actor) -> Decree:
    found = find_decree(actor.government_id, decree_id)
    if found is None:
        raise NotFound(_("No existe ese decreto."))
    return found
