"""The description of the API: valid, complete, and true of what each call gives."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from consulta.agencies.tokens import USEFUL
from consulta.db import Database, session_scope
from tests.api.machines import Machine
from tests.builders import TEXT, World, a_published, a_referral, an_answered
from tests.clock import START

ANSWER = {"disposition": "adopted", "text": "Procedente: se cambia el artículo 12."}


@pytest.fixture
def spec(anybody: Machine) -> Any:
    return anybody.get("/openapi.json")


def _calls(spec: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in spec["paths"].items():
        for method, call in item.items():
            if method in ("get", "post"):
                yield method, path, call


def _validate(spec: Any, method: str, path: str, status: int, body: Any) -> None:
    """Hold an answer against what the description says of it."""
    schema = spec["paths"][path][method]["responses"][str(status)]["content"]["application/json"]["schema"]
    registry = Registry().with_resource("urn:api", Resource(contents=spec, specification=DRAFT202012))
    Draft202012Validator({"$ref": f"urn:api{schema['$ref']}"}, registry=registry).validate(body)


def test_every_call_says_in_spanish_what_it_does_and_what_it_gives(spec: Any) -> None:
    names = [call["operationId"] for _, _, call in _calls(spec)]

    assert len(names) == len(set(names))
    for method, path, call in _calls(spec):
        assert call["summary"], (method, path)
        assert call["tags"], (method, path)
        assert not set(call["summary"].split()) & {"the", "of", "Return", "List"}, (method, path)
        good = [status for status in call["responses"] if status[0] in "23"]
        assert good, (method, path)


def test_problems_of_a_call_follow_from_what_it_is(spec: Any) -> None:
    for method, path, call in _calls(spec):
        statuses = set(call["responses"])
        assert ("{" in path) <= ("404" in statuses), (method, path)
        assert ("requestBody" in call) <= ({"413", "415", "422"} <= statuses), (method, path)
        assert ("security" in call) == ({"401", "403", "429"} <= statuses), (method, path)
        for status in statuses - {"200", "201", "202", "302", "304"}:
            assert list(call["responses"][status]["content"]) == ["application/problem+json"], (method, path)


def test_permissions_that_a_person_may_ask_for_are_those_that_calls_ask_for(spec: Any) -> None:
    asked: dict[str, set[str]] = {}
    for _, _, call in _calls(spec):
        for scope in call.get("security", [{"bearer": []}])[0]["bearer"]:
            for role in call["x-roles"]:
                asked.setdefault(role, set()).add(scope)

    assert asked == {role.value: set(scopes) for role, scopes in USEFUL.items()}


def test_answers_are_what_the_description_says(
    spec: Any, anybody: Machine, machines: dict[str, Machine], world: World, database: Database
) -> None:
    with session_scope(database):
        published = a_published(world, START).folio
        answered = an_answered(world, START).submission.folio
        referral = a_referral(world, START).id
    topic, window = world.topics["open"], world.slugs["open"]
    agency = anybody.get("/agencies")["items"][0]["id"]
    reads = {
        "/windows": "/windows",
        "/windows/{slug}": f"/windows/{window}",
        "/mailboxes": "/mailboxes",
        "/topics/{topic_id}": f"/topics/{topic}",
        "/topics/{topic_id}/submissions": f"/topics/{topic}/submissions",
        "/submissions/{folio}": f"/submissions/{published}",
        "/agencies": "/agencies",
        "/agencies/{agency_id}/indicators": f"/agencies/{agency}/indicators",
        "/search": "/search?q=ejemplo",
    }
    for path, address in reads.items():
        _validate(spec, "get", f"/api/v1{path}", 200, anybody.get(address))
    _validate(spec, "get", "/api/v1/submissions/{folio}", 200, anybody.get(f"/submissions/{answered}"))
    _validate(spec, "get", "/api/v1/referrals", 200, machines["respondent"].get("/referrals?status=all"))
    receipt = anybody.post(f"/topics/{topic}/submissions", {"text": TEXT})
    _validate(spec, "post", "/api/v1/topics/{topic_id}/submissions", 201, receipt)
    own = anybody.post("/track", {"folio": receipt["folio"], "key": receipt["tracking_key"]}, 200)
    _validate(spec, "post", "/api/v1/track", 200, own)
    submitted = machines["respondent"].post(f"/referrals/{referral}/answer", ANSWER)
    _validate(spec, "post", "/api/v1/referrals/{referral_id}/answer", 201, submitted)


def test_indicators_are_counted_from_the_turnos_of_the_agency(
    anybody: Machine, world: World, database: Database
) -> None:
    with session_scope(database):
        an_answered(world, START)
        a_referral(world, START)
    agencies = {item["key"]: item["id"] for item in anybody.get("/agencies")["items"]}
    actor_agency = world.actors["respondent"].agency_id

    figures = {item["key"]: item for item in anybody.get(f"/agencies/{actor_agency}/indicators")["indicators"]}

    assert actor_agency in agencies.values()
    assert (figures["respondidos"]["above"], figures["respondidos"]["below"]) == (1, 2)
    assert figures["respondidos"]["value"] == 0.5
    assert figures["respondidos"]["numerator"] == "Turnos con respuesta publicada o entregada"
    anybody.get("/agencies/999999/indicators", 404)


def test_page_explains_every_call(app: Flask, spec: Any) -> None:
    page = app.test_client().get("/ayuda/api").get_data(as_text=True)

    for method, path, call in _calls(spec):
        assert f"{method.upper()} {path}</code> {call['summary']}" in page
