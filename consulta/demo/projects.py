"""What answers led to in the demonstration: improvement projects and their actions."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from consulta.db import session
from consulta.demo.plans import Plan
from consulta.demo.stage import STATE, Stage
from consulta.demo.timeline import Story
from consulta.outcomes.models import ImprovementProject
from consulta.outcomes.operations import (
    ProjectDraft,
    add_action,
    create_project,
    move_action,
    move_project,
    trace_answer,
)
from consulta.outcomes.states import ActionState, ProjectState
from consulta.referrals.models import Answer, Referral
from consulta.referrals.states import AnswerState, Disposition
from consulta.submissions.models import Submission
from consulta.windows.models import Topic

CHANGES = (Disposition.ADOPTED, Disposition.PARTLY_ADOPTED)


def open_project(stage: Stage, plans: Mapping[str, Plan], data: dict[str, Any], order: int) -> Story:
    """Open a project some days ago, tie it to what was answered, and move it and its actions along."""
    at = stage.now - timedelta(days=9 - order, hours=2)
    yield at
    actor = stage.coordinator(STATE)
    project = create_project(
        government=stage.government(STATE),
        draft=ProjectDraft(
            data["key"].replace("{year}", str(at.year)), data["kind"], data["title"], data["summary"], at.date()
        ),
        unit=stage.unit(data["unit"]),
        actor=actor,
        now=at,
    )
    if data["window"]:
        for answer in _answers(plans[data["window"]].window_id):
            trace_answer(project=project, answer=answer, actor=actor, now=at)
    number = project.id
    yield at + timedelta(days=1)
    _move(stage, session().get_one(ImprovementProject, number), data, at + timedelta(days=1))


def _move(stage: Stage, project: ImprovementProject, data: dict[str, Any], at: Any) -> None:
    actor, reason = stage.coordinator(STATE), data.get("reason", "")
    state = ProjectState(data["state"])
    move_project(project=project, state=state, reason=reason, actor=actor, now=at)
    for key, title, step in data["actions"]:
        due_on = (at + timedelta(days=60)).date()
        action = add_action(project=project, key=key, title=title, due_on=due_on, actor=actor, now=at)
        if step != ActionState.PLANNED:
            move_action(action=action, state=ActionState(step), reason=reason, actor=actor, now=at)


def _answers(window_id: int) -> list[Answer]:
    """Return the published answers of a window that change something."""
    found = (
        select(Answer)
        .join(Referral, Referral.answer_id == Answer.id)
        .join(Submission, Submission.id == Referral.submission_id)
        .join(Topic, Topic.id == Submission.topic_id)
        .where(Topic.window_id == window_id, Answer.state == AnswerState.PUBLISHED, Answer.disposition.in_(CHANGES))
        .order_by(Answer.id)
        .distinct()
    )
    return list(session().scalars(found))
