"""Calls with a token of a post: referrals, answers, and the coordination of windows."""

from typing import Any

from apiflask import APIBlueprint

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_post_by_key, find_unit_by_key, get_government
from consulta.api.public import json_response
from consulta.api.schemas import (
    AnswerIn,
    BulkAnswerIn,
    CorrectionIn,
    ExtendIn,
    ReasonIn,
    ReferralsQuery,
    ScheduleIn,
    WindowIn,
)
from consulta.api.serializers import referral_json, window_json
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.referrals.conclusion import conclude_when_answered
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Answer, Referral
from consulta.referrals.operations import close_reserved, correct_answer, publish_answer, sign_off, submit_answer
from consulta.referrals.queries import find_answer, find_referral, list_referrals_by_ids
from consulta.referrals.routing import return_referral
from consulta.referrals.rules import may_answer, may_coordinate, may_sign
from consulta.referrals.states import ReferralState
from consulta.referrals.tray import TrayFilter, list_tray
from consulta.web.access import access, token
from consulta.web.context import arrived_at
from consulta.web.pagination import decode_moment_cursor, encode_cursor
from consulta.windows.dating import extend_window, schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument, get_window

blueprint = APIBlueprint("api_work", __name__, url_prefix="/api/v1")
DESK = token("desk", Role.RESPONDENT, Role.APPROVER, Role.CONTROL)
SIGNS = token("desk", Role.APPROVER)
COORDINATES = token("coordination", Role.COORDINATOR)


@blueprint.get("/referrals")
@access(DESK)
@blueprint.input(ReferralsQuery, location="query", arg_name="query")
def referrals(query: dict[str, str], actor: Actor) -> Any:
    """List the referrals of the post's unit by due date."""
    if query["status"] not in [*ReferralState, "all"]:
        raise Refused("status debe ser referred, returned, answered, ended o all.", field="status")
    if query["post"]:
        post = find_post_by_key(query["post"])
        if post is None or post.unit_id != actor.unit_id:
            raise NotFound("No existe ese cargo.")
    found = list_tray(
        unit_ids=[] if actor.role == Role.CONTROL else [actor.unit_id],
        control_unit_ids=[actor.unit_id] if actor.role == Role.CONTROL else [],
        shown=TrayFilter(state=None if query["status"] == "all" else ReferralState(query["status"])),
        after=decode_moment_cursor(query["cursor"]),
        with_derivations=True,
        limit=51,
    )
    shown = found[:50]
    more = encode_cursor(shown[-1].due_at.isoformat(), shown[-1].id) if len(found) > 50 else None
    return {"items": [referral_json(item, arrived_at()) for item in shown], "next": more}


@blueprint.post("/referrals/<int:referral_id>/return")
@access(DESK)
@blueprint.input(ReasonIn, arg_name="body")
def give_back(referral_id: int, body: dict[str, str], actor: Actor) -> Any:
    """Return a referral as not competent."""
    found = _referral(referral_id, actor)
    with unit_of_work():
        return_referral(referral=found, reason=body["reason"], actor=actor, now=arrived_at())
    return referral_json(_referral(referral_id, actor), arrived_at())


@blueprint.post("/referrals/<int:referral_id>/answer")
@access(DESK)
@blueprint.input(AnswerIn, arg_name="body")
def answer_one(referral_id: int, body: dict[str, str], actor: Actor) -> Any:
    """Answer one referral and send it to signature."""
    _referral(referral_id, actor)
    return _submit([referral_id], body, actor)


@blueprint.post("/answers")
@access(DESK)
@blueprint.input(BulkAnswerIn, arg_name="body")
def answer_many(body: dict[str, Any], actor: Actor) -> Any:
    """Answer many referrals with one answer and send it to signature."""
    ids = body["referral_ids"]
    if not 0 < len(ids) <= 500 or any(not 0 < item < 2**62 for item in ids):
        raise Refused("Envíe de 1 a 500 turnos.", field="referral_ids")
    found = list_referrals_by_ids(ids)
    if len(found) != len(set(ids)) or any(not _may_answer(actor, item) for item in found):
        raise NotFound("No existe alguno de esos turnos.")
    return _submit(ids, body, actor)


@blueprint.post("/answers/<int:answer_id>/sign-off")
@access(SIGNS)
def sign(answer_id: int, actor: Actor) -> Any:
    """Sign an answer off."""
    found = _answer(answer_id)
    if not may_sign(actor, agency_id=found.unit.agency_id):
        raise NotFound("No existe esa respuesta.")
    with unit_of_work():
        sign_off(answer=found, actor=actor, now=arrived_at())
    return _answer_state(answer_id)


@blueprint.post("/answers/<int:answer_id>/publish")
@access(COORDINATES)
def publish(answer_id: int, actor: Actor) -> Any:
    """Publish a signed answer and notify."""
    found = _coordinated(answer_id, actor)
    with unit_of_work():
        publish_answer(answer=found, actor=actor, now=arrived_at())
    return _answer_state(answer_id)


