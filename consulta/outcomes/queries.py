"""Reads of what answers led to: the chain in figures, and the lists that each figure opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.outcomes.models import AdministrativeAction, ImprovementProject, ProjectSubmission
from consulta.outcomes.states import ActionState, ProjectState
from consulta.submissions.models import Submission
from consulta.submissions.queries import visible
from consulta.windows.counters import read_consultation_totals
from consulta.windows.models import Topic, Window

PAGE = 100
Row = TypeVarTuple("Row")


@dataclass(frozen=True)
class Chain:
    """The chain of a government, or of the instance: opinions, projects, actions; each part adds up to its whole."""

    received: int
    traced: int
    # Projects by state: `{state: (born of opinions, of the office's own initiative)}`.
    projects: dict[str, tuple[int, int]]
    actions: dict[str, int]

    @property
    def untraced(self) -> int:
        """Return how many opinions have no project."""
        return self.received - self.traced

    @property
    def born_of_opinions(self) -> int:
        """Return how many projects come from an opinion."""
        return sum(born for born, _own in self.projects.values())

    @property
    def own_initiative(self) -> int:
        """Return how many projects come from none."""
        return sum(own for _born, own in self.projects.values())

    @property
    def all_projects(self) -> int:
        """Return how many projects there are."""
        return self.born_of_opinions + self.own_initiative

    @property
    def all_actions(self) -> int:
        """Return how many actions there are."""
        return sum(self.actions.values())


def read_chain(government_id: int | None = None) -> Chain:
    """Return the chain in three statements, however many comments there are."""
    counts = read_consultation_totals(government_id)
    projects = {state.value: (0, 0) for state in ProjectState}
    # Projects are as many as an office can open: they are counted, not the comments.
    is_born = case((ImprovementProject.sources > 0, 1), else_=0)
    found = select(ImprovementProject.state, func.sum(is_born), func.count()).group_by(ImprovementProject.state)
    for state, born, count in session().execute(_of(found, government_id)):
        projects[state] = (int(born), count - int(born))
    actions = dict.fromkeys((state.value for state in ActionState), 0)
    counted = select(AdministrativeAction.state, func.count()).join(AdministrativeAction.project)
    for state, count in session().execute(_of(counted, government_id).group_by(AdministrativeAction.state)):
        actions[state] = count
    return Chain(
        counts.get("received", 0),
        counts.get("traced", 0),
        projects,
        actions,
    )


def list_projects(
    *,
    government_id: int | None = None,
    state: ProjectState | None = None,
    is_born: bool | None = None,
    unit_ids: Sequence[int] | None = None,
    after_id: int = 0,
    limit: int = PAGE,
) -> Sequence[ImprovementProject]:
    """Return projects in the order in which they were opened, with unit and government."""
    found = (
        select(ImprovementProject)
        .options(joinedload(ImprovementProject.unit), joinedload(ImprovementProject.government))
        .where(ImprovementProject.id > after_id)
        .order_by(ImprovementProject.id)
        .limit(limit)
    )
    if state is not None:
        found = found.where(ImprovementProject.state == state)
    if is_born is not None:
        found = found.where(ImprovementProject.sources > 0 if is_born else ImprovementProject.sources == 0)
    if unit_ids is not None:
        found = found.where(ImprovementProject.unit_id.in_(unit_ids))
    return session().scalars(_of(found, government_id)).all()


def find_project(project_id: int) -> ImprovementProject | None:
    """Return a project with its unit, government and actions."""
    if not 0 < project_id < 2**62:
        return None
    found = select(ImprovementProject).options(
        joinedload(ImprovementProject.unit).joinedload(Unit.agency),
        joinedload(ImprovementProject.government),
        selectinload(ImprovementProject.actions),
    )
    return session().scalar(found.where(ImprovementProject.id == project_id))


def list_actions(
    *, government_id: int | None = None, state: ActionState | None = None, after_id: int = 0, limit: int = PAGE
) -> Sequence[AdministrativeAction]:
    """Return actions in the order in which they were added, with their projects."""
    found = (
        select(AdministrativeAction)
        .join(AdministrativeAction.project)
        .options(contains_eager(AdministrativeAction.project))
        .where(AdministrativeAction.id > after_id)
        .order_by(AdministrativeAction.id)
        .limit(limit)
    )
    if state is not None:
        found = found.where(AdministrativeAction.state == state)
    return session().scalars(_of(found, government_id)).all()


def list_sources(project_id: int, *, after_id: int = 0, limit: int = PAGE) -> Sequence[Submission]:
    """Return the comments that a project comes from, in the order of reception."""
    tied = select(ProjectSubmission.submission_id).where(
        ProjectSubmission.project_id == project_id, ProjectSubmission.removed_at.is_(None)
    )
    found = select(Submission).options(joinedload(Submission.topic)).where(Submission.id.in_(tied))
    return session().scalars(visible(found.where(Submission.id > after_id)).order_by(Submission.id).limit(limit)).all()


def list_opinions(
    *, government_id: int | None = None, is_traced: bool = True, after_id: int = 0, limit: int = PAGE
) -> Sequence[Submission]:
    """Return the comments of consultations that led to a project, or those that did not."""
    found = (
        select(Submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(contains_eager(Submission.topic).contains_eager(Topic.window))
        .where(
            Submission.id > after_id,
            Submission.is_traced.is_(is_traced),
            Submission.is_admitted.is_(True),
            Window.instrument.has(permanent=False),
        )
        .order_by(Submission.id)
        .limit(limit)
    )
    if government_id is not None:
        found = found.where(Window.government_id == government_id)
    return session().scalars(visible(found)).all()


def list_projects_of_window(window_id: int) -> Sequence[ImprovementProject]:
    """Return the projects that come from comments of a window."""
    tied = (
        select(ProjectSubmission.project_id)
        .join(ProjectSubmission.submission)
        .join(Submission.topic)
        .where(Topic.window_id == window_id, ProjectSubmission.removed_at.is_(None))
    )
    found = select(ImprovementProject).where(ImprovementProject.id.in_(tied)).order_by(ImprovementProject.id)
    return session().scalars(found).all()


def map_projects(submission_ids: Sequence[int]) -> dict[int, list[ImprovementProject]]:
    """Return `{submission id: its projects}` in one query, each with its actions in another."""
    if not submission_ids:
        return {}
    rows = session().execute(
        select(ProjectSubmission.submission_id, ImprovementProject)
        .join(ProjectSubmission.project)
        .options(selectinload(ImprovementProject.actions))
        .where(ProjectSubmission.submission_id.in_(submission_ids), ProjectSubmission.removed_at.is_(None))
        .order_by(ProjectSubmission.submission_id, ImprovementProject.id)
    )
    found: dict[int, list[ImprovementProject]] = {}
    for submission_id, project in rows:
        found.setdefault(submission_id, []).append(project)
    return found


def _of(found: Select[*Row], government_id: int | None) -> Select[*Row]:
    """Narrow a selection of projects, or of what is joined to them, to a government."""
    return found if government_id is None else found.where(ImprovementProject.government_id == government_id)


def find_by_key(government_id: int, key: str) -> ImprovementProject | None:
    """Return a project by its number."""
    found = select(ImprovementProject).where(
        ImprovementProject.government_id == government_id, ImprovementProject.key == key
    )
    return session().scalar(found)
