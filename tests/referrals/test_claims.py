"""Who has neither key nor mail says that she did not send something: the coordination checks and decides."""

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.notices.models import Notice
from consulta.referrals.claims import decide_claim, file_claim, list_open_claims
from consulta.referrals.models import DisowningClaim
from consulta.referrals.standing import disown
from consulta.referrals.states import ClaimState
from consulta.submissions.models import Submission
from tests.builders import World, a_published, a_submission
from tests.clock import START
from tests.pages import Page


def claimed(submission: Submission, *, hides: bool = True, **values: str) -> DisowningClaim:
    """Say that one did not send it."""
    given = {"name": "Rosa (inventada)", "email": "rosa@ejemplo.mx", "text": "Usaron mi nombre.", **values}
    with unit_of_work():
        return file_claim(submission=submission, hides=hides, now=START, **given)


@pytest.mark.usefixtures("scope")
class TestClaims:
    def test_accepted_claim_disowns_and_tells_the_person(self, world: World) -> None:
        submission = a_published(world, START, draft={"author_name": "Rosa (inventada)", "name_is_public": True})
        claim = claimed(submission, hides=False)
        assert submission.standing == "stands"

        with unit_of_work():
            decide_claim(
                claim=claim,
                state=ClaimState.ACCEPTED,
                reason="Mostró su credencial.",
                actor=world.actors["coordinator"],
                now=START,
            )

        assert (submission.standing, submission.is_hidden) == ("disowned", False)
        assert list_open_claims(world.government_id) == []
        told = session().scalars(select(Notice).where(Notice.kind == "claim")).one()
        assert told.address == "rosa@ejemplo.mx"
        assert "Mostró su credencial" in told.body

    def test_claim_is_accepted_when_she_found_her_key_meanwhile(self, world: World) -> None:
        submission = a_published(world, START)
        claim = claimed(submission)
        with unit_of_work():
            disown(submission=submission, hides=True, reason="No fui yo.", now=START)

        with unit_of_work():
            decide_claim(
                claim=claim,
                state=ClaimState.ACCEPTED,
                reason="Mostró su credencial.",
                actor=world.actors["coordinator"],
                now=START,
            )

        assert (submission.standing, claim.state) == ("disowned", "accepted")

    def test_rejected_claim_changes_nothing_and_may_be_made_again(self, world: World) -> None:
        submission = a_submission(world.topics["open"], START)
        claim = claimed(submission)
        with pytest.raises(Refused, match="Ya hay un aviso"):
            claimed(submission)

        with unit_of_work():
            decide_claim(
                claim=claim,
                state=ClaimState.REJECTED,
                reason="No es la persona.",
                actor=world.actors["coordinator"],
                now=START,
            )

        assert submission.standing == "stands"
        assert claimed(submission).id != claim.id
        with pytest.raises(Refused, match="ya se decidió"), unit_of_work():
            decide_claim(
                claim=claim, state=ClaimState.ACCEPTED, reason="Sí.", actor=world.actors["coordinator"], now=START
            )

    @pytest.mark.parametrize(("field", "value"), [("name", " "), ("text", ""), ("email", "no es correo")])
    def test_what_is_missing_is_told_at_its_field(self, world: World, field: str, value: str) -> None:
        with pytest.raises(Refused) as refused:
            claimed(a_submission(world.topics["open"], START), **{field: value})

        assert refused.value.field == field

    def test_only_the_coordination_decides_and_with_reasons(self, world: World) -> None:
        claim = claimed(a_submission(world.topics["open"], START))

        with pytest.raises(Forbidden), unit_of_work():
            decide_claim(
                claim=claim, state=ClaimState.ACCEPTED, reason="Sí.", actor=world.actors["respondent"], now=START
            )
        with pytest.raises(Refused), unit_of_work():
            decide_claim(
                claim=claim, state=ClaimState.ACCEPTED, reason=" ", actor=world.actors["coordinator"], now=START
            )


def test_person_says_so_on_the_page_of_the_folio_and_the_coordination_decides(
    app: Flask, world: World, database: Database
) -> None:
    with session_scope(database):
        folio = a_published(world, START).folio
    address = f"/folio/{folio}/no-lo-envie"
    assert address in Page(app).get(f"/folio/{folio}").links()
    refused = Page(app).post(address, {"name": "", "text": "Usaron mi nombre.", "hides": "no"}, status=422)
    assert refused.errors == ["Escriba su nombre: hay que comprobar que es usted."]
    assert refused.value("text") == "Usaron mi nombre."
    sent = Page(app).post(address, {"name": "Rosa (inventada)", "text": "Usaron mi nombre.", "hides": "no"})
    assert sent.heading == "Recibimos su aviso"

    page = Page(app).sign_in(world.email("coordinator"))
    listed = page.get("/coordinacion/no-lo-envie")
    assert "Usaron mi nombre." in listed.body
    [form] = listed.soup.select("form[action^='/coordinacion/no-lo-envie/']")
    assert page.post(str(form["action"]), {"accion": "aceptar"}, status=422).errors
    page.post(str(form["action"]), {"accion": "aceptar", "razones": "Mostró su credencial."}, status=302)

    assert address not in Page(app).get(f"/folio/{folio}").links()
    Page(app).get(address, status=404)