@blueprint.post("/answers/<int:answer_id>/correct")
@access(COORDINATES)
@blueprint.input(CorrectionIn, arg_name="body")
def correct(answer_id: int, body: dict[str, str], actor: Actor) -> Any:
    """Correct a published answer openly."""
    found = _coordinated(answer_id, actor)
    with unit_of_work():
        correct_answer(
            answer=found,
            disposition=body["disposition"],
            text=body["text"],
            dataset_url=body["dataset_url"] or None,
            reason=body["reason"],
            actor=actor,
            now=arrived_at(),
        )
    return _answer_state(answer_id)


@blueprint.post("/windows")
@access(COORDINATES)
@blueprint.input(WindowIn, arg_name="body")
def create(body: dict[str, Any], actor: Actor) -> Any:
    """Create a window in preparation, with its topics."""
    with unit_of_work():
        government = get_government(actor.government_id)
        window = create_window(
            government=government,
            instrument=get_instrument(body["instrument"]),
            title=body["title"],
            summary=body["summary"],
            decides=body["decides"] or "",
            afterwards=body["afterwards"] or "",
            actor=actor,
            now=arrived_at(),
        )
        for number, item in enumerate(body["topics"]):
            unit = find_unit_by_key(government.id, item["unit"]) if item["unit"] else None
            if item["unit"] and unit is None:
                raise Refused(f"No existe la unidad «{item['unit']}».", field=f"topics.{number}.unit")
            add_topic(
                window=window,
                title=item["title"],
                summary=item["summary"] or "",
                unit=unit,
                actor=actor,
                now=arrived_at(),
            )
        slug = window.slug
    return json_response(window_json(get_window(slug), arrived_at(), {}), 201)


@blueprint.post("/windows/<slug>/schedule")
@access(COORDINATES)
@blueprint.input(ScheduleIn, arg_name="body")
def schedule(slug: str, body: dict[str, Any], actor: Actor) -> Any:
    """Fix opening and closing."""
    window = _window(slug, actor)
    with unit_of_work():
        schedule_window(window=window, actor=actor, now=arrived_at(), **body)
    return window_json(get_window(slug), arrived_at(), {})


@blueprint.post("/windows/<slug>/extend")
@access(COORDINATES)
@blueprint.input(ExtendIn, arg_name="body")
def extend(slug: str, body: dict[str, Any], actor: Actor) -> Any:
    """Extend the term."""
    window = _window(slug, actor)
    with unit_of_work():
        extend_window(window=window, actor=actor, now=arrived_at(), **body)
    return window_json(get_window(slug), arrived_at(), {})


@blueprint.post("/windows/<slug>/conclude")
@access(COORDINATES)
def conclude(slug: str, actor: Actor) -> Any:
    """Conclude a closed window."""
    window = _window(slug, actor)
    with unit_of_work():
        conclude_when_answered(window=window, actor=actor, now=arrived_at())
    return window_json(get_window(slug), arrived_at(), {})


def _submit(ids: list[int], body: dict[str, Any], actor: Actor) -> Any:
    """Send an answer to signature; the control body delivers its own to the person."""
    text, disposition = body["text"].strip(), body["disposition"]
    with unit_of_work():
        found = list_referrals_by_ids(ids)
        if actor.role == Role.CONTROL:
            answer = close_reserved(referrals=found, disposition=disposition, text=text, actor=actor, now=arrived_at())
        else:
            answer = draft_answer(
                referrals=found,
                disposition=disposition,
                text=text,
                dataset_url=body["dataset_url"] or "",
                actor=actor,
                now=arrived_at(),
            )
            submit_answer(answer=answer, actor=actor, now=arrived_at())
        answer_id, state = answer.id, answer.state
    return json_response({"answer_id": answer_id, "state": state}, 201)


def _referral(referral_id: int, actor: Actor) -> Referral:
    found = find_referral(referral_id) if referral_id < 2**62 else None
    if found is None or not _may_answer(actor, found):
        raise NotFound("No existe ese turno.")
    return found


def _may_answer(actor: Actor, found: Referral) -> bool:
    return may_answer(actor, unit_id=found.unit_id, reserved=found.submission.reserved)


def _answer(answer_id: int) -> Answer:
    found = find_answer(answer_id) if answer_id < 2**62 else None
    if found is None or any(item.submission.reserved for item in found.referrals):
        raise NotFound("No existe esa respuesta.")
    return found


def _coordinated(answer_id: int, actor: Actor) -> Answer:
    found = _answer(answer_id)
    if not may_coordinate(actor, government_id=found.unit.agency.government_id):
        raise NotFound("No existe esa respuesta.")
    return found


def _answer_state(answer_id: int) -> dict[str, Any]:
    found = _answer(answer_id)
    return {"answer_id": found.id, "state": found.state, "disposition": found.disposition}


def _window(slug: str, actor: Actor) -> Window:
    found = get_window(slug)
    if found.government_id != actor.government_id:
        raise NotFound("No existe esa consulta.")
    return found
