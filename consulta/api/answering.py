"""Calls of a unit and of whoever signs: referrals and their answers."""

from typing import Any

from apiflask import APIBlueprint

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_post_by_key
from consulta.api.acting import Result, acts
from consulta.api.answers import AnswerStateOut, ReferralOut, ReferralsOut
from consulta.api.describing import ABSENT, gives
from consulta.api.filters import ReferralsQuery
from consulta.api.schemas import AnswerIn, BulkAnswerIn, ReasonIn
from consulta.api.serializers import referral_json
from consulta.db import session
from consulta.errors import NotFound, Refused
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Answer, Referral
from consulta.referrals.operations import close_reserved, sign_off, submit_answer
from consulta.referrals.queries import find_answer, find_referral, list_referrals_by_ids
from consulta.referrals.routing import return_referral
from consulta.referrals.rules import may_answer, may_sign
from consulta.referrals.states import ReferralState
from consulta.referrals.tray import TrayFilter, list_tray
from consulta.web.access import access, token
from consulta.web.context import arrived_at
from consulta.web.pagination import decode_moment_cursor, encode_cursor

blueprint = APIBlueprint("api_answering", __name__, url_prefix="/api/v1")
READS = token(("desk", "read"), Role.RESPONDENT, Role.APPROVER, Role.CONTROL)
DESK = token(("desk",), Role.RESPONDENT, Role.APPROVER, Role.CONTROL)
SIGNS = token(("desk",), Role.APPROVER)
AT_ONCE, MOST = 50, 500


@blueprint.get("/referrals")
@access(READS)
@blueprint.doc(
    summary="Turnos de la unidad, por fecha legal",
    responses=gives(ReferralsOut, "Una página, primero lo que vence antes") | ABSENT,
    tags=["Responder"],
)
@blueprint.input(ReferralsQuery, location="query", arg_name="query")
def referrals(query: dict[str, str], actor: Actor) -> Any:
    """List the referrals of the post's unit by due date."""
    if query["post"]:
        post = find_post_by_key(query["post"])
        if post is None or post.unit_id != actor.unit_id:
            raise NotFound("No existe ese cargo.")
    state = query["status"] or ReferralState.REFERRED
    found = list_tray(
        unit_ids=[] if actor.role == Role.CONTROL else [actor.unit_id],
        control_unit_ids=[actor.unit_id] if actor.role == Role.CONTROL else [],
        shown=TrayFilter(state=None if state == "all" else ReferralState(state)),
        after=decode_moment_cursor(query["cursor"]),
        with_derivations=True,
        limit=AT_ONCE + 1,
    )
    shown = found[:AT_ONCE]
    more = encode_cursor(shown[-1].due_at.isoformat(), shown[-1].id) if len(found) > AT_ONCE else None
    return {"items": [referral_json(item, arrived_at()) for item in shown], "next": more}


def _as_referral(result: Result, actor: Actor) -> dict[str, Any]:
    return referral_json(_referral(result["referral_id"], actor), arrived_at())


def _as_submitted(result: Result, _actor: Actor) -> dict[str, Any]:
    return answer_state(result["answer_id"])


@blueprint.post("/referrals/<int:referral_id>/return")
@access(DESK)
@blueprint.doc(
    summary="Devolver un turno que no compete",
    responses=gives(ReferralOut, "El turno devuelto; la fecha de la persona no vuelve a empezar"),
    tags=["Responder"],
)
@blueprint.input(ReasonIn, arg_name="body")
@acts(_as_referral)
def give_back(referral_id: int, body: dict[str, str], actor: Actor) -> Result:
    """Return a referral as not competent."""
    found = _referral(referral_id, actor)
    return_referral(referral=found, reason=body["reason"], actor=actor, now=arrived_at())
    return {"referral_id": referral_id}


@blueprint.post("/referrals/<int:referral_id>/answer")
@access(DESK)
@blueprint.doc(
    summary="Responder un turno y mandarlo a firma",
    responses=gives(AnswerStateOut, "La respuesta, en espera de firma", 201),
    tags=["Responder"],
)
@blueprint.input(AnswerIn, arg_name="body")
@acts(_as_submitted, status=201)
def answer_one(referral_id: int, body: dict[str, str], actor: Actor) -> Result:
    """Answer one referral and send it to signature."""
    _referral(referral_id, actor)
    return _submit([referral_id], body, actor)


@blueprint.post("/answers")
@access(DESK)
@blueprint.doc(
    summary="Responder varios turnos con una sola respuesta",
    responses=gives(AnswerStateOut, "La respuesta, en espera de firma", 201) | ABSENT,
    tags=["Responder"],
)
@blueprint.input(BulkAnswerIn, arg_name="body")
@acts(_as_submitted, status=201)
def answer_many(body: dict[str, Any], actor: Actor) -> Result:
    """Answer many referrals with one answer and send it to signature."""
    ids = body["referral_ids"]
    if not 0 < len(ids) <= MOST or any(not 0 < item < 2**62 for item in ids):
        raise Refused(f"Envíe de 1 a {MOST} turnos.", field="referral_ids")
    found = list_referrals_by_ids(ids)
    if len(found) != len(set(ids)) or any(not _may_answer(actor, item) for item in found):
        raise NotFound("No existe alguno de esos turnos.")
    return _submit(ids, body, actor)


@blueprint.post("/answers/<int:answer_id>/sign-off")
@access(SIGNS)
@blueprint.doc(
    summary="Firmar una respuesta",
    responses=gives(AnswerStateOut, "La respuesta firmada"),
    tags=["Responder"],
)
@acts(_as_submitted)
def sign(answer_id: int, actor: Actor) -> Result:
    """Sign an answer off."""
    found = get_answer(answer_id)
    if not may_sign(actor, agency_id=found.unit.agency_id):
        raise NotFound("No existe esa respuesta.")
    sign_off(answer=found, actor=actor, now=arrived_at())
    return {"answer_id": answer_id}


def _submit(ids: list[int], body: dict[str, str], actor: Actor) -> Result:
    """Send an answer to signature; the control body delivers its own to the person."""
    text, disposition = body["text"].strip(), body["disposition"]
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
    session().flush()
    return {"answer_id": answer.id}


def _referral(referral_id: int, actor: Actor) -> Referral:
    found = find_referral(referral_id) if referral_id < 2**62 else None
    if found is None or not _may_answer(actor, found):
        raise NotFound("No existe ese turno.")
    return found


def _may_answer(actor: Actor, found: Referral) -> bool:
    return may_answer(actor, unit_id=found.unit_id, reserved=found.submission.reserved)


def get_answer(answer_id: int) -> Answer:
    """Return an answer that is not reserved. Raises NotFound."""
    found = find_answer(answer_id) if answer_id < 2**62 else None
    if found is None or any(item.submission.reserved for item in found.referrals):
        raise NotFound("No existe esa respuesta.")
    return found


def answer_state(answer_id: int) -> dict[str, Any]:
    """Return where an answer stands, as JSON; its text stays with its unit."""
    found = find_answer(answer_id)
    if found is None:
        raise NotFound("No existe esa respuesta.")
    return {"answer_id": found.id, "state": found.state, "disposition": found.disposition}
