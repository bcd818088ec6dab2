"""Faults of the front doors that were found once: each stays mended."""

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Government, Unit
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.record.models import Leaf, Opening
from consulta.record.rules import commit
from consulta.referrals.drafting import draft_answer
from consulta.referrals.handing_over import hand_over, reserve
from consulta.referrals.models import Answer, Referral
from consulta.referrals.operations import close_reserved, correct_answer
from consulta.referrals.routing import refer, refer_by_topic
from consulta.submissions.models import Submission
from consulta.submissions.rules import committed_columns, received_content
from consulta.submissions.states import SubmissionKind
from tests.builders import World, a_submission, an_answered
from tests.clock import Clock
from tests.contracts.offices import a_token, another_government
from tests.pages import Page

WORDING = {"text": "De acuerdo.", "article": "Artículo 5", "says": "Dice.", "should_say": "Llame al 55 1234 5678."}


def test_reviewer_reads_the_other_wording_and_is_warned_of_what_it_holds(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["open"], clock.now, draft=WORDING).folio
    moderator = Page(app).sign_in(world.email("moderator"))

    listed, one = moderator.get("/bandeja/revision"), moderator.get(f"/bandeja/revision/{folio}")

    for shown in (listed, one):
        assert "Llame al 55 1234 5678 (teléfono)" in shown.body
        assert "Parece contener: teléfono" in shown.body
    assert listed.soup.select("input[name=folio][checked]") == []


def test_reserving_leaves_no_draft_that_others_read_and_the_leaf_still_verifies(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        submission = a_submission(world.topics["open"], clock.now)
        with unit_of_work():
            refer_by_topic({"folio": submission.folio}, clock.now)
            referral = session().scalars(select(Referral)).one()
            answer = draft_answer(
                referrals=[referral],
                disposition="noted",
                text="Juan Inventado pidió dinero.",
                actor=world.actors["respondent"],
                now=clock.now,
            )
            answer_id = answer.id
        with unit_of_work():
            reserve(submission=submission, actor=world.actors["moderator"], now=clock.now)

        assert session().get_one(Answer, answer_id).text == ""
        leaf = session().scalars(select(Leaf).where(Leaf.kind == "submission.received")).one()
        opening = session().get_one(Opening, leaf.id)
        columns = committed_columns(submission)
        assert commit(opening.salt, received_content(columns)) == leaf.commitment
    enlace = Page(app).sign_in(world.email("respondent"))
    assert "Juan Inventado" not in enlace.get(f"/bandeja/respuestas/{answer_id}").body


def test_late_one_that_accuses_somebody_reaches_the_control_body(world: World, scope: None, clock: Clock) -> None:
    submission = a_submission(world.topics["closed"], clock.now)

    with unit_of_work():
        reserve(submission=submission, actor=world.actors["moderator"], now=clock.now)

    referral = session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()
    assert referral.unit_id == world.actors["control"].unit_id


def test_reserved_answer_does_not_exist_for_tokens_of_others(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        submission = a_submission(
            world.topics["mailbox"], clock.now, draft={"kind": SubmissionKind.SUGGESTION, "names_official": True}
        )
        with unit_of_work():
            refer_by_topic({"folio": submission.folio}, clock.now)
        referral = session().scalars(select(Referral)).one()
        with unit_of_work():
            answer_id = close_reserved(
                referrals=[referral],
                disposition="noted",
                text="Se abrió una investigación.",
                actor=world.actors["control"],
                now=clock.now,
            ).id
        token = a_token(world, "coordinator", "coordination", clock.now)
        assert submission.reserved

    for act in ("publish", "correct"):
        body = {"disposition": "noted", "text": "Otra cosa distinta.", "reason": "Error."}
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().post(f"/api/v1/answers/{answer_id}/{act}", json=body, headers=headers)
        assert answer.status_code == 404


def test_hand_over_before_the_topic_routes_it_leaves_no_job_that_fails(world: World, scope: None, clock: Clock) -> None:
    other = another_government(clock.now)
    submission = a_submission(world.topics["open"], clock.now)
    with unit_of_work():
        to = session().get_one(Government, other.government_id)
        hand_over(submission=submission, to=to, reason="Es suyo.", actor=world.actors["coordinator"], now=clock.now)

    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, clock.now)

    assert session().scalars(select(Referral)).all() == []


def test_correction_of_a_granted_data_request_keeps_the_rule_of_the_link(
    world: World, scope: None, clock: Clock
) -> None:
    answer = an_answered(world, clock.now)
    submission_id = answer.submission_id
    with unit_of_work():
        session().get_one(Submission, submission_id).kind = SubmissionKind.DATA_REQUEST
    found = session().scalars(select(Answer)).one()

    def correct(url: str | None) -> None:
        with unit_of_work():
            correct_answer(
                answer=found,
                disposition="adopted",
                text="Los datos están en el portal desde hoy.",
                reason="Faltaba el enlace.",
                actor=world.actors["coordinator"],
                now=clock.now,
                dataset_url=url,
            )

    with pytest.raises(Refused) as refused:
        correct(None)
    correct("/datos#comentarios")

    assert refused.value.field == "dataset_url"
    session().refresh(found)
    assert [version.dataset_url for version in found.versions] == [None, "/datos#comentarios"]


def test_unit_of_the_topic_still_answers_what_is_not_reserved(world: World, scope: None, clock: Clock) -> None:
    submission = a_submission(world.topics["open-unrouted"], clock.now)
    unit = session().get_one(Unit, world.units["redes"])

    with unit_of_work():
        referral = refer(submission=submission, unit=unit, now=clock.now, actor=world.actors["coordinator"])

    assert referral.unit_id == unit.id
