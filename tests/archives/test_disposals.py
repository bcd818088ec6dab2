"""*Baja documental*: two people, nothing held is touched, and nothing of what was said can be read any more."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.archives.disposals import DisposalDraft, carry_out, count_items, decide_disposal, propose_disposal
from consulta.archives.holds import lift_hold, list_holds, place_hold
from consulta.archives.models import Disposal
from consulta.archives.states import DisposalState
from consulta.cli.archives import sweep_database
from consulta.data_rights.operations import decide_request, file_request
from consulta.data_rights.rules import DataRightsDraft
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.receipts.queries import make_receipt
from consulta.record.models import Leaf, Opening
from consulta.submissions.models import Attachment, Submission
from tests.archives.filing import LATER, conclude_everything, filed_in_series
from tests.archives.worlds import ORIGIN, populate, seal, verify
from tests.builders import World, a_published, a_submission, an_answered, get_window
from tests.clock import START, Clock
from tests.pages import Page
from tests.record.test_record import KEY

DRAFT = DisposalDraft("D-7/2026", "Artículo 58 de la ley de archivos", "Venció su plazo.")
MARK = "quetzalcoatlixmiquilpan"


@pytest.fixture(autouse=True)
def filed(database: Database, world: World) -> None:
    """Every term has run by then: everything is filed in one series, and every window concluded."""
    with session_scope(database), unit_of_work():
        filed_in_series(world, START)


def proposed(world: World, *submissions: Submission) -> Disposal:
    """Conclude everything, and propose as the coordination once the terms have run."""
    with unit_of_work():
        conclude_everything(world, START)
        return propose_disposal(
            government_id=world.government_id,
            draft=DRAFT,
            submissions=submissions,
            actor=world.actors["coordinator"],
            now=LATER,
        )


def authorised(world: World, disposal: Disposal) -> Disposal:
    """Authorise as the transparency unit, and let the worker carry it out."""
    with unit_of_work():
        decide_disposal(
            disposal=disposal,
            authorises=True,
            reason="Dictamen favorable.",
            actor=world.actors["transparency"],
            now=LATER,
        )
    while disposal.state == DisposalState.AUTHORISED:
        with unit_of_work():
            carry_out({"disposal_id": disposal.id}, LATER)
        session().refresh(disposal)
    return disposal


@pytest.mark.usefixtures("scope")
class TestDisposals:
    def test_what_was_said_is_gone_and_that_it_was_stays(self, world: World) -> None:
        submission = an_answered(world, START, text=f"Procedente, {MARK}.").submission
        other = a_published(world, START)
        seal(START)

        done = authorised(world, proposed(world, submission))

        assert (done.state, count_items(done.id)) == ("done", (1, 0))
        assert (submission.text, submission.email, submission.author_name, submission.files) == ("", "", "", [])
        assert other.text != ""
        leaves = session().scalars(select(Leaf).where(Leaf.public_id == submission.folio)).all()
        assert leaves[-1].kind == "submission.purged"
        openings = session().scalars(select(Opening).join(Leaf).where(Leaf.public_id == submission.folio)).all()
        assert [opening.leaf_id for opening in openings] == [leaves[-1].id]
        with pytest.raises(Refused, match="se dio de baja"):
            make_receipt(submission, origin=ORIGIN, key=KEY)
        assert verify().problems == []

    def test_what_is_held_or_unfinished_is_kept_and_says_why(self, world: World) -> None:
        held, waiting = a_submission(world.topics["open"], START), None
        closed = a_submission(world.topics["closed"], START)
        with unit_of_work():
            place_hold(
                subject=held, reference="amparo 5/2026", reason="Se litiga.", actor=world.actors["control"], now=START
            )
            place_hold(
                subject=get_window(world.slugs["closed"]),
                reference="auditoría 9",
                reason="Se revisa.",
                actor=world.actors["coordinator"],
                now=START,
            )
        from tests.builders import a_referral

        waiting = a_referral(world, START).submission

        done = authorised(world, proposed(world, held, closed, waiting))

        assert count_items(done.id) == (0, 3)
        assert all(item.text for item in (held, closed, waiting))

    def test_request_about_data_is_emptied_with_it_and_one_that_waits_keeps_it(self, world: World) -> None:
        gone, kept = (a_submission(world.topics["mailbox"], START, draft={"email": "x@ejemplo.mx"}) for _ in range(2))
        with unit_of_work():
            settled = file_request(submission=gone, draft=DataRightsDraft("cancellation", MARK), now=START)
            file_request(submission=kept, draft=DataRightsDraft("cancellation", MARK), now=START)
            decide_request(request=settled, accepts=False, reason=MARK, actor=world.actors["transparency"], now=START)

        done = authorised(world, proposed(world, gone, kept))

        session().refresh(settled)
        assert count_items(done.id) == (1, 1)
        assert (settled.text, settled.reason, settled.state) == ("Se dio de baja.", "Se dio de baja.", "denied")
        assert (kept.text != "", gone.text) == (True, "")

    def test_hold_is_lifted_with_a_reason_and_then_it_goes(self, world: World) -> None:
        held = a_submission(world.topics["open"], START)
        actor = world.actors["control"]
        with unit_of_work():
            hold = place_hold(subject=held, reference="amparo 5", reason="Se litiga.", actor=actor, now=START)
        with pytest.raises(Refused, match="Ya se conserva"), unit_of_work():
            place_hold(subject=held, reference="amparo 5", reason="Otra vez.", actor=actor, now=START)
        with pytest.raises(Refused, match="por qué"), unit_of_work():
            lift_hold(hold=hold, reason=" ", actor=actor, now=START)
        with pytest.raises(Forbidden), unit_of_work():
            lift_hold(hold=hold, reason="x", actor=world.actors["respondent"], now=START)
        with unit_of_work():
            lift_hold(hold=hold, reason="Se resolvió.", actor=actor, now=START)

        assert list_holds(world.government_id) == []
        assert count_items(authorised(world, proposed(world, held)).id) == (1, 0)

    def test_two_people_of_two_posts_and_with_reasons(self, world: World) -> None:
        disposal = proposed(world, a_submission(world.topics["open"], START))
        coordinator = world.actors["coordinator"]
        for actor in (coordinator, replace(world.actors["transparency"], person_id=coordinator.person_id)):
            with pytest.raises(Refused, match="otra persona"), unit_of_work():
                decide_disposal(disposal=disposal, authorises=True, reason="Sí.", actor=actor, now=START)
        with pytest.raises(Forbidden), unit_of_work():
            decide_disposal(disposal=disposal, authorises=True, reason="Sí.", actor=world.actors["auditor"], now=START)
        with pytest.raises(Refused, match="en qué se basa"), unit_of_work():
            decide_disposal(
                disposal=disposal, authorises=True, reason="", actor=world.actors["transparency"], now=START
            )
        with unit_of_work():
            decide_disposal(
                disposal=disposal,
                authorises=False,
                reason="Falta plazo.",
                actor=world.actors["transparency"],
                now=START,
            )
            carry_out({"disposal_id": disposal.id}, START)
        assert disposal.state == "rejected"
        assert session().scalars(select(Submission.text)).all() != [""]

    @pytest.mark.parametrize(
        ("draft", "field"),
        [
            (DisposalDraft("", "Artículo 58", "Venció."), "reference"),
            (DisposalDraft("D-1", " ", "Venció."), "legal_basis"),
            (DisposalDraft("D-1", "Artículo 58", ""), "reason"),
            (DisposalDraft("D" * 201, "Artículo 58", "x"), "reference"),
        ],
    )
    def test_what_is_missing_is_told_at_its_field(self, world: World, draft: DisposalDraft, field: str) -> None:
        submission = a_submission(world.topics["open"], START)
        with pytest.raises(Refused) as refused, unit_of_work():
            propose_disposal(
                government_id=world.government_id,
                draft=draft,
                submissions=[submission],
                actor=world.actors["coordinator"],
                now=START,
            )
        assert refused.value.field == field
        with pytest.raises(Refused) as refused, unit_of_work():
            propose_disposal(
                government_id=world.government_id,
                draft=DRAFT,
                submissions=[],
                actor=world.actors["coordinator"],
                now=START,
            )
        assert refused.value.field == "folios"

    def test_everything_that_the_record_keeps_can_go_and_it_still_verifies(self, world: World) -> None:
        populate(world)
        everything = list(session().scalars(select(Submission)))
        done = authorised(world, proposed(world, *everything))

        purged, skipped = count_items(done.id)
        assert purged >= 3
        assert purged + skipped == len(everything)
        assert verify().problems == []
        assert session().scalars(select(Attachment)).all() == []


def test_no_trace_stays_in_the_files_of_the_database(database: Database, world: World, app: Flask) -> None:
    folder = Path(app.extensions["consulta"].settings.instance)
    with session_scope(database):
        submission = a_published(world, START, draft={"text": f"Vivo en {MARK} y me afecta.", "email": "x@ejemplo.mx"})
        folio = submission.folio
        authorised(world, proposed(world, submission))
        sweep_database(database)
    database.dispose()

    if database.url.startswith("sqlite"):
        path = Path(database.url.removeprefix("sqlite:///"))
        for name in (path, path.with_name(path.name + "-wal")):
            assert not name.exists() or MARK.encode() not in name.read_bytes()
    assert subprocess.run(["grep", "-rlq", MARK, str(folder)], check=False).returncode == 1
    assert "Se dio de baja" in Page(app).get(f"/folio/{folio}").body


def test_pages_hold_propose_and_decide(app: Flask, world: World, database: Database, clock: Clock) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["mailbox"], START).folio
    clock.now = LATER
    page = Page(app).sign_in(world.email("coordinator"))

    shown = page.post("/coordinacion/archivo/conservar", {"subject": folio, "reference": "", "reason": "x"}, status=422)
    assert "Escriba el número" in shown.body
    shown = page.post(
        "/coordinacion/archivo/conservar", {"subject": "nada", "reference": "1", "reason": "x"}, status=422
    )
    assert "No hay folio ni consulta" in shown.body
    shown = page.follow(
        "/coordinacion/archivo/conservar", {"subject": world.slugs["open"], "reference": "1", "reason": "x"}
    )
    assert "Se conserva" in shown.body
    fields = {"folios": f"{folio} xx", "disposal_reference": "D", "legal_basis": "A", "disposal_reason": "V"}
    assert "No son folios" in page.post("/coordinacion/archivo/bajas", fields, status=422).body
    shown = page.follow("/coordinacion/archivo/bajas", {**fields, "folios": folio.lower()})
    assert folio in shown.body
    with session_scope(database):
        number = session().scalars(select(Disposal.id)).one()
    address = f"/coordinacion/archivo/bajas/{number}"
    assert "Marque la casilla" in page.post(address, {"accion": "autorizar", "reason": "x"}, status=422).body
    own = page.post(address, {"accion": "autorizar", "seguro": "si", "reason": "x"}, status=422)
    assert "otra persona" in own.body
    other = Page(app).sign_in(world.email("transparency"))
    assert "Autorizada" in other.follow(address, {"accion": "autorizar", "seguro": "si", "reason": "Sí."}).body
