"""Calls that need no token: windows, mailboxes, topics, submissions and tracking."""

import base64
import binascii
from dataclasses import replace
from typing import Any

from apiflask import APIBlueprint
from flask import Response, abort, jsonify, redirect

from consulta.agencies.queries import current_notice
from consulta.api.schemas import CursorQuery, SubmissionIn, TrackIn, WindowsQuery
from consulta.api.serializers import own_json, submission_json, topic_json, utc, window_json
from consulta.db import unit_of_work
from consulta.documents.queries import list_current_versions
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.inspection.files import MAX_FILES
from consulta.participation.queries import find_latest
from consulta.referrals.pages import topic_page
from consulta.referrals.queries import map_answers
from consulta.storage.current import current_storage
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Delivery, DemographicsDraft, Draft, NonceReused, PlaceDraft, Problem
from consulta.submissions.files import keep_waiting
from consulta.submissions.operations import receive
from consulta.submissions.places import draft_place
from consulta.submissions.queries import find_own, find_visible
from consulta.submissions.states import Behalf, Channel, SubmissionKind
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.errors import problem
from consulta.web.hand_ins import LONGEST_KEY, SHORTEST_KEY, nonce_of_request
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.web.responses import no_store
from consulta.windows.counters import read_counts, read_window_counts
from consulta.windows.models import Topic
from consulta.windows.queries import (
    find_topic_by_id,
    get_window,
    list_mailboxes,
    list_topics,
    list_windows,
)
from consulta.windows.questions import KEYS
from consulta.windows.states import WindowState, WindowStatus

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/windows")
@access(EVERYBODY)
@blueprint.input(WindowsQuery, location="query", arg_name="query")
def windows(query: dict[str, str]) -> Any:
    """List windows, newest first."""
    statuses = [item.value for item in WindowStatus if item != WindowStatus.DRAFT]
    if query["status"] and query["status"] not in statuses:
        return problem(422, f"status debe ser uno de: {', '.join(statuses)}.")
    cursor = decode_cursor(query["cursor"], int)
    found = list_windows(
        now=arrived_at(),
        status=WindowStatus(query["status"]) if query["status"] else None,
        instrument_key=query["instrument"] or None,
        after_id=cursor[0] if cursor else None,
        limit=51,
    )
    shown = found[:50]
    counts = read_window_counts([item.id for item in shown])
    items = [window_json(item, arrived_at(), counts.get(item.id, {})) for item in shown]
    return {"items": items, "next": encode_cursor(shown[-1].id) if len(found) > 50 else None}


@blueprint.get("/windows/<slug>")
@access(EVERYBODY)
def window(slug: str) -> Any:
    """Return a window with its dates, their derivation and its topics."""
    found = get_window(slug)
    if found.state == WindowState.DRAFT:
        raise NotFound("No existe esa consulta.")
    topics = list_topics(found.id, limit=1000)
    counts = read_counts([item.id for item in topics])
    totals = read_window_counts([found.id]).get(found.id, {})
    body = window_json(found, arrived_at(), totals)
    body["extensions"] = [
        {
            "from_closes_at": utc(item.from_closes_at),
            "to_closes_at": utc(item.to_closes_at),
            "legal_basis": item.legal_basis,
            "reason": item.reason,
            "agreement": item.agreement,
        }
        for item in found.extensions
    ]
    body["topics"] = [topic_json(item, counts.get(item.id, {})) for item in topics]
    release = find_latest(found.id)
    # What was published of who took part; null until it is, and never live.
    body["people"] = {"at": utc(release.at), **release.content} if release else None
    return body


@blueprint.get("/datasets")
@access(EVERYBODY)
def datasets() -> Any:
    """Lead to the catalogue of open data (DCAT, JSON-LD)."""
    return redirect("/data.json", 302)


