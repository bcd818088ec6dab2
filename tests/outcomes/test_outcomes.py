"""What answers led to: projects and actions, each with its folios; and numbers that add up."""

from datetime import date

import pytest
from sqlalchemy import select

from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.outcomes.models import ImprovementProject
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
from consulta.outcomes.queries import list_actions, list_opinions, list_projects, list_sources, map_projects, read_chain
from consulta.outcomes.states import ActionState, ProjectState
from consulta.record.models import Leaf
from consulta.referrals.carrying import carry_over
from consulta.submissions.models import Submission
from consulta.windows.counters import read_counts
from consulta.windows.dockets import file_topic, succeed
from consulta.windows.models import Topic
from consulta.windows.states import SuccessionKind
from tests.builders import World, a_referral, a_submission, an_answered, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def a_project(world: World, key: str = "PM-1", unit: str | None = None) -> ImprovementProject:
    """Open a project as the coordination."""
    from consulta.agencies.queries import find_unit

    with unit_of_work():
        return create_project(
            government=get_window(world.slugs["open"]).government,
            draft=ProjectDraft(key, "procedure", "Menos copias"),
            unit=find_unit(world.government_id, world.units[unit]) if unit else None,
            actor=world.actors["coordinator"],
            now=START,
        )


def tie(world: World, project: ImprovementProject, *submissions: Submission) -> int:
    """Tie comments to a project."""
    with unit_of_work():
        return trace(project=project, submissions=submissions, actor=world.actors["coordinator"], now=START)


def test_published_answer_ties_every_comment_that_it_answers_once(world: World) -> None:
    referral = an_answered(world, START)
    project = a_project(world)
    assert referral.answer is not None

    with unit_of_work():
        actor = world.actors["coordinator"]
        assert trace_answer(project=project, answer=referral.answer, actor=actor, now=START) == 1
        assert trace_answer(project=project, answer=referral.answer, actor=actor, now=START) == 0

    assert project.sources == 1
    assert [item.folio for item in list_sources(project.id)] == [referral.submission.folio]
    assert map_projects([referral.submission_id])[referral.submission_id] == [project]
    assert session().scalars(select(Leaf.kind).where(Leaf.public_id == f"proyecto-{project.id}")).all() == [
        "project.created",
        "project.traced",
    ]


def test_answer_that_is_not_published_is_refused(world: World) -> None:
    from consulta.referrals.drafting import draft_answer

    referral, project = a_referral(world, START), a_project(world)
    with unit_of_work():
        answer = draft_answer(
            referrals=[referral], disposition="adopted", text="Sí.", actor=world.actors["respondent"], now=START
        )

    with pytest.raises(Refused, match="Publique la respuesta"), unit_of_work():
        trace_answer(project=project, answer=answer, actor=world.actors["coordinator"], now=START)


def test_unit_ties_its_own_answers_and_no_others(world: World) -> None:
    referral, project = an_answered(world, START), a_project(world, unit="redes")
    assert referral.answer is not None

    with pytest.raises(Forbidden, match="otra unidad"), unit_of_work():
        trace_answer(project=project, answer=referral.answer, actor=world.actors["respondent-agua"], now=START)


def test_chain_adds_up_and_each_number_opens_what_it_counts(world: World) -> None:
    first, second, third = (a_submission(world.topics["open"], START) for _ in range(3))
    a_submission(world.topics["mailbox"], START)
    born, also, own = a_project(world, "PM-1"), a_project(world, "PM-2"), a_project(world, "PM-3")
    tie(world, born, first, second)
    tie(world, also, first)
    with unit_of_work():
        actor = world.actors["coordinator"]
        action = add_action(project=born, key="1", title="Quitar la copia", due_on=None, actor=actor, now=START)
        move_action(action=action, state=ActionState.DONE, reason="", actor=actor, now=START)
        add_action(project=own, key="1", title="Otra", due_on=date(2026, 8, 1), actor=actor, now=START)
        move_project(project=own, state=ProjectState.DROPPED, reason="Sin recursos.", actor=actor, now=START)

    chain = read_chain(world.government_id)

    assert (chain.received, chain.traced, chain.untraced) == (3, 2, 1)
    assert (chain.all_projects, chain.born_of_opinions, chain.own_initiative) == (3, 2, 1)
    assert (chain.all_actions, chain.actions["done"], chain.actions["planned"]) == (2, 1, 1)
    assert chain.projects["dropped"] == (0, 1)
    assert [item.id for item in list_opinions()] == [first.id, second.id]
    assert [item.id for item in list_opinions(is_traced=False)] == [third.id]
    assert [item.key for item in list_projects(is_born=True)] == ["PM-1", "PM-2"]
    assert [item.key for item in list_projects(state=ProjectState.DROPPED)] == ["PM-3"]
    assert [item.title for item in list_actions(state=ActionState.DONE)] == ["Quitar la copia"]


