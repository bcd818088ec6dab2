"""What is reserved is read by the control body alone; work handed to another government keeps folio and clock."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Government, Post, Unit
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.worker import Worker
from consulta.moderation.operations import publish_text
from consulta.notices.models import Notice
from consulta.record.models import Leaf, Opening
from consulta.referrals.drafting import draft_answer
from consulta.referrals.handing_over import hand_over, reserve
from consulta.referrals.models import Referral
from consulta.referrals.operations import close_reserved, submit_answer
from consulta.referrals.queries import list_unrouted
from consulta.referrals.routing import refer, refer_by_topic, return_referral
from consulta.referrals.story import tell_story
from consulta.referrals.tray import list_tray
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_visible
from consulta.submissions.states import SubmissionKind, SubmissionState
from consulta.windows.dating import schedule_window
from consulta.windows.models import Topic
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from tests.builders import World, a_submission
from tests.clock import Clock
from tests.contracts.offices import another_government
from tests.pages import Page


def _mailbox(world: World, clock: Clock, instrument: str) -> int:
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument(instrument),
            title=f"Buzón {instrument}",
            summary="Escriba.",
            actor=actor,
            now=clock.now,
        )
        unit = session().get_one(Unit, world.units["redes"])
        topic = add_topic(window=window, title="Asunto", summary="", unit=unit, actor=actor, now=clock.now)
        schedule_window(window=window, opens_on=clock.now.date(), days=0, actor=actor, now=clock.now)
        return topic.id


def _report(world: World, clock: Clock) -> Submission:
    topic_id = _mailbox(world, clock, "denuncia_adquisiciones")
    draft = {"kind": SubmissionKind.REPORT, "text": "El contrato se dio a un familiar."}
    submission = a_submission(topic_id, clock.now, draft=draft)
    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, clock.now)
    return submission


def _referral(submission: Submission) -> Referral:
    return session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()


def test_report_goes_to_the_control_body_whatever_the_topic_s_unit(world: World, scope: None, clock: Clock) -> None:
    submission = _report(world, clock)

    referral = _referral(submission)

    assert submission.reserved
    assert referral.unit_id == world.actors["control"].unit_id
    # The control post sits in the unit of everybody else in this world: only its role lets it read.
    assert list_tray(unit_ids=[referral.unit_id]) == []
    assert list_tray(unit_ids=[], control_unit_ids=[referral.unit_id]) == [referral]


def test_only_control_answers_what_is_reserved_and_nobody_signs_or_publishes_it(
    world: World, scope: None, clock: Clock
) -> None:
    referral = _referral(_report(world, clock))
    text = "Se abrió una investigación; le avisaremos del resultado."

    for role in ("respondent", "approver", "coordinator"):
        with pytest.raises(Forbidden), unit_of_work():
            draft_answer(referrals=[referral], disposition="noted", text=text, actor=world.actors[role], now=clock.now)
    with unit_of_work():
        answer = close_reserved(
            referrals=[referral], disposition="noted", text=text, actor=world.actors["control"], now=clock.now
        )

    assert answer.self_signed
    assert session().scalars(select(Notice).where(Notice.kind == "answer")).all() == []
    kept = select(Opening.content).join(Leaf, Leaf.id == Opening.leaf_id).where(Leaf.kind == "answer.published")
    assert session().scalars(kept).all() == [None]


def test_person_who_reported_reads_the_answer_with_her_key(world: World, scope: None, clock: Clock) -> None:
    submission = _report(world, clock)
    with unit_of_work():
        close_reserved(
            referrals=[_referral(submission)],
            disposition="noted",
            text="Se abrió una investigación.",
            actor=world.actors["control"],
            now=clock.now,
        )

    story = tell_story(submission, clock.now)

    assert story.answer is not None
    assert find_visible(submission.folio) is None


def test_complaint_that_names_an_official_is_reserved_and_another_is_not(
    world: World, scope: None, clock: Clock
) -> None:
    topic_id = _mailbox(world, clock, "quejas_sugerencias")
    named = a_submission(topic_id, clock.now, draft={"kind": SubmissionKind.COMPLAINT, "names_official": True})
    plain = a_submission(topic_id, clock.now, draft={"kind": SubmissionKind.COMPLAINT, "text": "La fila es larga."})

    for submission in (named, plain):
        with unit_of_work():
            refer_by_topic({"folio": submission.folio}, clock.now)

    assert (named.reserved, plain.reserved) == (True, False)
    assert _referral(plain).unit_id == world.units["redes"]
    assert list_unrouted(world.government_id) == []


def test_control_pages_show_reserved_work_and_others_do_not(
    app: Flask, database: Database, world: World, clock: Clock
) -> None:
    with session_scope(database):
        referral_id = _referral(_report(world, clock)).id
    control = Page(app).sign_in(world.email("control"))
    enlace = Page(app).sign_in(world.email("respondent"))

    tray = control.get("/bandeja/turnos")
    editor = control.get(f"/bandeja/turnos/{referral_id}")
    done = control.follow(
        "/bandeja/responder",
        {
            "turno": str(referral_id),
            "disposition": "noted",
            "text": "Se investiga: recibirá noticias.",
            "accion": "concluir",
        },
    )

    assert "El contrato se dio a un familiar." in tray.body
    assert "Concluir y avisar a la persona" in editor.body
    assert "Concluida" in done.body
    assert "familiar" not in enlace.get("/bandeja/turnos?estado=todos").body
    enlace.get(f"/bandeja/turnos/{referral_id}", status=404)


def test_reviewer_passes_a_comment_that_accuses_somebody_to_control(world: World, scope: None, clock: Clock) -> None:
    submission = a_submission(world.topics["open"], clock.now)
    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, clock.now)
        publish_text(submission=submission, actor=world.actors["moderator"], now=clock.now)

    with unit_of_work():
        reserve(submission=submission, actor=world.actors["moderator"], now=clock.now)

    states = [(item.state, item.unit_id) for item in session().scalars(select(Referral).order_by(Referral.id))]
    assert [state for state, _ in states] == ["returned", "referred"]
    assert (submission.reserved, submission.state) == (True, SubmissionState.WITHHELD)
    assert find_visible(submission.folio) is None


def test_mailbox_that_needs_control_does_not_open_without_it(world: World, scope: None, clock: Clock) -> None:
    other = another_government(clock.now)
    with unit_of_work():
        session().get_one(Post, other.actors["control"].post_id).role = "auditor"

    with pytest.raises(Refused, match="nombre antes ese cargo"):
        _mailbox_of(other, clock)


def _mailbox_of(world: World, clock: Clock) -> None:
    world.units["redes"] = world.units["transito"]
    _mailbox(world, clock, "denuncia_adquisiciones")


def test_data_request_ends_linked_to_the_data_or_with_reasons(world: World, scope: None, clock: Clock) -> None:
    topic_id = _mailbox(world, clock, "datos_abiertos")
    submission = a_submission(topic_id, clock.now, draft={"kind": SubmissionKind.DATA_REQUEST})
    with unit_of_work():
        referral = refer(submission=submission, unit=session().get_one(Unit, world.units["redes"]), now=clock.now)
    enlace = world.actors["respondent-agua"]

    def send(disposition: str, url: str) -> None:
        with unit_of_work():
            answer = draft_answer(
                referrals=[referral],
                disposition=disposition,
                text="Los datos ya están publicados en el portal.",
                actor=enlace,
                now=clock.now,
                dataset_url=url,
            )
            submit_answer(answer=answer, actor=enlace, now=clock.now)

    with pytest.raises(Refused) as without_link:
        send("adopted", "")
    with pytest.raises(Refused) as bad_link:
        send("adopted", "javascript:alert(1)")
    send("adopted", "/datos#comentarios")

    assert without_link.value.field == bad_link.value.field == "dataset_url"
    session().refresh(referral)
    assert referral.answer is not None
    assert referral.answer.dataset_url == "/datos#comentarios"


def test_hand_over_keeps_folio_and_the_citizen_s_clock(world: World, scope: None, clock: Clock, worker: Worker) -> None:
    other = another_government(clock.now)
    submission = a_submission(world.topics["open-unrouted"], clock.now)
    folio, unit = submission.folio, session().get_one(Unit, world.units["redes"])
    with unit_of_work():
        first_due = refer(submission=submission, unit=unit, now=clock.now, actor=world.actors["coordinator"]).due_at
    referral = _referral(submission)
    with unit_of_work():
        return_referral(referral=referral, reason="Es del otro.", actor=world.actors["respondent-agua"], now=clock.now)
    clock.advance(days=2)

    with unit_of_work():
        hand_over(
            submission=submission,
            to=session().get_one(Government, other.government_id),
            reason="La calle es municipal.",
            actor=world.actors["coordinator"],
            now=clock.now,
        )

    told = session().scalars(select(Notice).where(Notice.kind == "hand_over")).one()
    assert (told.address, told.about) == ("otro-coordinator@ejemplo.mx", folio)
    assert list_unrouted(world.government_id) == []
    assert [item.folio for item in list_unrouted(other.government_id)] == [folio]
    with unit_of_work():
        theirs = session().get_one(Unit, other.units["transito"])
        later = refer(submission=submission, unit=theirs, now=clock.now, actor=other.actors["coordinator"])
    assert later.due_at == first_due
    titles = [step.title for step in tell_story(submission, clock.now).steps]
    assert titles.index("Se entregó a otro gobierno") > titles.index("La unidad lo devolvió")
    another = a_submission(world.topics["open-unrouted"], clock.now)
    with pytest.raises(Refused, match="otro gobierno"), unit_of_work():
        refer(submission=another, unit=theirs, now=clock.now)


def test_only_who_holds_it_hands_it_over(world: World, scope: None, clock: Clock) -> None:
    other = another_government(clock.now)
    submission = a_submission(world.topics["open-unrouted"], clock.now + timedelta(minutes=1))
    to = session().get_one(Government, other.government_id)

    with pytest.raises(Forbidden), unit_of_work():
        hand_over(submission=submission, to=to, reason="Nuestro.", actor=other.actors["coordinator"], now=clock.now)
    with pytest.raises(Refused) as without_reason, unit_of_work():
        hand_over(submission=submission, to=to, reason=" ", actor=world.actors["coordinator"], now=clock.now)

    assert without_reason.value.field == "reason"
    assert session().get_one(Topic, world.topics["open-unrouted"]).window.government_id == world.government_id
