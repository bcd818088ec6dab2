"""Writes of tokens: done once under a key, within the limit of the token, in the name of who asked for it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from consulta.accounts.models import ApiAct
from consulta.accounts.operations import suspend_person
from consulta.accounts.tokens import forget_acts, issue_api_token
from consulta.agencies.models import Tenure
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.referrals.models import Answer, Referral
from consulta.windows.models import Window
from tests.api.machines import Machine, fields_of
from tests.builders import World, a_referral
from tests.clock import START, Clock

KEY = {"Idempotency-Key": "la-clave-de-esta-vez"}
WINDOW = {"instrument": "agenda_regulatoria", "title": "Otra agenda", "summary": "Se consulta algo."}
ANSWER = {"disposition": "adopted", "text": "Procedente: se cambia el artículo 12."}


def _count(database: Database, model: type) -> int:
    with session_scope(database) as current:
        return current.scalar(select(func.count()).select_from(model)) or 0


def test_the_same_request_again_does_nothing_and_answers_the_same(
    machines: dict[str, Machine], database: Database
) -> None:
    coordinator = machines["coordinator"]
    before = _count(database, Window)

    first = coordinator.client.post("/api/v1/windows", json=WINDOW, headers={**coordinator.headers, **KEY})
    again = coordinator.client.post("/api/v1/windows", json=WINDOW, headers={**coordinator.headers, **KEY})

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _count(database, Window) == before + 1


def test_without_a_key_each_request_acts(machines: dict[str, Machine], database: Database) -> None:
    before = _count(database, Window)

    slugs = {machines["coordinator"].post("/windows", WINDOW)["slug"] for _ in range(2)}

    assert len(slugs) == 2
    assert _count(database, Window) == before + 2


def test_a_key_used_for_something_else_is_refused_and_nothing_is_done(
    machines: dict[str, Machine], database: Database
) -> None:
    machines["coordinator"].post("/windows", WINDOW, **KEY)
    before = _count(database, Window)

    refused = machines["coordinator"].post("/windows", {**WINDOW, "title": "Otra más"}, 422, **KEY)

    assert fields_of(refused) == ["Idempotency-Key"]
    assert _count(database, Window) == before


def test_keys_of_one_post_are_not_those_of_another(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        referral = a_referral(world, START).id
    machines["coordinator"].post("/windows", WINDOW, **KEY)

    answered = machines["respondent"].post(f"/referrals/{referral}/answer", ANSWER, **KEY)

    assert answered["state"] == "submitted"


@pytest.mark.parametrize("key", ["corta", "x" * 201, ""])
def test_key_of_unfit_length_is_refused(machines: dict[str, Machine], key: str) -> None:
    refused = machines["coordinator"].post("/windows", WINDOW, 422, **{"Idempotency-Key": key})

    assert fields_of(refused) == ["Idempotency-Key"]


def test_what_was_refused_may_be_asked_again_under_its_key(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        referral = a_referral(world, START).id
    machines["respondent"].post(f"/referrals/{referral}/answer", {**ANSWER, "text": "  "}, 422, **KEY)

    assert machines["respondent"].post(f"/referrals/{referral}/answer", ANSWER, **KEY)["state"] == "submitted"
    assert _count(database, Answer) == 1


def test_what_is_kept_under_a_key_holds_no_text(machines: dict[str, Machine], world: World, database: Database) -> None:
    with session_scope(database):
        referral = a_referral(world, START)
        referral_id, text = referral.id, referral.submission.text
    returned = machines["respondent"].post(f"/referrals/{referral_id}/return", {"reason": "No nos toca."}, 200, **KEY)

    assert returned["text"] == text
    with session_scope(database):
        assert session().scalars(select(ApiAct.result)).all() == [{"referral_id": referral_id}]


def test_keys_are_forgotten_after_a_day(machines: dict[str, Machine], database: Database, clock: Clock) -> None:
    machines["coordinator"].post("/windows", WINDOW, **KEY)
    before = _count(database, Window)
    clock.advance(hours=24, minutes=1)
    with session_scope(database), unit_of_work():
        forget_acts(clock.now)

    machines["coordinator"].post("/windows", WINDOW, **KEY)

    assert _count(database, Window) == before + 1


def test_token_is_told_what_it_may_still_call_and_when_it_may_no_more(
    app: Flask, world: World, database: Database, clock: Clock
) -> None:
    with session_scope(database), unit_of_work():
        post_id = world.actors["respondent"].post_id
        token = issue_api_token(post_id=post_id, scope="desk", now=START, per_minute=3)
    machine = Machine(app, token)
    clock.now = START.replace(second=40)

    def call() -> tuple[int, str | None, str | None]:
        answer = machine.client.get("/api/v1/referrals", headers=machine.headers)
        return answer.status_code, answer.headers["RateLimit-Remaining"], answer.headers.get("Retry-After")

    assert [call() for _ in range(4)] == [(200, "2", None), (200, "1", None), (200, "0", None), (429, "0", "20")]
    assert machine.get("/referrals", 429)["title"] == "Este token hizo más de 3 llamadas en un minuto."
    # What needs no token is counted too: the limit is of the program, whatever it asks.
    machine.get("/windows", 429)
    clock.advance(seconds=20)
    assert call() == (200, "2", None)


def test_reads_with_a_token_know_what_did_not_change(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    machine = machines["respondent"]
    first = machine.client.get("/api/v1/referrals", headers=machine.headers)
    known = {**machine.headers, "If-None-Match": first.headers["ETag"]}

    unchanged = machine.client.get("/api/v1/referrals", headers=known)
    with session_scope(database):
        a_referral(world, START)
    changed = machine.client.get("/api/v1/referrals", headers=known)

    assert (unchanged.status_code, unchanged.data, changed.status_code) == (304, b"", 200)
    assert first.headers["Cache-Control"] == "no-store"


def test_read_scope_reads_and_acts_on_nothing(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        referral = a_referral(world, START).id
        with unit_of_work():
            token = issue_api_token(post_id=world.actors["respondent"].post_id, scope="read", now=START)
    machine = Machine(app, token)

    assert [item["id"] for item in machine.get("/referrals")["items"]] == [referral]
    machine.post(f"/referrals/{referral}/answer", ANSWER, 403)
    machine.post(f"/referrals/{referral}/return", {"reason": "No."}, 403)


def test_token_of_a_person_ends_with_her_post_and_her_account(app: Flask, world: World, database: Database) -> None:
    with session_scope(database), unit_of_work():
        holder = world.actors["respondent"]
        token = issue_api_token(post_id=holder.post_id, scope="desk", now=START, person_id=holder.person_id)
    machine = Machine(app, token)
    machine.get("/referrals")

    with session_scope(database), unit_of_work():
        tenure = session().scalars(select(Tenure).where(Tenure.person_id == holder.person_id)).one()
        tenure.to_on = (START - timedelta(days=1)).date()
    machine.get("/referrals", 401)
    with session_scope(database), unit_of_work():
        tenure = session().scalars(select(Tenure).where(Tenure.person_id == holder.person_id)).one()
        tenure.to_on = None
        suspend_person(person=tenure.person, now=START)
    machine.get("/referrals", 401)


def test_who_drafted_with_a_program_cannot_sign_with_one(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        referral = a_referral(world, START).id
        with unit_of_work():
            holder = world.actors["respondent"]
            person_id = holder.person_id
            drafts = issue_api_token(post_id=holder.post_id, scope="desk", now=START, person_id=person_id)
            signer = world.actors["approver"].post_id
            session().add(Tenure(person_id=person_id, post_id=signer, from_on=START.date()))
            signs = issue_api_token(post_id=signer, scope="desk", now=START, person_id=person_id)
    answer = Machine(app, drafts).post(f"/referrals/{referral}/answer", ANSWER)["answer_id"]

    Machine(app, signs).post(f"/answers/{answer}/sign-off", {}, 422)

    with session_scope(database):
        assert session().scalars(select(Referral.state)).all() == ["referred"]
