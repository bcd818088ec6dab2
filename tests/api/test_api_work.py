"""Calls with the token of a post: referrals, answers and the coordination of windows."""

from datetime import timedelta
from typing import Any

import pytest

from consulta.db import Database, session_scope
from tests.api.machines import Machine, fields_of
from tests.builders import World, a_referral
from tests.clock import START, Clock

ANSWER = {"disposition": "adopted", "text": "Procedente: se cambia el artículo 12."}


def test_referrals_of_the_post_are_listed_by_due_date(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        later = a_referral(world, START)
        sooner = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
        ids = [sooner.id, later.id]

    items = machines["respondent"].get("/referrals")["items"]

    assert [item["id"] for item in items] == ids
    assert items[1]["due_at"] == "2026-07-18T06:00:00Z"
    assert items[1]["derivation"]["n"] == 10
    assert not items[1]["overdue"]
    assert machines["respondent-agua"].get("/referrals")["items"] == []
    assert machines["respondent"].get("/referrals?post=respondent&status=answered")["items"] == []
    machines["respondent"].get("/referrals?post=respondent-agua", 404)
    machines["respondent"].get("/referrals?post=no-hay", 404)
    assert fields_of(machines["respondent"].get("/referrals?status=todos", 422)) == ["status"]


def test_referrals_come_in_pages(machines: dict[str, Machine], world: World, database: Database) -> None:
    with session_scope(database):
        ids = [a_referral(world, START).id for _ in range(51)]

    first = machines["respondent"].get("/referrals")
    second = machines["respondent"].get(f"/referrals?cursor={first['next']}")

    assert [item["id"] for item in [*first["items"], *second["items"]]] == ids
    assert (len(first["items"]), second["next"]) == (50, None)


def test_overdue_begins_at_the_due_instant(
    machines: dict[str, Machine], world: World, database: Database, clock: Clock
) -> None:
    with session_scope(database):
        due_at = a_referral(world, START).due_at

    def is_overdue() -> bool:
        return bool(machines["respondent"].get("/referrals")["items"][0]["overdue"])

    clock.now = due_at - timedelta(microseconds=1)
    assert not is_overdue()
    clock.now = due_at
    assert is_overdue()


def test_answer_is_given_signed_published_and_corrected(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        referral = a_referral(world, START)
        referral_id, folio = referral.id, referral.submission.folio

    answer_id = machines["respondent"].post(f"/referrals/{referral_id}/answer", ANSWER)["answer_id"]
    signed = machines["approver"].post(f"/answers/{answer_id}/sign-off", {}, 200)
    published = machines["coordinator"].post(f"/answers/{answer_id}/publish", {}, 200)
    correction = {"disposition": "partly_adopted", "text": "Parcialmente procedente, por el costo.", "reason": "Costo."}
    corrected = machines["coordinator"].post(f"/answers/{answer_id}/correct", correction, 200)

    assert [item["state"] for item in (signed, published, corrected)] == ["signed_off", "published", "published"]
    assert corrected["disposition"] == "partly_adopted"
    machines["coordinator"].post(f"/answers/{answer_id}/publish", {}, 422)
    problem = machines["coordinator"].post(f"/answers/{answer_id}/correct", correction, 422)
    assert fields_of(problem) == ["text"]
    [found] = machines["respondent"].get("/referrals?status=all")["items"]
    assert (found["folio"], found["status"], found["answer_state"]) == (folio, "answered", "published")


def test_one_call_answers_many(machines: dict[str, Machine], world: World, database: Database) -> None:
    with session_scope(database):
        ids = [a_referral(world, START).id for _ in range(3)]

    answer_id = machines["respondent"].post("/answers", {"referral_ids": [*ids, ids[0]], **ANSWER})["answer_id"]

    items = machines["respondent"].get("/referrals")["items"]
    assert [item["answer_id"] for item in items] == [answer_id] * 3


@pytest.mark.parametrize(
    ("ids", "status"),
    [
        ([], 422),
        (["1"], 422),
        ([1.5], 422),
        ([True], 422),
        ("1", 422),
        ([0], 422),
        ([-1], 422),
        ([2**70], 422),
        ([999], 404),
        (None, 422),
    ],
)
def test_answer_to_what_is_no_referral_is_refused(machines: dict[str, Machine], ids: Any, status: int) -> None:
    machines["respondent"].post("/answers", {"referral_ids": ids, **ANSWER}, status)


def test_referral_of_another_unit_is_not_there(machines: dict[str, Machine], world: World, database: Database) -> None:
    with session_scope(database):
        referral_id = a_referral(world, START).id
    other = machines["respondent-agua"]

    other.post(f"/referrals/{referral_id}/answer", ANSWER, 404)
    other.post(f"/referrals/{referral_id}/return", {"reason": "No."}, 404)
    other.post("/answers", {"referral_ids": [referral_id], **ANSWER}, 404)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"disposition": "otra"}, "disposition"),
        ({"disposition": 3}, "disposition"),
        ({"text": "Corto."}, "text"),
        ({"text": "Un texto largo con \x00 dentro de él."}, "text"),
        ({"text": "Un texto largo con \udfff dentro de él."}, "text"),
        ({"text": None}, "text"),
        ({"razones": "x"}, "razones"),
    ],
)
def test_answer_that_is_incomplete_names_its_field_and_leaves_no_draft(
    machines: dict[str, Machine], world: World, database: Database, change: dict[str, Any], field: str
) -> None:
    with session_scope(database):
        referral_id = a_referral(world, START).id

    problem = machines["respondent"].post(f"/referrals/{referral_id}/answer", {**ANSWER, **change}, 422)

    assert fields_of(problem) == [field]
    assert machines["respondent"].get("/referrals")["items"][0]["answer_id"] is None


