"""Writes of projects, their actions, and the comments that they come from; each act with its leaf."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from consulta.actors import Actor
from consulta.agencies.models import Government, Unit
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.outcomes.models import AdministrativeAction, ImprovementProject, ProjectSubmission
from consulta.outcomes.queries import find_by_key
from consulta.outcomes.rules import is_traceable, may_move_project, may_open_projects, may_trace_answer
from consulta.outcomes.states import (
    ACTION_TRANSITIONS,
    PROJECT_TRANSITIONS,
    ActionState,
    ProjectKind,
    ProjectState,
)
from consulta.record.operations import append_leaf
from consulta.referrals.models import Answer
from consulta.referrals.states import AnswerState
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.submissions.standing import mark_traced

LONGEST_KEY, LONGEST_TITLE, LONGEST_TEXT = 60, 300, 4_000


@dataclass(frozen=True)
class ProjectDraft:
    """What is written of a project."""

    key: str
    kind: str
    title: str
    summary: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


def create_project(
    *, government: Government, draft: ProjectDraft, unit: Unit | None, actor: Actor, now: datetime
) -> ImprovementProject:
    """Open a project, with its leaf. Raises Refused at the field to correct, Forbidden for others."""
    _check_coordination(actor, government.id)
    kept = _checked(draft)
    lock_exclusive(f"projects:{government.id}")
    if find_by_key(government.id, kept.key) is not None:
        raise Refused(_("Ya hay un proyecto con la clave %(key)s.", key=kept.key), field="key")
    project = ImprovementProject(
        government=government,
        unit=unit,
        state=ProjectState.PROPOSED,
        created_at=now,
        updated_at=now,
        post_id=actor.post_id,
        **asdict(kept),
    )
    session().add(project)
    session().flush()
    _record(project, "created", actor, now, {**asdict(kept), "unit_id": project.unit_id})
    return project


def edit_project(
    *, project: ImprovementProject, draft: ProjectDraft, unit: Unit | None, actor: Actor, now: datetime
) -> None:
    """Change what is written of a project; its number stays. Raises Refused at the field to correct."""
    _check_coordination(actor, project.government_id)
    kept = _checked(draft)
    for name in ("kind", "title", "summary", "starts_on", "ends_on"):
        setattr(project, name, getattr(kept, name))
    project.unit, project.updated_at = unit, now
    session().flush()
    _record(project, "edited", actor, now, {**asdict(kept), "unit_id": project.unit_id})


def move_project(*, project: ImprovementProject, state: ProjectState, reason: str, actor: Actor, now: datetime) -> None:
    """Say how far a project is. Raises Refused for a step that is not one, or when it is dropped without a reason."""
    _check_moves(project, actor)
    lock_exclusive(f"project:{project.id}")
    session().refresh(project)
    if state not in PROJECT_TRANSITIONS[ProjectState(project.state)]:
        raise Refused(_("Desde ese estado no se puede pasar al que eligió."), field="state")
    project.state_reason = _checked_reason(reason, needed=state == ProjectState.DROPPED)
    project.state, project.updated_at = state, now
    session().flush()
    _record(project, "moved", actor, now, {"state": state, "reason": project.state_reason})


def add_action(
    *, project: ImprovementProject, key: str, title: str, due_on: date | None, actor: Actor, now: datetime
) -> AdministrativeAction:
    """Add an action to a project, with its leaf. Raises Refused at the field to correct."""
    _check_moves(project, actor)
    kept_key, kept_title = _checked_key(key), _checked_title(title)
    lock_exclusive(f"project:{project.id}")
    known = select(AdministrativeAction.id).where(
        AdministrativeAction.project_id == project.id, AdministrativeAction.key == kept_key
    )
    if session().scalar(known) is not None:
        raise Refused(_("El proyecto ya tiene una intervención con la clave %(key)s.", key=kept_key), field="key")
    action = AdministrativeAction(
        project=project,
        key=kept_key,
        title=kept_title,
        state=ActionState.PLANNED,
        due_on=due_on,
        created_at=now,
        post_id=actor.post_id,
    )
    session().add(action)
    project.updated_at = now
    session().flush()
    _record(project, "action_added", actor, now, {"action": kept_key, "title": kept_title, "due_on": due_on})
    return action


def move_action(
    *,
    action: AdministrativeAction,
    state: ActionState,
    reason: str,
    actor: Actor,
    now: datetime,
    done_on: date | None = None,
) -> None:
    """Say how far an action is; what is done carries its day. Raises Refused as `move_project` does."""
    _check_moves(action.project, actor)
    lock_exclusive(f"project:{action.project_id}")
    session().refresh(action)
    if state not in ACTION_TRANSITIONS[ActionState(action.state)]:
        raise Refused(_("Desde ese estado no se puede pasar al que eligió."), field="state")
    action.state_reason = _checked_reason(reason, needed=state == ActionState.NOT_DONE)
    action.state = state
    action.done_on = (done_on or now.date()) if state == ActionState.DONE else None
    action.project.updated_at = now
    session().flush()
    content = {"action": action.key, "state": state, "reason": action.state_reason, "done_on": action.done_on}
    _record(action.project, "action_moved", actor, now, content)


def trace_answer(*, project: ImprovementProject, answer: Answer, actor: Actor, now: datetime) -> int:
    """Write down that a published answer led to a project: every comment that it answers is one of its sources.

    Returns how many are new. Raises Refused when it is not published, or answers nothing that may be named.
    """
    if not may_trace_answer(actor, answer):
        raise Forbidden(_("Esa respuesta es de otra unidad."))
    if answer.state != AnswerState.PUBLISHED:
        raise Refused(_("Publique la respuesta antes de ligarla a un proyecto."))
    found = [referral.submission for referral in answer.referrals]
    if not any(_is_traceable(item, project) for item in found):
        raise Refused(_("Ese tipo de envío no se nombra en público: no se liga a un proyecto."))
    return trace(project=project, submissions=found, actor=actor, now=now)


def trace(*, project: ImprovementProject, submissions: Iterable[Submission], actor: Actor, now: datetime) -> int:
    """Tie comments to a project; what may not be named in public, or left, is passed over. Returns how many are new."""
    _check_moves(project, actor)
    lock_exclusive(f"project:{project.id}")
    session().refresh(project, ["sources"])
    added: list[str] = []
    for submission in sorted({item.id: item for item in submissions}.values(), key=lambda item: item.id):
        if _is_traceable(submission, project) and _tie(project, submission, actor, now):
            added.append(submission.folio)
    project.sources += len(added)
    if added:
        project.updated_at = now
        session().flush()
        _record(project, "traced", actor, now, {"folios": added})
    return len(added)


def untrace(*, project: ImprovementProject, submission: Submission, actor: Actor, now: datetime) -> None:
    """Undo a tie; the row stays. Raises Refused where there is none."""
    _check_moves(project, actor)
    lock_exclusive(f"project:{project.id}")
    # Two projects may let go of it at once: whoever is last has to see that it was.
    lock_exclusive(f"submission:{submission.id}")
    tie = session().get(ProjectSubmission, (project.id, submission.id))
    if tie is None or tie.removed_at is not None:
        raise Refused(_("Ese folio no está ligado al proyecto."), field="folios")
    session().refresh(project, ["sources"])
    tie.removed_at, project.sources, project.updated_at = now, project.sources - 1, now
    session().flush()
    others = select(func.count()).where(
        ProjectSubmission.submission_id == submission.id, ProjectSubmission.removed_at.is_(None)
    )
    if not session().scalar(others):
        mark_traced(submission=submission, is_traced=False)
    _record(project, "untraced", actor, now, {"folios": [submission.folio]})


def _is_traceable(submission: Submission, project: ImprovementProject) -> bool:
    return is_traceable(submission, government_id=project.government_id, holder_id=holder_of(submission))


def _tie(project: ImprovementProject, submission: Submission, actor: Actor, now: datetime) -> bool:
    known = session().get(ProjectSubmission, (project.id, submission.id))
    if known is not None and known.removed_at is None:
        return False
    if known is None:
        known = ProjectSubmission(project_id=project.id, submission_id=submission.id)
        session().add(known)
    known.post_id, known.at, known.removed_at = actor.post_id, now, None
    mark_traced(submission=submission, is_traced=True)
    return True


def _check_coordination(actor: Actor, government_id: int) -> None:
    if not may_open_projects(actor, government_id=government_id):
        raise Forbidden(_("Los proyectos los abre la coordinación de este gobierno."))


def _check_moves(project: ImprovementProject, actor: Actor) -> None:
    if not may_move_project(actor, government_id=project.government_id, unit_id=project.unit_id):
        raise Forbidden(_("Ese proyecto es de otra unidad."))


def _checked(draft: ProjectDraft) -> ProjectDraft:
    key, title, summary = _checked_key(draft.key), _checked_title(draft.title), draft.summary.strip()
    if draft.kind not in list(ProjectKind):
        raise Refused(_("Elija si mejora una regulación, un trámite o un servicio."), field="kind")
    if len(summary) > LONGEST_TEXT:
        raise Refused(_("Escriba hasta %(n)s caracteres.", n=f"{LONGEST_TEXT:,}"), field="summary")
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        raise Refused(_("Termina antes de empezar: revise las fechas."), field="ends_on")
    return ProjectDraft(key, draft.kind, title, summary, draft.starts_on, draft.ends_on)


def _checked_key(key: str) -> str:
    kept = " ".join(key.split())
    if not kept or len(kept) > LONGEST_KEY:
        raise Refused(_("Escriba la clave, de 1 a %(n)s caracteres.", n=LONGEST_KEY), field="key")
    return kept


def _checked_title(title: str) -> str:
    kept = " ".join(title.split())
    if not kept or len(kept) > LONGEST_TITLE:
        raise Refused(_("Escriba el nombre, de 1 a %(n)s caracteres.", n=LONGEST_TITLE), field="title")
    return kept


def _checked_reason(reason: str, *, needed: bool) -> str:
    kept = reason.strip()
    if (needed and not kept) or len(kept) > LONGEST_TEXT:
        raise Refused(_("Escriba por qué: es público."), field="reason")
    return kept


def _record(project: ImprovementProject, verb: str, actor: Actor, now: datetime, content: dict[str, Any]) -> None:
    content = {**content, "post_id": actor.post_id}
    append_leaf(kind=f"project.{verb}", public_id=f"proyecto-{project.id}", at=now, content=content)
