"""Handing in, following what was handed in, and capturing for a person: the intake of the pages, as JSON."""

import base64
import binascii
from dataclasses import replace
from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from consulta.actors import Actor, Role
from consulta.agencies.queries import current_notice
from consulta.api.acting import read_key
from consulta.api.answers import OwnOut, ReceiptOut
from consulta.api.describing import ABSENT, gives
from consulta.api.reading import public_topic
from consulta.api.schemas import CaptureIn, SubmissionIn, TrackIn
from consulta.api.serializers import own_json, utc
from consulta.db import unit_of_work
from consulta.documents.queries import list_current_versions
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.inspection.files import MAX_FILES
from consulta.storage.current import current_storage
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Capture, Delivery, DemographicsDraft, Draft, NonceReused, PlaceDraft, Problem
from consulta.submissions.files import keep_waiting
from consulta.submissions.operations import receive
from consulta.submissions.places import draft_place
from consulta.submissions.queries import find_own
from consulta.submissions.states import Behalf, Channel, SubmissionKind
from consulta.web.access import EVERYBODY, access, token
from consulta.web.context import arrived_at, services
from consulta.web.errors import problem
from consulta.web.hand_ins import nonce_of_request
from consulta.web.responses import no_store
from consulta.windows.models import Topic
from consulta.windows.questions import KEYS

blueprint = APIBlueprint("api_intake", __name__, url_prefix="/api/v1")
CAPTURES = token(("capture",), Role.OPERATOR)
RECEIPTS = gives(ReceiptOut, "Recibida: con folio y clave", 201) | gives(
    ReceiptOut, "Recibida fuera de plazo: se conserva con su folio, y la coordinación decide", 202
)


@blueprint.post("/topics/<int:topic_id>/submissions")
@access(EVERYBODY)
@blueprint.doc(summary="Enviar una opinión, propuesta o petición", responses=RECEIPTS, tags=["Consultas"])
@blueprint.input(SubmissionIn, arg_name="body")
def submit(topic_id: int, body: dict[str, Any]) -> Response:
    """Receive a submission: 201, or 202 when the window had closed."""
    topic = public_topic(topic_id)
    return _receive(topic, body, channel=Channel.WEB, received_at=arrived_at())


@blueprint.post("/topics/<int:topic_id>/captures")
@access(CAPTURES)
@blueprint.doc(
    summary="Capturar lo que llegó por ventanilla, teléfono o papel",
    responses=RECEIPTS,
    tags=["Capturar"],
)
@blueprint.input(CaptureIn, arg_name="body")
def capture(topic_id: int, body: dict[str, Any], actor: Actor) -> Response:
    """Receive what an operator took down, with the attested instant of reception."""
    topic = public_topic(topic_id)
    if topic.window.government_id != actor.government_id:
        raise NotFound("No existe ese tema.")
    received_at = body["received_at"]
    if received_at > arrived_at():
        raise Refused("Ese instante todavía no llega.", field="received_at")
    return _receive(
        topic,
        body,
        channel=Channel(body["channel"]),
        received_at=received_at,
        captured=Capture(post_id=actor.post_id, evidence=body["evidence"]),
    )


def _receive(
    topic: Topic,
    body: dict[str, Any],
    *,
    channel: Channel,
    received_at: datetime,
    captured: Capture | None = None,
) -> Response:
    """Hand a submission to intake and answer with its receipt; every problem is named at its field."""
    kinds = topic.window.instrument.kinds
    draft, problems = _draft(body, kinds, current_notice(topic.window.government_id).version)
    read_key()
    # What a post captures has keys of its own, so that nobody else's key can meet them.
    whose = f"post-{captured.post_id}:" if captured else ""
    nonce = nonce_of_request(f"api:{whose}{topic.id}")
    tokens = _files(body["attachments"], problems)
    problems += check_draft(draft, kinds=kinds)
    if problems or nonce is None:
        fields = [{"field": item.field, "message": item.message} for item in problems]
        return problem(422, "Hay campos que corregir.", errors=fields)
    delivery = Delivery(
        topic_id=topic.id,
        draft=replace(draft, files=tokens, seen_versions=tuple(item.id for item in list_current_versions(topic.id))),
        channel=channel,
        nonce=nonce,
        received_at=received_at,
        capture=captured,
    )
    with unit_of_work():
        outcome = receive(delivery, secret=services().secret, clock=services().clock)
    if isinstance(outcome, NonceReused):
        return problem(422, f"Esa Idempotency-Key ya se usó con otro contenido, que tiene el folio {outcome.folio}.")
    closes_at = topic.window.closes_at
    is_late = closes_at is not None and outcome.received_at >= closes_at
    response = jsonify(
        status="late" if is_late else "received",
        folio=outcome.folio,
        tracking_key=outcome.tracking_key,
        received_at=utc(outcome.received_at),
        receipt_url=f"{services().settings.public_url}/folio/{outcome.folio}",
    )
    response.status_code = 202 if is_late else 201
    return response