def test_referral_is_returned_once_with_its_reason(
    machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        referral_id = a_referral(world, START).id
    path = f"/referrals/{referral_id}/return"

    assert fields_of(machines["respondent"].post(path, {"reason": " "}, 422)) == ["reason"]
    assert fields_of(machines["respondent"].post(path, {"reason": "a\x00"}, 422)) == ["reason"]
    assert machines["respondent"].post(path, {"reason": "No es mío."}, 200)["status"] == "returned"

    machines["respondent"].post(path, {"reason": "No es mío."}, 422)
    machines["respondent"].post(f"/referrals/{referral_id}/answer", ANSWER, 422)


def test_signature_of_the_own_draft_is_refused(machines: dict[str, Machine], world: World, database: Database) -> None:
    with session_scope(database):
        referral_id = a_referral(world, START).id
    answer_id = machines["approver"].post(f"/referrals/{referral_id}/answer", ANSWER)["answer_id"]

    problem = machines["approver"].post(f"/answers/{answer_id}/sign-off", {}, 422)

    assert problem["title"] == "Usted redactó esta respuesta: debe firmarla otra persona."
    machines["approver"].post("/answers/999999/sign-off", {}, 404)


def test_window_is_created_scheduled_extended_and_concluded(
    machines: dict[str, Machine], anybody: Machine, clock: Clock
) -> None:
    coordinator = machines["coordinator"]
    body = {
        "instrument": "agenda_regulatoria",
        "title": "Agenda de 2027",
        "summary": "Se consulta.",
        "topics": [{"title": "Uno", "unit": "movilidad/transito"}, {"title": "Dos"}],
    }
    slug = coordinator.post("/windows", body)["slug"]
    assert slug == "agenda-de-2027"
    term = {"opens_on": "2026-06-15", "days": 20}

    assert fields_of(coordinator.post(f"/windows/{slug}/schedule", {**term, "opens_on": "2026-06-09"}, 422)) == [
        "opens_on"
    ]
    scheduled = coordinator.post(f"/windows/{slug}/schedule", term, 200)
    assert (scheduled["status"], scheduled["closes_at"]) == ("upcoming", "2026-07-14T06:00:00Z")
    coordinator.post(f"/windows/{slug}/schedule", term, 422)

    grounds = {"days": 5, "legal_basis": "Artículo 28", "reason": "Lo pidieron.", "agreement": "A-1"}
    assert fields_of(coordinator.post(f"/windows/{slug}/extend", {**grounds, "reason": " "}, 422)) == ["reason"]
    assert coordinator.post(f"/windows/{slug}/extend", grounds, 200)["closes_at"] == "2026-07-21T06:00:00Z"
    [extension] = anybody.get(f"/windows/{slug}")["extensions"]
    assert (extension["from_closes_at"], extension["agreement"]) == ("2026-07-14T06:00:00Z", "A-1")

    coordinator.post(f"/windows/{slug}/conclude", {}, 422)
    clock.now = START.replace(month=7, day=21)
    assert coordinator.post(f"/windows/{slug}/conclude", {}, 200)["status"] == "concluded"
    coordinator.post(f"/windows/{slug}/extend", grounds, 422)


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"title": ""}, 422, "title"),
        ({"title": "a\x00"}, 422, "title"),
        ({"title": "¿?"}, 422, "title"),
        ({"summary": ""}, 422, "summary"),
        ({"instrument": "no_hay"}, 404, ""),
        ({"instrument": "a\x00"}, 422, "instrument"),
        ({"topics": [{"title": ""}]}, 422, "title"),
        ({"topics": [{"title": "Uno", "unit": "no-hay"}]}, 422, "topics.0.unit"),
        ({"topics": [{"title": "Uno", "unit": "\ud800"}]}, 422, "topics.0.unit"),
        ({"topics": {"title": "Uno"}}, 422, "topics"),
        ({"decides": ["x"]}, 422, "decides"),
    ],
)
def test_window_that_is_incomplete_is_not_created(
    machines: dict[str, Machine], anybody: Machine, change: dict[str, Any], status: int, field: str
) -> None:
    body = {"instrument": "agenda_regulatoria", "title": "Otra", "summary": "Algo.", "topics": [], **change}

    problem = machines["coordinator"].post("/windows", body, status)

    assert fields_of(problem) == [field] if field else "errors" not in problem
    assert machines["coordinator"].post("/windows", {**body, "topics": [], **ANOTHER})["slug"] == "cuadro"


ANOTHER = {"instrument": "agenda_regulatoria", "title": "Cuadro", "summary": "Algo.", "decides": ""}


@pytest.mark.parametrize(
    "term",
    [
        {"opens_on": "9999-12-31", "days": 20},
        {"opens_on": "0001-01-01", "days": 20},
        {"opens_on": "2026-02-30", "days": 20},
        {"opens_on": "mañana", "days": 20},
        {"opens_on": 20260615, "days": 20},
        {"opens_on": "2026-06-15", "days": 0},
        {"opens_on": "2026-06-15", "days": -3},
        {"opens_on": "2026-06-15", "days": 10**30},
        {"opens_on": "2026-06-15", "days": "20"},
        {"opens_on": "2026-06-15", "days": 20.5},
        {"opens_on": "2026-06-15", "days": True},
        {"opens_on": "2026-06-15", "days": None},
        {"opens_on": None, "days": 20},
    ],
)
def test_term_that_cannot_be_counted_is_refused(machines: dict[str, Machine], term: dict[str, Any]) -> None:
    body = {"instrument": "cabildo_abierto", "title": "Cabildo", "summary": "Algo.", "topics": [{"title": "Uno"}]}
    slug = machines["coordinator"].post("/windows", body)["slug"]

    machines["coordinator"].post(f"/windows/{slug}/schedule", term, 422)
