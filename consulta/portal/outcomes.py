"""What opinions led to: opinions → improvement projects → administrative actions, down to the folios."""

import csv
import io
from typing import Any

from flask import Blueprint, Response, render_template, request

from consulta.agencies.models import Government
from consulta.agencies.queries import find_government_by_key, list_governments
from consulta.errors import NotFound
from consulta.i18n.labels import official
from consulta.i18n.text import _
from consulta.outcomes.queries import (
    PAGE,
    find_project,
    list_actions,
    list_opinions,
    list_projects,
    list_sources,
    map_projects,
    read_chain,
)
from consulta.outcomes.states import ActionState, ProjectState
from consulta.web.access import EVERYBODY, access
from consulta.web.context import show_government
from consulta.web.pagination import decode_cursor, encode_cursor

blueprint = Blueprint("outcomes", __name__)
BORN_WORDS = {"opiniones": True, "propia": False}


@blueprint.get("/resultados")
@access(EVERYBODY)
def chain() -> str:
    """Show the chain in figures; each opens the list that it counts."""
    government = _government()
    return render_template(
        "portal/chain.html",
        only=government,
        governments=list_governments(),
        chain=read_chain(government.id if government else None),
        project_states=list(ProjectState),
        action_states=list(ActionState),
    )


@blueprint.get("/resultados/opiniones")
@access(EVERYBODY)
def opinions() -> str:
    """List the opinions that led to a project, or those that did not."""
    government, is_traced = _government(), request.args.get("proyecto") != "no"
    found = list_opinions(
        government_id=government.id if government else None, is_traced=is_traced, after_id=_after(), limit=PAGE + 1
    )
    shown = found[:PAGE]
    return render_template(
        "portal/chain_opinions.html",
        only=government,
        is_traced=is_traced,
        opinions=shown,
        projects=map_projects([item.id for item in shown]),
        more=encode_cursor(shown[-1].id) if len(found) > PAGE else None,
        kept=_kept("gobierno", "proyecto"),
    )


@blueprint.get("/resultados/proyectos")
@access(EVERYBODY)
def projects() -> str:
    """List projects; filters stay in the address."""
    government, state = _government(), request.args.get("estado", "")
    found = list_projects(
        government_id=government.id if government else None,
        state=ProjectState(state) if state in list(ProjectState) else None,
        is_born=BORN_WORDS.get(request.args.get("origen", "")),
        after_id=_after(),
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return render_template(
        "portal/chain_projects.html",
        only=government,
        projects=shown,
        states=list(ProjectState),
        chosen=state,
        born=request.args.get("origen", ""),
        more=encode_cursor(shown[-1].id) if len(found) > PAGE else None,
        kept=_kept("gobierno", "estado", "origen"),
    )


@blueprint.get("/resultados/proyectos/<int:project_id>")
@access(EVERYBODY)
def project(project_id: int) -> str:
    """Show a project with its folios and its actions."""
    found = find_project(project_id)
    if found is None:
        raise NotFound(_("No existe ese proyecto."))
    show_government(found.government)
    sources = list_sources(found.id, after_id=_after(), limit=PAGE + 1)
    shown = sources[:PAGE]
    return render_template(
        "portal/chain_project.html",
        project=found,
        sources=shown,
        more=encode_cursor(shown[-1].id) if len(sources) > PAGE else None,
    )


@blueprint.get("/resultados/intervenciones")
@access(EVERYBODY)
def actions() -> str:
    """List administrative actions with their projects."""
    government, state = _government(), request.args.get("estado", "")
    found = list_actions(
        government_id=government.id if government else None,
        state=ActionState(state) if state in list(ActionState) else None,
        after_id=_after(),
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return render_template(
        "portal/chain_actions.html",
        only=government,
        actions=shown,
        states=list(ActionState),
        chosen=state,
        more=encode_cursor(shown[-1].id) if len(found) > PAGE else None,
        kept=_kept("gobierno", "estado"),
    )


@blueprint.get("/resultados.csv")
@access(EVERYBODY)
def table() -> Response:
    """Give the whole chain: a row per project and folio, and one per action."""
    government = _government()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["proyecto", "titulo", "clase", "estado", "folio", "intervencion", "estado_de_la_intervencion"])
    after = 0
    while found := list_projects(government_id=government.id if government else None, after_id=after, limit=200):
        for item in found:
            rows.writerows(_rows(item))
        after = found[-1].id
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="resultados.csv"'
    return response


def _rows(item: Any) -> list[list[str]]:
    start = [item.key, item.title, official("project_kind", item.kind), official("project_state", item.state)]
    folios = [[*start, source.folio, "", ""] for source in list_sources(item.id, limit=100_000)]
    steps = [[*start, "", step.title, official("action_state", step.state)] for step in item.actions]
    return [*folios, *steps] or [[*start, "", "", ""]]


def _after() -> int:
    cursor = decode_cursor(request.args.get("desde"), int)
    return cursor[0] if cursor else 0


def _government() -> Government | None:
    found = find_government_by_key(request.args.get("gobierno", ""))
    if found is not None:
        show_government(found)
    return found


def _kept(*names: str) -> dict[str, str]:
    """Return what stays in the addresses of a list."""
    return {name: value for name in names if (value := request.args.get(name, "")[:60])}
