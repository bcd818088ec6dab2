"""Answers from draft to correction: each act, each refusal, what it leaves and whom it tells."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.agencies.models import Government
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.moderation.operations import publish_text
from consulta.notices.models import Notice
from consulta.record.models import Leaf
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Answer, Referral
from consulta.referrals.operations import correct_answer, publish_answer, send_back, sign_off, submit_answer
from consulta.referrals.routing import return_referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.windows.counters import read_counts
from tests.builders import World, a_referral, an_answered
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
TEXT = "No procedente, porque la revisión federal ya lo cubre."


def a_draft(world: World, *referrals: Referral, text: str = TEXT, disposition: str = "not_adopted") -> Answer:
    """Draft an answer as the respondent."""
    with unit_of_work():
        return draft_answer(
            referrals=referrals, disposition=disposition, text=text, actor=world.actors["respondent"], now=START
        )


def a_submitted(world: World, *referrals: Referral) -> Answer:
    """Draft an answer and send it to signature."""
    answer = a_draft(world, *referrals)
    with unit_of_work():
        submit_answer(answer=answer, actor=world.actors["respondent"], now=START)
    return answer


def a_signed(world: World, *referrals: Referral) -> Answer:
    """Draft, submit and sign an answer."""
    answer = a_submitted(world, *referrals)
    with unit_of_work():
        sign_off(answer=answer, actor=world.actors["approver"], now=START)
    return answer


def a_published_answer(world: World, *referrals: Referral) -> Answer:
    """Walk an answer to its publication."""
    answer = a_signed(world, *referrals)
    with unit_of_work():
        publish_answer(answer=answer, actor=world.actors["coordinator"], now=START)
    return answer


def correct(world: World, answer: Answer, **overrides: str) -> None:
    """Correct an answer as the coordinator."""
    values = {"disposition": "adopted", "text": "Procedente: se corrige lo publicado.", "reason": "Había un error."}
    with unit_of_work():
        correct_answer(answer=answer, **{**values, **overrides}, actor=world.actors["coordinator"], now=START)


def kinds_of_leaves(folio: str) -> list[str]:
    """Return what was done to a folio, in order."""
    return list(session().scalars(select(Leaf.kind).where(Leaf.public_id == folio).order_by(Leaf.id)))


def notices_about(folio: str) -> list[tuple[str, str, str | None]]:
    """Return kind, means and address of what was told about a folio."""
    found = select(Notice.kind, Notice.means, Notice.address).where(Notice.about == folio).order_by(Notice.id)
    return [tuple(row) for row in session().execute(found)]


def test_four_acts_of_people_lead_from_draft_to_publication(world: World) -> None:
    referral = a_referral(world, START)

    answer = a_published_answer(world, referral)

    assert (answer.state, answer.disposition, answer.text) == (AnswerState.PUBLISHED, "not_adopted", TEXT)
    assert (answer.drafted_by_post_id, answer.signed_by_post_id, answer.published_by_post_id) == tuple(
        world.actors[name].post_id for name in ("respondent", "approver", "coordinator")
    )
    assert (referral.state, referral.answered_at) == (ReferralState.ANSWERED, START)
    assert [(item.number, item.text, item.reason) for item in answer.versions] == [(1, TEXT, None)]
    assert not answer.self_signed
    assert read_counts([referral.submission.topic_id])[referral.submission.topic_id]["answered"] == 1


def test_each_act_leaves_its_leaf(world: World) -> None:
    referral = a_referral(world, START)
    folio = referral.submission.folio

    correct(world, a_published_answer(world, referral))

    assert kinds_of_leaves(folio) == [
        "submission.received",
        "submission.referred",
        "answer.submitted",
        "answer.signed_off",
        "answer.published",
        "answer.corrected",
    ]


def test_saving_a_draft_again_keeps_one_answer(world: World) -> None:
    referral = a_referral(world, START)
    first = a_draft(world, referral, text="", disposition="")

    second = a_draft(world, referral)

    assert (second.id, second.text) == (first.id, TEXT)
    assert session().scalar(select(func.count()).select_from(Answer)) == 1


@pytest.mark.parametrize(
    ("disposition", "text", "field"),
    [
        ("", TEXT, "disposition"),
        ("rejected", TEXT, "disposition"),
        ("not_adopted", "", "text"),
        ("not_adopted", "No procede." + " " * 30, "text"),
        ("not_adopted", "x" * 20_001, "text"),
    ],
)
def test_incomplete_answer_is_not_submitted(world: World, disposition: str, text: str, field: str) -> None:
    answer = a_draft(world, a_referral(world, START), text=text, disposition=disposition)

    with pytest.raises(Refused) as refused, unit_of_work():
        submit_answer(answer=answer, actor=world.actors["respondent"], now=START)

    assert refused.value.field == field
    assert answer.state == AnswerState.DRAFT


@pytest.mark.parametrize(
    "role", ["respondent-agua", "moderator", "operator", "coordinator", "auditor", "administrator"]
)
def test_only_staff_of_the_unit_drafts_submits_and_returns(world: World, role: str) -> None:
    referral, actor = a_referral(world, START), world.actors[role]
    answer = a_draft(world, referral)

    with pytest.raises(Forbidden), unit_of_work():
        draft_answer(referrals=[referral], disposition="noted", text=TEXT, actor=actor, now=START)
    with pytest.raises(Forbidden), unit_of_work():
        submit_answer(answer=answer, actor=actor, now=START)
    with pytest.raises(Forbidden), unit_of_work():
        return_referral(referral=referral, reason="No es mío.", actor=actor, now=START)

    assert (answer.state, answer.disposition, referral.state) == ("draft", "not_adopted", "referred")


@pytest.mark.parametrize(
    "role", ["respondent", "respondent-agua", "moderator", "coordinator", "control", "administrator"]
)
def test_only_the_approver_of_the_agency_signs(world: World, role: str) -> None:
    answer = a_submitted(world, a_referral(world, START))

    with pytest.raises(Forbidden), unit_of_work():
        sign_off(answer=answer, actor=world.actors[role], now=START)

    assert answer.state == AnswerState.SUBMITTED


@pytest.mark.parametrize("role", ["respondent", "approver", "moderator", "auditor", "administrator"])
def test_only_the_coordinator_publishes_and_corrects(world: World, role: str) -> None:
    actor, answer = world.actors[role], a_signed(world, a_referral(world, START))

    with pytest.raises(Forbidden), unit_of_work():
        publish_answer(answer=answer, actor=actor, now=START)
    with unit_of_work():
        publish_answer(answer=answer, actor=world.actors["coordinator"], now=START)
    with pytest.raises(Forbidden), unit_of_work():
        correct_answer(answer=answer, disposition="noted", text=TEXT, reason="Sí.", actor=actor, now=START)

    assert answer.corrected_at is None


def test_author_may_not_sign_by_post_nor_by_person(world: World) -> None:
    approver = world.actors["approver"]
    by_post, by_person = a_referral(world, START), a_referral(world, START)
    with unit_of_work():
        own = draft_answer(referrals=[by_post], disposition="noted", text=TEXT, actor=approver, now=START)
        submit_answer(answer=own, actor=approver, now=START)
    hers = a_submitted(world, by_person)
    same_person = type(approver)(**{**approver.__dict__, "person_id": world.actors["respondent"].person_id})

    for answer, actor in ((own, approver), (hers, same_person)):
        with pytest.raises(Refused, match="debe firmarla otra persona"), unit_of_work():
            sign_off(answer=answer, actor=actor, now=START)
        assert answer.state == AnswerState.SUBMITTED


def test_author_signs_where_the_government_allows_it_and_the_answer_says_so(world: World) -> None:
    approver, referral = world.actors["approver"], a_referral(world, START)
    with unit_of_work():
        session().get_one(Government, world.government_id).allows_self_signing = True
        answer = draft_answer(referrals=[referral], disposition="noted", text=TEXT, actor=approver, now=START)
        submit_answer(answer=answer, actor=approver, now=START)

    with unit_of_work():
        sign_off(answer=answer, actor=approver, now=START)

    assert (answer.state, answer.self_signed) == (AnswerState.SIGNED_OFF, True)


@pytest.mark.parametrize("role", ["approver", "coordinator"])
def test_signed_answer_sent_back_loses_its_signature_and_keeps_the_reason(world: World, role: str) -> None:
    answer = a_signed(world, a_referral(world, START))

    with unit_of_work():
        send_back(answer=answer, reason="  Falta el artículo.  ", actor=world.actors[role], now=START)

    assert (answer.state, answer.sent_back_reason) == (AnswerState.DRAFT, "Falta el artículo.")
    assert (answer.signed_at, answer.signed_by_post_id, answer.self_signed) == (None, None, False)
    assert kinds_of_leaves(answer.referrals[0].submission.folio)[-1] == "answer.sent_back"
    with unit_of_work():
        submit_answer(answer=answer, actor=world.actors["respondent"], now=START)
    assert answer.sent_back_reason is None


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2001])
def test_nothing_is_sent_back_returned_or_corrected_without_a_reason(world: World, reason: str) -> None:
    referral = a_referral(world, START)
    answer = a_submitted(world, referral)
    published = a_published_answer(world, a_referral(world, START))

    with pytest.raises(Refused) as sent, unit_of_work():
        send_back(answer=answer, reason=reason, actor=world.actors["approver"], now=START)
    with pytest.raises(Refused) as returned, unit_of_work():
        return_referral(referral=referral, reason=reason, actor=world.actors["respondent"], now=START)
    with pytest.raises(Refused) as corrected:
        correct(world, published, reason=reason)

    assert {refused.value.field for refused in (sent, returned, corrected)} == {"reason"}
    assert (answer.state, referral.state, published.corrected_at) == ("submitted", "referred", None)


def test_answer_in_signature_is_not_rewritten_nor_its_referral_returned(world: World) -> None:
    referral = a_referral(world, START)
    a_submitted(world, referral)

    with pytest.raises(Refused, match="ya está en firma"):
        a_draft(world, referral, text="Otra cosa muy distinta a la anterior.")
    with pytest.raises(Refused, match="pida que se la regresen"), unit_of_work():
        return_referral(referral=referral, reason="No es mío.", actor=world.actors["respondent"], now=START)


def test_returned_referral_is_not_answered(world: World) -> None:
    referral = a_referral(world, START)
    a_draft(world, referral)
    with unit_of_work():
        return_referral(referral=referral, reason="No es mío.", actor=world.actors["respondent"], now=START)
    assert referral.answer is None

    with pytest.raises(Refused, match="ya fue devuelto o respondido"):
        a_draft(world, referral)


def test_draft_whose_referrals_were_all_returned_is_not_submitted(world: World) -> None:
    referral = a_referral(world, START)
    answer = a_draft(world, referral)
    with unit_of_work():
        return_referral(referral=referral, reason="No es mío.", actor=world.actors["respondent"], now=START)

    with pytest.raises(Refused, match="no tiene turnos"), unit_of_work():
        submit_answer(answer=answer, actor=world.actors["respondent"], now=START)


def test_nothing_is_published_twice(world: World) -> None:
    referral = a_referral(world, START)
    answer = a_published_answer(world, referral)

    with pytest.raises(Refused, match="está publicada"), unit_of_work():
        publish_answer(answer=answer, actor=world.actors["coordinator"], now=START)

    assert len(notices_about(referral.submission.folio)) == 1
    assert read_counts([referral.submission.topic_id])[referral.submission.topic_id]["answered"] == 1


def test_one_answer_serves_many_and_each_is_told_once(world: World) -> None:
    by_mail = a_referral(world, START, draft={"email": "persona@ejemplo.mx"})
    without = [a_referral(world, START) for _ in range(2)]

    answer = a_published_answer(world, by_mail, *without)

    assert [referral.state for referral in answer.referrals] == ["answered"] * 3
    assert notices_about(by_mail.submission.folio)[1:] == [("answer", "mail", "persona@ejemplo.mx")]
    for referral in without:
        assert notices_about(referral.submission.folio) == [("answer", "notice_board", None)]
        assert kinds_of_leaves(referral.submission.folio)[-1] == "answer.published"


def test_many_referrals_with_different_drafts_are_not_joined(world: World) -> None:
    first, second = a_referral(world, START), a_referral(world, START)
    a_draft(world, first)
    a_draft(world, second)

    with pytest.raises(Refused, match="borradores distintos"):
        a_draft(world, first, second)


def test_one_referral_of_another_unit_stops_the_whole_answer(world: World) -> None:
    own, other = a_referral(world, START), a_referral(world, START)
    with unit_of_work():
        session().get_one(Referral, other.id).unit_id = world.units["redes"]

    with pytest.raises(Forbidden):
        a_draft(world, own, other)

    assert session().scalar(select(func.count()).select_from(Answer)) == 0


def test_correction_stands_beside_the_first_wording_and_is_told_again(world: World) -> None:
    referral = an_answered(world, START, TEXT)
    answer = referral.answer
    assert answer is not None

    correct(world, answer)

    assert [(item.number, item.disposition, item.reason) for item in answer.versions] == [
        (1, "adopted", None),
        (2, "adopted", "Había un error."),
    ]
    assert (answer.text, answer.state) == ("Procedente: se corrige lo publicado.", AnswerState.PUBLISHED)
    assert [kind for kind, _, _ in notices_about(referral.submission.folio)] == ["answer", "correction"]
    with pytest.raises(Refused, match="no hay nada que corregir"):
        correct(world, answer)


def test_only_a_published_answer_is_corrected(world: World) -> None:
    with pytest.raises(Refused, match="Solo se corrige una respuesta publicada"):
        correct(world, a_signed(world, a_referral(world, START)))


def test_notice_board_carries_no_answer_to_what_is_not_public(world: World) -> None:
    public = a_referral(world, START)
    private = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
    for referral in (public, private):
        a_published_answer(world, referral)

    bodies = {notice.about: notice.body for notice in session().scalars(select(Notice))}
    assert TEXT in bodies[public.submission.folio]
    assert TEXT not in bodies[private.submission.folio]


def test_review_of_the_text_and_its_answer_do_not_wait_for_each_other(world: World) -> None:
    referral = a_referral(world, START)
    a_published_answer(world, referral)

    with unit_of_work():
        publish_text(submission=referral.submission, actor=world.actors["moderator"], now=START + timedelta(hours=1))

    assert (referral.submission.state, referral.state) == ("published", "answered")
