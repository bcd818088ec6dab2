"""The four rights: filed with folio and key, answered by a date that the rule gives, and carried out."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consulta.actors import Actor
from consulta.archives.openers import OPENERS
from consulta.clocks import load_rule
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.operations import decide_request, extend_request, file_request, finish_request
from consulta.data_rights.queries import find_request, list_settled, list_waiting
from consulta.data_rights.rules import ANSWER_RULE, EFFECT_RULE, DataRightsDraft
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.receipts.queries import make_receipt
from consulta.record.models import Leaf, Opening
from consulta.submissions.models import Submission
from consulta.submissions.policy import public_author
from tests.archives.worlds import ORIGIN, seal, verify
from tests.builders import World, a_published, a_submission
from tests.clock import START, Clock
from tests.record.test_record import KEY

NAME, EMAIL, PHONE = "Eva Rosales Inventada", "eva@ejemplo.mx", "477 123 4567"
CONTACT = {"author_name": NAME, "name_is_public": True, "email": EMAIL, "phone": PHONE}
WHY = "Porque es mi derecho."

pytestmark = pytest.mark.usefixtures("scope")


def published(world: World) -> Submission:
    """Publish a comment with its author's name."""
    return a_published(world, START, draft=CONTACT)


def ask(submission: Submission, kind: str, text: str = WHY, **values: str) -> DataRightsRequest:
    with unit_of_work():
        return file_request(submission=submission, draft=DataRightsDraft(kind, text, **values), now=START)


def decide(world: World, request: DataRightsRequest, accepts: bool = True, post: str = "transparency") -> None:
    with unit_of_work():
        decide_request(
            request=request,
            accepts=accepts,
            reason="Artículo 45.",
            actor=world.actors[post],
            now=START + timedelta(days=1),
        )