def test_untied_comment_counts_no_more_once_no_project_has_it(world: World) -> None:
    submission = a_submission(world.topics["open"], START)
    first, second = a_project(world, "PM-1"), a_project(world, "PM-2")
    tie(world, first, submission)
    tie(world, second, submission)

    for project, left in ((first, 1), (second, 0)):
        with unit_of_work():
            untrace(project=project, submission=submission, actor=world.actors["coordinator"], now=START)
        assert read_chain(world.government_id).traced == left
    with pytest.raises(Refused, match="no está ligado"), unit_of_work():
        untrace(project=first, submission=submission, actor=world.actors["coordinator"], now=START)

    assert tie(world, first, submission) == 1
    assert (first.sources, read_chain(world.government_id).traced) == (1, 1)


def test_what_may_not_be_named_is_passed_over(world: World) -> None:
    reserved = a_submission(world.topics["open"], START)
    reserved.reserved = True
    session().commit()
    mailbox = a_submission(world.topics["mailbox"], START)

    assert tie(world, a_project(world), reserved, mailbox) == 0


def test_carried_comment_keeps_its_project_and_is_counted_where_it_went(world: World) -> None:
    submission, project = a_submission(world.topics["open"], START), a_project(world)
    tie(world, project, submission)
    coordinator = world.actors["coordinator"]
    source, target = world.topics["open"], world.topics["open-unrouted"]
    with unit_of_work():
        before = file_topic(topic=session().get_one(Topic, source), key="E-1", actor=coordinator, now=START)
        after = file_topic(topic=session().get_one(Topic, target), key="E-2", actor=coordinator, now=START)
        made = succeed(
            predecessor=before,
            successor=after,
            kind=SuccessionKind.REFILED,
            reason="Se corrigió.",
            actor=coordinator,
            now=START,
        )
        carry_over({"succession_id": made.id}, START)

    counts = read_counts([source, target])
    assert (counts[source]["traced"], counts[target]["traced"]) == (0, 1)
    assert read_chain(world.government_id).traced == 1


def test_unit_moves_its_own_project_and_no_other(world: World) -> None:
    own, other = a_project(world, "PM-1", "transito"), a_project(world, "PM-2", "redes")
    actor = world.actors["respondent"]

    with unit_of_work():
        move_project(project=own, state=ProjectState.COMMITTED, reason="", actor=actor, now=START)
    with pytest.raises(Forbidden), unit_of_work():
        move_project(project=other, state=ProjectState.COMMITTED, reason="", actor=actor, now=START)
    with pytest.raises(Forbidden), unit_of_work():
        edit_project(project=own, draft=ProjectDraft("PM-1", "service", "Otro"), unit=None, actor=actor, now=START)

    assert own.state == "committed"


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ProjectDraft("", "procedure", "Nombre"), "key"),
        (ProjectDraft("PM-9", "", "Nombre"), "kind"),
        (ProjectDraft("PM-9", "procedure", " "), "title"),
        (ProjectDraft("PM-9", "procedure", "Nombre", "", date(2026, 2, 1), date(2026, 1, 1)), "ends_on"),
        (ProjectDraft("PM-1", "procedure", "Repetida"), "key"),
    ],
)
def test_bad_project_is_refused_at_its_field(world: World, draft: ProjectDraft, field: str) -> None:
    a_project(world, "PM-1")

    with pytest.raises(Refused) as refused, unit_of_work():
        create_project(
            government=get_window(world.slugs["open"]).government,
            draft=draft,
            unit=None,
            actor=world.actors["coordinator"],
            now=START,
        )

    assert refused.value.field == field


def test_what_is_dropped_or_not_done_says_why(world: World) -> None:
    project, actor = a_project(world), world.actors["coordinator"]
    with unit_of_work():
        action = add_action(project=project, key="1", title="Quitar", due_on=None, actor=actor, now=START)

    with pytest.raises(Refused, match="por qué"), unit_of_work():
        move_project(project=project, state=ProjectState.DROPPED, reason=" ", actor=actor, now=START)
    with pytest.raises(Refused, match="por qué"), unit_of_work():
        move_action(action=action, state=ActionState.NOT_DONE, reason="", actor=actor, now=START)
    with pytest.raises(Refused, match="no se puede pasar"), unit_of_work():
        move_project(project=project, state=ProjectState.DONE, reason="", actor=actor, now=START)