@blueprint.post("/track")
@access(EVERYBODY)
@blueprint.doc(
    summary="El seguimiento propio, con folio y clave",
    responses=gives(OwnOut, "Lo que ve la persona") | ABSENT,
    tags=["Consultas"],
)
@blueprint.input(TrackIn, arg_name="body")
def track(body: dict[str, str]) -> Any:
    """Tell the person the whole story of her folio."""
    no_store()
    folio = parse_folio(body["folio"])
    found = find_own(folio=folio, key=body["key"], secret=services().secret)
    if found is None:
        raise NotFound("El folio y la clave no coinciden.")
    return own_json(found, arrived_at())


def _draft(body: dict[str, Any], kinds: list[str], notice_version: str) -> tuple[Draft, list[Problem]]:
    problems: list[Problem] = []

    author, contact, about, wording = body["author"], body["contact"], body["demographics"], body["wording"]
    kind = _line(body.get("kind")) or kinds[0]
    if kind not in list(SubmissionKind) or kind not in kinds:
        problems.append(Problem("kind", f"Debe ser uno de: {', '.join(kinds)}."))
        kind = kinds[0]
    behalf = _line(author.get("behalf")) or Behalf.SELF.value
    if behalf not in list(Behalf):
        problems.append(Problem("author.behalf", "Debe ser self u organization."))
        behalf = Behalf.SELF.value
    return Draft(
        text=body["text"].strip(),
        kind=SubmissionKind(kind),
        behalf=Behalf(behalf),
        author_name=_line(author.get("name")),
        name_is_public=author.get("name_is_public", False),
        text_consent=body["text_consent"],
        names_official=body["names_official"],
        article=_line(wording.get("article")),
        says=(wording.get("says") or "").strip(),
        should_say=(wording.get("should_say") or "").strip(),
        organization=_line(author.get("organization")),
        representative=_line(author.get("representative")),
        representative_post=_line(author.get("representative_post")),
        email=_line(contact.get("email")),
        phone=_line(contact.get("phone")),
        notice_version=notice_version,
        place=_place(body["place"]),
        demographics=DemographicsDraft(**{key: _line(about.get(key)) or None for key in KEYS}),
    ), problems


def _place(given: dict[str, Any]) -> PlaceDraft | None:
    degrees = {name: given.get(name) for name in ("latitude", "longitude")}
    written = {name: f"{value:.9f}".rstrip("0").rstrip(".") for name, value in degrees.items() if value is not None}
    return draft_place({**written, "address": given.get("address") or ""})


def _line(value: str | None) -> str:
    return " ".join((value or "").split())


def _files(attachments: list[dict[str, str]], problems: list[Problem]) -> tuple[str, ...]:
    if len(attachments) > MAX_FILES:
        problems.append(Problem("attachments", f"Se pueden adjuntar hasta {MAX_FILES} archivos."))
        return ()
    tokens = []
    for item in attachments:
        try:
            content = base64.b64decode(item["content"], validate=True)
            with unit_of_work():
                token, _ = keep_waiting(
                    storage=current_storage(), filename=item["filename"], content=content, now=arrived_at()
                )
            tokens.append(token)
        except (binascii.Error, ValueError):
            problems.append(Problem("attachments", f"El contenido de «{item['filename']}» no es base64."))
        except Refused as refused:
            problems.append(Problem("attachments", refused.message))
    return tuple(tokens)