def told(kind: str) -> list[Notice]:
    return list(session().scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


class TestDates:
    def test_answer_is_due_as_the_rule_says_and_the_acknowledgement_tells_it(self, world: World) -> None:
        request = ask(published(world), "access", "")

        assert request.clock is not None
        assert (request.clock.n, request.clock.unit_of_term) == (load_rule(ANSWER_RULE).n, "business_day")
        assert request.clock.due_on == date(2026, 7, 8)
        assert (request.clock.rule, request.clock.citation) == (ANSWER_RULE, load_rule(ANSWER_RULE).citation)
        [notice] = told("data_rights_filed")
        assert notice.address == EMAIL
        assert "08/07/2026" in notice.body

    def test_who_left_no_address_is_told_nowhere_public(self, world: World) -> None:
        before = len(session().scalars(select(Notice)).all())

        decide(world, ask(a_published(world, START, draft={"author_name": NAME, "name_is_public": True}), "access", ""))

        assert len(session().scalars(select(Notice)).all()) == before

    def test_term_is_extended_once_with_reasons_before_it_ends(self, world: World) -> None:
        request = ask(published(world), "access", "")
        actor = world.actors["transparency"]
        with pytest.raises(Refused, match="razones") as refused, unit_of_work():
            extend_request(request=request, reason=" ", actor=actor, now=START)
        assert refused.value.field == "reason"
        with unit_of_work():
            extend_request(request=request, reason="Hay que buscar.", actor=actor, now=START + timedelta(days=5))

        assert request.clock is not None
        assert (request.state, request.clock.due_on) == ("extended", date(2026, 7, 22))
        assert "22/07/2026" in told("data_rights_extended")[0].body
        with pytest.raises(Refused, match="ya se amplió"), unit_of_work():
            extend_request(request=request, reason="Otra vez.", actor=actor, now=START)

    def test_extension_after_the_term_is_refused(self, world: World) -> None:
        request = ask(published(world), "access", "")

        with pytest.raises(Refused, match="antes de que venza"), unit_of_work():
            extend_request(
                request=request, reason="Tarde.", actor=world.actors["transparency"], now=START + timedelta(days=30)
            )

    def test_what_was_accepted_is_made_effective_by_the_date_of_its_rule(self, world: World) -> None:
        request = ask(published(world), "rectification", "Mi organización se llama de otro modo.")

        decide(world, request)

        assert request.effect_clock is not None
        assert (request.state, request.clock.state if request.clock else "") == ("accepted", "met")
        assert (request.effect_clock.rule, request.effect_clock.due_on) == (EFFECT_RULE, date(2026, 7, 2))
        with unit_of_work():
            finish_request(request=request, note="Se corrigió.", actor=world.actors["transparency"], now=START)
        session().refresh(request.effect_clock)
        assert (request.state, request.effect_clock.state) == ("carried_out", "met")
        assert "Se corrigió" in told("data_rights_done")[0].body


class TestEffects:
    def test_rectified_contact_is_kept_instead_and_both_addresses_are_told(self, world: World) -> None:
        submission = published(world)
        request = ask(submission, "rectification", new_email="nueva@ejemplo.mx", new_phone="4779999999")

        decide(world, request)

        assert (submission.email, submission.phone) == ("nueva@ejemplo.mx", "4779999999")
        assert (request.state, request.new_email, request.new_phone) == ("carried_out", "", "")
        assert [notice.address for notice in told("data_rights_decided")] == [EMAIL, "nueva@ejemplo.mx"]

    def test_rectified_name_is_published_and_what_was_received_stays(self, world: World) -> None:
        submission = published(world)

        decide(world, ask(submission, "rectification", new_name="Eva Rosas Inventada"))

        assert (public_author(submission), submission.author_name) == ("Eva Rosas Inventada", NAME)
        seal(START)
        assert verify().problems == []
        assert make_receipt(submission, origin=ORIGIN, key=KEY).content is not None

    def test_cancelled_contact_is_blocked_and_forgotten_and_the_submission_stays(
        self, world: World, worker: Worker, clock: Clock
    ) -> None:
        submission = published(world)
        text, folio = submission.text, submission.folio
        request = ask(submission, "cancellation")
        session().rollback()
        worker.drain()

        decide(world, request)

        assert (submission.email, submission.phone, submission.text) == ("", "", text)
        assert submission.contact_blocked_at == START + timedelta(days=1)
        pending = [notice.address for notice in told("data_rights_cancelled")]
        assert pending == [EMAIL]
        session().rollback()
        clock.advance(days=2)
        worker.drain()
        session().expire_all()
        found = session().scalars(select(Notice).where(Notice.about == folio)).all()
        assert {(notice.address, notice.state) for notice in found} == {("", "sent")}
        with pytest.raises(Refused, match="canceló") as refused:
            ask(submission, "rectification", new_email=EMAIL)
        assert refused.value.field == "new_email"
        with pytest.raises(Refused, match="no hay qué cancelar"):
            ask(submission, "cancellation")

    def test_opposed_name_is_published_no_more(self, world: World) -> None:
        submission = published(world)

        decide(world, ask(submission, "opposition"))

        assert (public_author(submission), submission.author_name, submission.published_name) == ("", NAME, "")
        with pytest.raises(Refused, match="no hay a qué oponerse"):
            ask(submission, "opposition")
        assert verify().problems == []

    def test_denied_changes_nothing_and_forgets_what_was_asked(self, world: World) -> None:
        submission = published(world)
        request = ask(submission, "rectification", new_email="nueva@ejemplo.mx")

        decide(world, request, accepts=False)

        assert (request.state, request.new_email, submission.email) == ("denied", "", EMAIL)
        assert "recurso de revisión" in told("data_rights_decided")[0].body
        with pytest.raises(Refused, match="ya se respondió"):
            decide(world, request)


class TestRecord:
    def test_every_act_writes_a_leaf_that_names_no_person(self, world: World) -> None:
        submission = published(world)
        decide(world, ask(submission, "opposition", f"Soy {NAME}."))
        decide(world, ask(submission, "rectification", f"Escriban a {EMAIL}.", new_email="otra@ejemplo.mx"))
        late = ask(submission, "access", "")
        with unit_of_work():
            extend_request(request=late, reason=f"{NAME} pidió mucho.", actor=world.actors["transparency"], now=START)
        decide(world, late, accepts=False)

        rows = session().execute(
            select(Leaf.kind, Opening.content)
            .join(Opening)
            .where(Leaf.public_id == submission.folio, Leaf.kind.startswith("data_rights."))
            .order_by(Leaf.id)
        )
        found = list(rows)
        assert [kind.partition(".")[2] for kind, _content in found] == [
            *("filed", "accepted", "carried_out"),
            *("filed", "accepted", "carried_out"),
            *("filed", "extended", "denied"),
        ]
        said = json.dumps([content for _kind, content in found])
        assert not [word for word in (NAME, EMAIL, PHONE, "otra@ejemplo.mx", "Rosales") if word in said]
        assert not [kind for kind in OPENERS if kind.startswith("data_rights.")]
        seal(START)
        assert verify().problems == []


class TestWho:
    @pytest.mark.parametrize("post", ["coordinator", "control", "administrator", "auditor", "respondent"])
    def test_only_the_transparency_unit_answers(self, world: World, post: str) -> None:
        request = ask(published(world), "access", "")
        acts: list[Any] = [
            lambda actor: extend_request(request=request, reason="x", actor=actor, now=START),
            lambda actor: decide_request(request=request, accepts=True, reason="x", actor=actor, now=START),
            lambda actor: finish_request(request=request, note="x", actor=actor, now=START),
        ]
        for act in acts:
            with pytest.raises(Forbidden), unit_of_work():
                act(world.actors[post])

    def test_of_what_is_reserved_the_control_body_alone(self, world: World) -> None:
        report = a_submission(
            world.topics["mailbox"], START, draft={"kind": "complaint", "names_official": True, "email": EMAIL}
        )
        request = ask(report, "access", "")
        transparency, control = world.actors["transparency"], world.actors["control"]

        assert (list(list_waiting(transparency)), find_request(transparency, request.id)) == ([], None)
        assert list(list_waiting(control)) == [request]
        with pytest.raises(Forbidden), unit_of_work():
            decide_request(request=request, accepts=True, reason="x", actor=transparency, now=START)
        decide(world, request, post="control")
        assert list(list_settled(control)) == [request]

    def test_other_governments_see_nothing(self, world: World) -> None:
        request = ask(published(world), "access", "")
        foreign: Actor = replace(world.actors["transparency"], government_id=world.government_id + 1)

        assert find_request(foreign, request.id) is None
        with pytest.raises(Forbidden), unit_of_work():
            decide_request(request=request, accepts=True, reason="x", actor=foreign, now=START)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (DataRightsDraft("portabilidad", WHY), "kind"),
        (DataRightsDraft("cancellation", " "), "text"),
        (DataRightsDraft("opposition", "x" * 4_001), "text"),
        (DataRightsDraft("rectification", ""), "text"),
        (DataRightsDraft("rectification", WHY, new_email="no es correo"), "new_email"),
        (DataRightsDraft("rectification", WHY, new_phone="12"), "new_phone"),
        (DataRightsDraft("rectification", WHY, new_name="x" * 201), "new_name"),
        (DataRightsDraft("cancellation", WHY, new_email=EMAIL), "kind"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(world: World, draft: DataRightsDraft, field: str) -> None:
    submission = published(world)

    with pytest.raises(Refused) as refused, unit_of_work():
        file_request(submission=submission, draft=draft, now=START)

    assert refused.value.field == field


def test_the_same_twice_waits_and_another_right_does_not(world: World) -> None:
    submission = published(world)
    ask(submission, "access", "")

    with pytest.raises(Refused, match="Ya pidió lo mismo"):
        ask(submission, "access", "")

    assert ask(submission, "opposition").state == "filed"


def test_who_is_not_named_opposes_nothing(world: World) -> None:
    anonymous = a_published(world, START)
    organization = a_published(
        world,
        START,
        draft={"behalf": "organization", "organization": "Cámara (inventada)", "representative": NAME},
    )

    for submission in (anonymous, organization):
        with pytest.raises(Refused, match="no hay a qué oponerse"):
            ask(submission, "opposition")
        with pytest.raises(Refused, match="no se publica"):
            ask(submission, "rectification", new_name="Otro")
