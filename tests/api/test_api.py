"""`/api/v1`: each call as its table promises, and refusals that a machine can read."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from consulta.db import Database, session_scope, unit_of_work
from consulta.moderation.operations import withhold_text
from tests.api.machines import Machine, check_problem, fields_of
from tests.builders import TEXT, World, a_published, a_referral, an_answered
from tests.clock import START
from tests.inspection.inspected_files import a_png

ANSWER = {"disposition": "adopted", "text": "Procedente: se cambia el artículo 12."}


def test_windows_are_listed_by_status_and_instrument(anybody: Machine, world: World) -> None:
    def slugs(query: str = "") -> list[str]:
        return [item["slug"] for item in anybody.get(f"/windows{query}")["items"]]

    assert slugs() == [world.slugs["closed"], world.slugs["open"]]
    assert slugs("?status=open") == [world.slugs["open"]]
    assert slugs("?status=closed&instrument=agenda_regulatoria") == [world.slugs["closed"]]
    assert slugs("?status=upcoming") == slugs("?status=concluded") == slugs("?instrument=cabildo_abierto") == []
    assert fields_of(anybody.get("/windows?status=draft", 422)) == ["status"]


def test_window_tells_its_dates_with_derivation_counters_and_topics(anybody: Machine, world: World) -> None:
    window = anybody.get(f"/windows/{world.slugs['open']}")

    assert (window["status"], window["closes_at"]) == ("open", "2026-07-04T06:00:00Z")
    assert window["derivation"]["due_on"] == "2026-07-03"
    assert window["counters"] == {"received": 0, "published": 0, "answered": 0, "late": 0}
    assert [topic["id"] for topic in window["topics"]] == [world.topics["open"], world.topics["open-unrouted"]]
    assert anybody.get(f"/topics/{world.topics['open']}") == window["topics"][0]
    anybody.get("/windows/no-hay", 404)
    anybody.get("/topics/999999", 404)


def test_window_in_preparation_is_nobodys_business(anybody: Machine, machines: dict[str, Machine]) -> None:
    body = {
        "instrument": "agenda_regulatoria",
        "title": "En preparación",
        "summary": "Todavía no.",
        "topics": [{"title": "Uno"}],
    }
    slug = machines["coordinator"].post("/windows", body)["slug"]

    anybody.get(f"/windows/{slug}", 404)
    assert slug not in [item["slug"] for item in anybody.get("/windows")["items"]]


def test_mailboxes_name_the_topic_to_post_to(anybody: Machine, world: World) -> None:
    items = anybody.get("/mailboxes")["items"]

    assert {item["slug"] for item in items} == {world.slugs["mailbox"]}
    receipt = anybody.post(f"/topics/{items[0]['topic_id']}/submissions", {"text": TEXT, "kind": "petition"})
    assert receipt["status"] == "received"


def test_submission_gets_its_receipt_and_opens_with_its_key(anybody: Machine, world: World) -> None:
    receipt = anybody.post(
        f"/topics/{world.topics['open']}/submissions",
        {
            "text": TEXT,
            "author": {"name": "Ana Ejemplo", "name_is_public": True},
            "contact": {"email": "ana@ejemplo.mx", "phone": None},
            "demographics": {"sex": "woman", "municipality": "11015"},
            "attachments": [{"filename": "croquis.png", "content": base64.b64encode(a_png()).decode()}],
        },
    )

    assert set(receipt) == {"status", "folio", "tracking_key", "received_at", "receipt_url"}
    assert (receipt["status"], receipt["received_at"]) == ("received", "2026-06-10T18:00:00Z")
    assert receipt["receipt_url"] == f"http://localhost/folio/{receipt['folio']}"
    own = anybody.post("/track", {"folio": receipt["folio"], "key": receipt["tracking_key"]}, 200)
    assert (own["text"], own["files"][0]["filename"]) == (TEXT, "croquis.png")
    assert own["steps"][0]["at"] == "2026-06-10T18:00:00Z"
    public = anybody.get(f"/submissions/{receipt['folio']}")
    assert (public["state"], public["text"], public["author"]) == ("received", None, None)


def test_late_submission_is_accepted_apart(anybody: Machine, world: World) -> None:
    receipt = anybody.post(f"/topics/{world.topics['closed']}/submissions", {"text": TEXT}, 202)

    assert receipt["status"] == "late"
    assert receipt["folio"]
    assert receipt["tracking_key"]
    counters = anybody.get(f"/windows/{world.slugs['closed']}")["counters"]
    assert (counters["received"], counters["late"]) == (0, 1)


def test_idempotency_key_gives_one_receipt(anybody: Machine, world: World) -> None:
    path, key = f"/topics/{world.topics['open']}/submissions", {"Idempotency-Key": "a" * 16}
    first = anybody.post(path, {"text": TEXT}, **key)

    assert anybody.post(path, {"text": TEXT}, **key) == first
    assert first["folio"] in anybody.post(path, {"text": "Otra cosa."}, 422, **key)["title"]
    elsewhere = anybody.post(f"/topics/{world.topics['open-unrouted']}/submissions", {"text": TEXT}, **key)
    assert elsewhere["folio"] != first["folio"]
    assert anybody.get(f"/windows/{world.slugs['open']}")["counters"]["received"] == 2


@pytest.mark.parametrize("key", ["", "a" * 15, "a" * 201])
def test_idempotency_key_that_could_collide_is_refused(anybody: Machine, world: World, key: str) -> None:
    problem = anybody.post(
        f"/topics/{world.topics['open']}/submissions", {"text": TEXT}, 422, **{"Idempotency-Key": key}
    )

    assert fields_of(problem) == ["Idempotency-Key"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"text": ""}, ["text"]),
        ({"text": " \u200b "}, ["text"]),
        ({"text": "x" * 10_001}, ["text"]),
        ({"kind": "petition"}, ["kind"]),
        ({"kind": "nada"}, ["kind"]),
        ({"text": "a\x00b"}, ["text"]),
        ({"text": "a\ud800b"}, ["text"]),
        ({"text": 7}, ["text"]),
        ({"text": None}, ["text"]),
        ({"text": ["a"]}, ["text"]),
        ({"author": "Ana"}, ["author"]),
        ({"author": {"name": "a\x00"}}, ["author.name"]),
        ({"author": {"edad": 3}}, ["author.edad"]),
        ({"author": None}, ["author"]),
        ({"contact": {"email": "no"}}, ["email"]),
        ({"demographics": {"sex": "x"}}, ["demographics.sex"]),
        ({"demographics": {"municipality": 11015}}, ["demographics.municipality"]),
        ({"attachments": "x"}, ["attachments"]),
        ({"attachments": [{}]}, ["attachments.0.filename", "attachments.0.content"]),
        ({"attachments": [{"filename": "a.png", "content": "¡no!"}]}, ["attachments"]),
        ({"attachments": [{"filename": "a.exe", "content": "TVo="}]}, ["attachments"]),
        ({"attachments": [{"filename": "\ud800.png", "content": "TVo="}]}, ["attachments.0.filename"]),
        ({"attachments": [{"filename": "a.png", "content": "\ud800"}]}, ["attachments"]),
        ({"attachments": [{"filename": "a.png", "content": ""}] * 6}, ["attachments"]),
        ({"texto": "sobra"}, ["texto"]),
        ({"text_consent": "quizá"}, ["text_consent"]),
    ],
)
def test_submission_that_cannot_be_received_names_its_fields(
    anybody: Machine, world: World, change: dict[str, Any], fields: list[str]
) -> None:
    problem = anybody.post(f"/topics/{world.topics['open']}/submissions", {"text": TEXT, **change}, 422)

    assert sorted(fields_of(problem)) == sorted(fields)
    assert anybody.get(f"/windows/{world.slugs['open']}")["counters"]["received"] == 0


def test_text_beyond_every_limit_is_refused_and_not_an_error(
    anybody: Machine, machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        referral_id = a_referral(world, START).id
    megabyte = "ñ" * 500_000

    anybody.post(f"/topics/{world.topics['open']}/submissions", {"text": megabyte}, 422)
    anybody.post("/track", {"folio": megabyte, "key": megabyte}, 422)
    machines["respondent"].post(f"/referrals/{referral_id}/answer", {**ANSWER, "text": megabyte}, 422)
    machines["respondent"].post(f"/referrals/{referral_id}/return", {"reason": megabyte}, 422)
    for field in ("title", "summary", "instrument"):
        body = {"instrument": "agenda_regulatoria", "title": "Otra", "summary": "Algo.", field: megabyte}
        machines["coordinator"].post("/windows", body, 404 if field == "instrument" else 422)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"texto"', "application/json"),
        (b"[" * 5000, "application/json"),
        (b'{"text":' * 5000, "application/json"),
        (b'{"text": ' + b"9" * 5000 + b"}", "application/json"),
        (b'{"text": "hola"}', "text/plain"),
        (b"text=hola", "application/x-www-form-urlencoded"),
        (b"<text>hola</text>", "application/xml"),
    ],
)
def test_body_that_is_no_json_object_is_refused(app: Flask, world: World, data: bytes, content_type: str) -> None:
    client = app.test_client()
    for path in (f"/api/v1/topics/{world.topics['open']}/submissions", "/api/v1/track"):
        response = client.post(path, data=data, content_type=content_type)

        assert 400 <= response.status_code < 500
        check_problem(response)


def test_published_ones_come_in_pages_without_repeats(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folios = [a_published(world, START + timedelta(minutes=n)).folio for n in range(43)]
    machine, seen, cursor = Machine(app), [], ""

    while cursor is not None:
        page = machine.get(f"/topics/{world.topics['open']}/submissions?cursor={cursor}")
        assert len(page["items"]) <= 20
        seen += [item["folio"] for item in page["items"]]
        cursor = page["next"]

    assert seen == folios[::-1]


@pytest.mark.parametrize("cursor", ["x", "W10", "W251bGxd", "WyJhIl0", "WzFlOTk5XQ", "ñ", "W" * 3000, "%00"])
def test_foreign_cursor_is_refused(anybody: Machine, machines: dict[str, Machine], world: World, cursor: str) -> None:
    anybody.get(f"/windows?cursor={cursor}", 400)
    anybody.get(f"/topics/{world.topics['open']}/submissions?cursor={cursor}", 400)
    machines["respondent"].get(f"/referrals?cursor={cursor}", 400)


def test_cursor_nested_beyond_reason_is_refused(anybody: Machine) -> None:
    anybody.get("/windows?cursor=" + base64.urlsafe_b64encode(b"[" * 20_000).decode(), 400)


def test_public_view_shows_text_author_and_answer_once_published(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio = an_answered(world, START).submission.folio

    found = Machine(app).get(f"/submissions/{folio}")

    assert (found["text"], found["author"]) == (TEXT, None)
    assert found["answer"]["disposition"] == "adopted"
    assert "tracking_key" not in found
    assert Machine(app).get(f"/topics/{world.topics['open']}/submissions")["items"] == [found]


def test_what_is_never_public_looks_like_nothing(anybody: Machine) -> None:
    for folio in ("GTO-2026-0000-0000-0", "nada", "ñ"):
        anybody.get(f"/submissions/{folio}", 404)
    anybody.get("/submissions/%00", 400)


def test_wrong_key_and_unknown_folio_are_told_apart_by_nobody(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        folio = a_published(world, START).folio
    machine = Machine(app)

    wrong = machine.post("/track", {"folio": folio, "key": "una dos tres cuatro cinco seis"}, 404)

    assert wrong["title"] == "El folio y la clave no coinciden."
    machine.post("/track", {"folio": "sin forma", "key": "x"}, 422)
    assert sorted(fields_of(machine.post("/track", {}, 422))) == ["folio", "key"]


def test_reads_carry_an_etag_and_answer_304(app: Flask, world: World, database: Database) -> None:
    client, path = app.test_client(), f"/api/v1/topics/{world.topics['open']}/submissions"
    for address in (path, "/api/v1/windows", f"/api/v1/windows/{world.slugs['open']}", "/api/v1/mailboxes"):
        etag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    old = client.get(path).headers["ETag"]

    with session_scope(database):
        a_published(world, START)

    assert client.get(path, headers={"If-None-Match": old}).status_code == 200


def test_description_lists_every_call(app: Flask, anybody: Machine) -> None:
    described = anybody.get("/openapi.json")

    assert described["openapi"].startswith("3.1")
    paths = {
        (method.upper(), path) for path, item in described["paths"].items() for method in item if method != "parameters"
    }
    declared = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert paths == {(method, _as_described(route)) for method, route in declared}
    assert len(paths) == 27


def _as_described(route: str) -> str:
    return route.replace("<int:", "{").replace("<", "{").replace(">", "}")


def test_unknown_call_and_wrong_method_are_problems_too(anybody: Machine, app: Flask) -> None:
    anybody.get("/nada", 404)
    assert check_problem(app.test_client().delete("/api/v1/windows"))["status"] == 405


def test_withheld_text_is_not_given(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        submission = a_published(world, START)
        folio = submission.folio
        with unit_of_work():
            withhold_text(
                submission=submission,
                ground="personal_data",
                reason="Muestra un domicilio.",
                actor=world.actors["moderator"],
                now=START,
            )

    found = Machine(app).get(f"/submissions/{folio}")

    assert (found["state"], found["text"]) == ("withheld", None)
    assert Machine(app).get(f"/topics/{world.topics['open']}/submissions")["items"] == []
