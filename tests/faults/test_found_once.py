"""What an adversarial reading found once, and must not come back."""

import base64
import json
import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.folio import normalise_key
from consulta.notices.models import Notice
from consulta.personal_data import find_personal_data
from consulta.referrals.drafting import draft_answer
from consulta.referrals.story import tell_story
from consulta.submissions.drafts import NonceReused
from consulta.submissions.rules import clean_text
from tests.builders import World, a_receipt, a_referral
from tests.clock import START, Clock
from tests.pages import Page

MARKS = "a" + "\u0301\u0316" * 200_000


@pytest.mark.parametrize("work", [clean_text, normalise_key, find_personal_data], ids=lambda work: work.__name__)
@pytest.mark.parametrize("text", [MARKS, "a" * 9_990, "1 " * 5_000], ids=["marks", "letters", "digits"])
def test_no_text_takes_long_to_read(work: object, text: str) -> None:
    started = time.process_time()

    work(text if work is not find_personal_data else text[:10_000])  # type: ignore[operator]

    # A bound on the shape of the growth, not on the machine: what was found took minutes.
    assert time.process_time() - started < 5


@pytest.mark.usefixtures("scope")
def test_second_hand_in_with_another_address_is_not_taken_for_the_first(world: World) -> None:
    first = a_receipt(world.topics["open"], START, nonce=b"n" * 16)
    second = a_receipt(world.topics["open"], START, nonce=b"n" * 16, draft={"email": "nueva@ejemplo.mx"})

    assert second == NonceReused(first.folio)


def test_file_that_is_gone_is_told_and_nothing_is_received(app: Flask, world: World) -> None:
    page = Page(app)
    address = f"/consultas/{world.slugs['open']}/temas/1/opinar"
    nonce = page.get(address).value("nonce")

    shown = page.post(
        address,
        {"nonce": nonce, "text": "Con archivo.", "file_token": "x", "accion": "enviar", "notice_version": "2026-1"},
        status=422,
    )

    assert "vuelva a elegirlo" in shown.body
    assert shown.value("text") == "Con archivo."


@pytest.mark.usefixtures("scope")
def test_one_answer_never_serves_public_and_private_kinds(world: World) -> None:
    kinds = ("petition", "suggestion")
    referrals = [a_referral(world, START, "mailbox", draft={"kind": kind}) for kind in kinds]

    with pytest.raises(Refused, match="por separado"), unit_of_work():
        draft_answer(referrals=referrals, disposition="noted", text="", actor=world.actors["respondent"], now=START)


@pytest.mark.usefixtures("scope")
def test_story_shows_the_latest_due_date(world: World) -> None:
    referral = a_referral(world, START)
    with unit_of_work():
        referral.due_at += timedelta(days=7)

    [due] = [step.due_at for step in tell_story(referral.submission, START).steps if step.due_at]

    assert due == referral.due_at


def test_cursor_out_of_time_is_refused(app: Flask, world: World) -> None:
    cursor = base64.urlsafe_b64encode(json.dumps(["0001-01-01T00:00:00+23:59", 1]).encode()).decode()

    Page(app).sign_in(world.email("respondent")).get(f"/bandeja/turnos?desde={cursor}", status=400)


def test_link_of_an_account_is_forgotten_once_it_was_sent(
    app: Flask, world: World, database: Database, worker: object
) -> None:
    Page(app).post("/recuperar", {"email": world.email("respondent")})

    worker.drain()  # type: ignore[attr-defined]

    with session_scope(database):
        [notice] = session().scalars(select(Notice).where(Notice.kind == "reset"))
        assert (notice.state, notice.body) == ("sent", "")


def test_only_administrator_cannot_end_her_own_tenure(app: Flask, world: World, clock: Clock) -> None:
    page = Page(app).sign_in(world.email("administrator"))
    mine = next(
        form["action"]
        for form in page.get("/administracion/cargos").soup.select("form[action$='/terminar']")
        if "administrator" in form.find_parent("tr").get_text()
    )

    assert "No puede terminar su propio" in page.post(str(mine), status=422).body
