"""States of improvement projects and administrative actions, and what a project improves."""

from enum import StrEnum


class ProjectKind(StrEnum):
    """What is improved."""

    REGULATION = "regulation"
    PROCEDURE = "procedure"
    SERVICE = "service"


class ProjectState(StrEnum):
    """How far a project is. One that is dropped says why."""

    PROPOSED = "proposed"
    COMMITTED = "committed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


class ActionState(StrEnum):
    """How far an action is. One that was not done says why."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_DONE = "not_done"


PROJECT_TRANSITIONS: dict[ProjectState, frozenset[ProjectState]] = {
    ProjectState.PROPOSED: frozenset({ProjectState.COMMITTED, ProjectState.IN_PROGRESS, ProjectState.DROPPED}),
    ProjectState.COMMITTED: frozenset({ProjectState.IN_PROGRESS, ProjectState.DONE, ProjectState.DROPPED}),
    ProjectState.IN_PROGRESS: frozenset({ProjectState.DONE, ProjectState.DROPPED}),
    ProjectState.DONE: frozenset(),
    ProjectState.DROPPED: frozenset({ProjectState.PROPOSED}),
}
ACTION_TRANSITIONS: dict[ActionState, frozenset[ActionState]] = {
    ActionState.PLANNED: frozenset({ActionState.IN_PROGRESS, ActionState.DONE, ActionState.NOT_DONE}),
    ActionState.IN_PROGRESS: frozenset({ActionState.DONE, ActionState.NOT_DONE}),
    ActionState.DONE: frozenset(),
    ActionState.NOT_DONE: frozenset({ActionState.PLANNED}),
}