@blueprint.get("/mailboxes")
@access(EVERYBODY)
def mailboxes() -> Any:
    """List the mailboxes with the topic to post to."""
    items = []
    for mailbox in list_mailboxes():
        for topic in list_topics(mailbox.id, limit=20):
            items.append({"slug": mailbox.slug, "title": mailbox.title, "topic": topic.title, "topic_id": topic.id})
    return {"items": items, "next": None}


@blueprint.get("/topics/<int:topic_id>")
@access(EVERYBODY)
def topic(topic_id: int) -> Any:
    """Return a topic."""
    found = _topic(topic_id)
    return topic_json(found, read_counts([found.id]).get(found.id, {}))


@blueprint.get("/topics/<int:topic_id>/submissions")
@access(EVERYBODY)
@blueprint.input(CursorQuery, location="query", arg_name="query")
def submissions(topic_id: int, query: dict[str, str]) -> Any:
    """List the published submissions of a topic, newest first, each with its answer."""
    found = _topic(topic_id)
    cursor = decode_cursor(query["cursor"], int)
    page = topic_page(found.id, before=(False, cursor[0]) if cursor else None, answered_first=False)
    items = [submission_json(item, page.answers.get(item.id, [])) for item in page.comments]
    return {"items": items, "next": encode_cursor(page.last[1]) if page.has_more else None}


@blueprint.post("/topics/<int:topic_id>/submissions")
@access(EVERYBODY)
@blueprint.input(SubmissionIn, arg_name="body")
def submit(topic_id: int, body: dict[str, Any]) -> Any:
    """Receive a submission: 201, or 202 when the window had closed."""
    found = _topic(topic_id)
    kinds = found.window.instrument.kinds
    draft, problems = _draft(body, kinds, current_notice(found.window.government_id).version)
    nonce = nonce_of_request(f"api:{found.id}")
    if nonce is None:
        problems.append(
            Problem("Idempotency-Key", f"La clave debe tener de {SHORTEST_KEY} a {LONGEST_KEY} caracteres.")
        )
    tokens = _files(body["attachments"], problems)
    problems += check_draft(draft, kinds=kinds)
    if problems or nonce is None:
        fields = [{"field": item.field, "message": item.message} for item in problems]
        return problem(422, "Hay campos que corregir.", errors=fields)
    delivery = Delivery(
        topic_id=found.id,
        draft=replace(draft, files=tokens, seen_versions=tuple(item.id for item in list_current_versions(found.id))),
        channel=Channel.WEB,
        nonce=nonce,
        received_at=arrived_at(),
    )
    with unit_of_work():
        outcome = receive(delivery, secret=services().secret, clock=services().clock)
    if isinstance(outcome, NonceReused):
        return problem(422, f"Esa Idempotency-Key ya se usó con otro contenido, que tiene el folio {outcome.folio}.")
    closes_at = found.window.closes_at
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


@blueprint.get("/submissions/<folio>")
@access(EVERYBODY)
def submission(folio: str) -> Any:
    """Return what everybody may see of a folio."""
    try:
        found = find_visible(parse_folio(folio))
    except Refused as refused:
        raise NotFound(refused.message) from refused
    if found is None:
        raise NotFound("No hay nada público con ese folio.")
    return submission_json(found, map_answers([found.id]).get(found.id, []))


@blueprint.post("/track")
@access(EVERYBODY)
@blueprint.input(TrackIn, arg_name="body")
def track(body: dict[str, str]) -> Any:
    """Tell the person the whole story of her folio."""
    no_store()
    folio = parse_folio(body["folio"])
    found = find_own(folio=folio, key=body["key"], secret=services().secret)
    if found is None:
        raise NotFound("El folio y la clave no coinciden.")
    return own_json(found, arrived_at())


def _topic(topic_id: int) -> Topic:
    found = find_topic_by_id(topic_id) if topic_id < 2**62 else None
    if found is None or found.window.state == WindowState.DRAFT:
        abort(404)
    return found


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


def json_response(body: dict[str, Any], status: int) -> Response:
    """Return JSON with a status."""
    response = jsonify(body)
    response.status_code = status
    return response
