"""Improvement projects for the offices: opened by the coordination, moved along by their units, tied to answers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import DateField, SelectField
from wtforms.validators import Optional

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_unit, get_government, list_units
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.outcomes.models import AdministrativeAction, ImprovementProject
from consulta.outcomes.operations import (
    ProjectDraft,
    add_action,
    create_project,
    edit_project,
    move_action,
    move_project,
    trace,
    trace_answer,
    untrace,
)
from consulta.outcomes.queries import find_project, list_projects, list_sources
from consulta.outcomes.rules import may_move_project, may_trace_answer
from consulta.outcomes.states import (
    ACTION_TRANSITIONS,
    PROJECT_TRANSITIONS,
    ActionState,
    ProjectKind,
    ProjectState,
)
from consulta.referrals.queries import find_answer
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_visible
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import CLEANERS, BaseForm, CleanString, CleanText
from consulta.web.pagination import decode_cursor, encode_cursor

blueprint = Blueprint("desk_outcomes", __name__)
COORDINATES = roles(Role.COORDINATOR)
WORKS = roles(Role.COORDINATOR, Role.RESPONDENT, Role.APPROVER)
PAGE, MOST_SOURCES = 50, 500


class ProjectForm(BaseForm):
    """What is written of a project."""

    key = CleanString(N_("Clave"))
    title = CleanString(N_("Nombre del proyecto"))
    kind = SelectField(
        N_("Qué mejora"),
        choices=lambda: [(item.value, label("project_kind", item.value)) for item in ProjectKind],
        validate_choice=False,
    )
    summary = CleanText(N_("Qué va a cambiar"))
    unit_id = SelectField(N_("Unidad que lo lleva"), validate_choice=False)
    starts_on = DateField(N_("Empieza"), validators=[Optional()])
    ends_on = DateField(N_("Termina"), validators=[Optional()])

    def draft(self) -> ProjectDraft:
        """Return what was typed."""
        return ProjectDraft(
            self.key.data or "",
            self.kind.data or "",
            self.title.data or "",
            self.summary.data or "",
            self.starts_on.data,
            self.ends_on.data,
        )


@blueprint.get("/coordinacion/proyectos")
@access(WORKS)
def projects(actor: Actor) -> str:
    """List the projects: of the government for its coordination, of the unit for who works there."""
    return _list_page(actor)


@blueprint.post("/coordinacion/proyectos")
@access(COORDINATES)
def create(actor: Actor) -> Any:
    """Open a project."""
    form = ProjectForm(request.form)
    form.attach_removed()
    try:
        if form.has_problems():
            return _list_page(actor, form), 422
        with unit_of_work():
            made = create_project(
                government=get_government(actor.government_id),
                draft=form.draft(),
                unit=_unit(form, actor),
                actor=actor,
                now=arrived_at(),
            )
            number = made.id
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _list_page(actor, form), 422
    flash(_("Proyecto abierto. Lígelo a las respuestas o a los folios de los que viene."))
    return redirect(f"/coordinacion/proyectos/{number}")


@blueprint.get("/coordinacion/proyectos/<int:project_id>")
@access(WORKS)
def project(project_id: int, actor: Actor) -> str:
    """Show a project with the forms of what may be done now."""
    found = _own(project_id, actor)
    return _project_page(found, actor, ProjectForm(obj=found, data={"unit_id": str(found.unit_id or "")}))


@blueprint.post("/coordinacion/proyectos/<int:project_id>")
@access(WORKS)
def change(project_id: int, actor: Actor) -> Any:
    """Do one of the acts on a project: `accion` says which."""
    acts: dict[str, Callable[[ImprovementProject, Actor], str]] = {
        "editar": _edit,
        "estado": _move,
        "intervencion": _add_action,
        "mover": _move_action,
        "ligar": _trace,
        "desligar": _untrace,
    }
    act = acts.get(request.form.get("accion", ""))
    found = _own(project_id, actor)
    try:
        if act is None:
            raise Refused(_("Elija qué hacer."))
        with unit_of_work():
            message = act(found, actor)
    except Refused as refused:
        form = ProjectForm(request.form if act is _edit else None, obj=found)
        form.add_problem(refused.field if act is _edit else None, refused.message)
        return _project_page(_own(project_id, actor), actor, form), 422
    flash(message)
    return redirect(f"/coordinacion/proyectos/{project_id}")


@blueprint.post("/bandeja/respuestas/<int:answer_id>/proyecto")
@access(WORKS)
def tie(answer_id: int, actor: Actor) -> Any:
    """Tie a published answer to a project."""
    answer = find_answer(answer_id) if answer_id < 2**62 else None
    number = request.form.get("project_id", type=int) or 0
    if answer is None or not may_trace_answer(actor, answer):
        raise NotFound(_("No existe esa respuesta."))
    try:
        with unit_of_work():
            added = trace_answer(project=_own(number, actor), answer=answer, actor=actor, now=arrived_at())
        flash(_("Ligada al proyecto: %(n)s folios nuevos.", n=added))
    except (Refused, NotFound) as refused:
        flash(refused.message)
    return redirect(f"/bandeja/respuestas/{answer_id}")


def _edit(found: ImprovementProject, actor: Actor) -> str:
    form = ProjectForm(request.form)
    edit_project(project=found, draft=form.draft(), unit=_unit(form, actor), actor=actor, now=arrived_at())
    return _("Guardado.")


def _move(found: ImprovementProject, actor: Actor) -> str:
    state = request.form.get("state", "")
    if state not in list(ProjectState):
        raise Refused(_("Elija el estado."), field="state")
    move_project(project=found, state=ProjectState(state), reason=_typed("reason"), actor=actor, now=arrived_at())
    return _("Estado guardado: ya es público.")


def _add_action(found: ImprovementProject, actor: Actor) -> str:
    form = ProjectForm(request.form)
    add_action(
        project=found,
        key=_typed("action_key"),
        title=_typed("action_title"),
        due_on=form.ends_on.data,
        actor=actor,
        now=arrived_at(),
    )
    return _("Intervención agregada.")


def _move_action(found: ImprovementProject, actor: Actor) -> str:
    state, number = request.form.get("state", ""), request.form.get("action_id", type=int)
    action: AdministrativeAction | None = next((item for item in found.actions if item.id == number), None)
    if action is None or state not in list(ActionState):
        raise Refused(_("Elija la intervención y su estado."))
    move_action(action=action, state=ActionState(state), reason=_typed("reason"), actor=actor, now=arrived_at())
    return _("Estado guardado: ya es público.")


def _trace(found: ImprovementProject, actor: Actor) -> str:
    submissions, unknown = _typed_folios()
    if unknown or not submissions:
        wrong = ", ".join(unknown[:5])
        raise Refused(_("No se puede ligar: %(folios)s.", folios=wrong) if wrong else _("Escriba los folios."))
    added = trace(project=found, submissions=submissions, actor=actor, now=arrived_at())
    return _("Folios nuevos: %(n)s.", n=added)


def _untrace(found: ImprovementProject, actor: Actor) -> str:
    for submission in _typed_folios()[0]:
        untrace(project=found, submission=submission, actor=actor, now=arrived_at())
    return _("El folio ya no está ligado.")


def _typed_folios() -> tuple[list[Submission], list[str]]:
    """Return the submissions whose folios were typed, and what is no folio of anything."""
    found: list[Submission] = []
    unknown: list[str] = []
    for word in _typed("folios").replace(";", " ").replace(",", " ").split()[:200]:
        try:
            submission = find_visible(parse_folio(word))
        except Refused:
            submission = None
        if submission is None:
            unknown.append(word[:40])
        else:
            found.append(submission)
    return found, unknown


def _typed(name: str) -> str:
    return CLEANERS[0](request.form.get(name, ""))[0]


def _unit(form: ProjectForm, actor: Actor) -> Any:
    value = form.unit_id.data or ""
    return find_unit(actor.government_id, int(value)) if value.isascii() and value.isdigit() else None


def _own(project_id: int, actor: Actor) -> ImprovementProject:
    found = find_project(project_id)
    if found is None or not may_move_project(actor, government_id=found.government_id, unit_id=found.unit_id):
        raise NotFound(_("No existe ese proyecto."))
    return found


def _list_page(actor: Actor, form: ProjectForm | None = None) -> str:
    cursor = decode_cursor(request.args.get("desde"), int)
    writes = actor.role == Role.COORDINATOR
    found = list_projects(
        government_id=actor.government_id,
        unit_ids=None if writes else [actor.unit_id],
        after_id=cursor[0] if cursor else 0,
        limit=PAGE + 1,
    )
    shown = found[:PAGE]
    return render_template(
        "desk/projects.html",
        projects=shown,
        form=_with_units(form or ProjectForm(), actor),
        writes=writes,
        more=encode_cursor(shown[-1].id) if len(found) > PAGE else None,
    )


def _project_page(found: ImprovementProject, actor: Actor, form: ProjectForm) -> str:
    return render_template(
        "desk/project.html",
        project=found,
        form=_with_units(form, actor),
        sources=list_sources(found.id, limit=MOST_SOURCES),
        moves=[item for item in ProjectState if item in PROJECT_TRANSITIONS[ProjectState(found.state)]],
        action_moves={state.value: sorted(ACTION_TRANSITIONS[state]) for state in ActionState},
        writes=actor.role == Role.COORDINATOR,
        typed={name: _typed(name) for name in ("reason", "folios", "action_key", "action_title")},
    )


def _with_units(form: ProjectForm, actor: Actor) -> ProjectForm:
    form.unit_id.choices = [("", _("Ninguna todavía"))] + [
        (str(unit.id), f"{unit.name} ({unit.agency.name})") for unit in list_units(actor.government_id)
    ]
    return form
