"""Reads that need no token: windows, mailboxes, topics, what was published, agencies and their figures."""

from typing import Any

from apiflask import APIBlueprint
from flask import abort

from consulta.agencies.queries import find_agency_by_id, list_agencies, list_governments
from consulta.api.answers import (
    AgenciesOut,
    IndicatorsOut,
    LinkOut,
    MailboxesOut,
    SubmissionOut,
    SubmissionsOut,
    TopicOut,
    WholeWindowOut,
    WindowsOut,
)
from consulta.api.describing import gives
from consulta.api.filters import CursorQuery, WindowsQuery
from consulta.api.serializers import (
    agency_json,
    extension_json,
    indicator_json,
    submission_json,
    topic_json,
    utc,
    window_json,
)
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.participation.queries import find_latest
from consulta.referrals.indicators import read_indicators
from consulta.referrals.pages import topic_page
from consulta.referrals.queries import map_answers
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.windows.counters import read_counts, read_window_counts
from consulta.windows.models import Topic
from consulta.windows.queries import find_topic_by_id, get_window, list_mailboxes, list_topics, list_windows
from consulta.windows.states import WindowState, WindowStatus

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1")
AT_ONCE = 50
CATALOGUE = "/data.json"


@blueprint.get("/windows")
@access(EVERYBODY)
@blueprint.doc(
    summary="Consultas, primero la más reciente",
    responses=gives(WindowsOut, "Una página de consultas"),
    tags=["Consultas"],
)
@blueprint.input(WindowsQuery, location="query", arg_name="query")
def windows(query: dict[str, str]) -> Any:
    """List windows, newest first."""
    cursor = decode_cursor(query["cursor"], int)
    found = list_windows(
        now=arrived_at(),
        status=WindowStatus(query["status"]) if query["status"] else None,
        instrument_key=query["instrument"] or None,
        after_id=cursor[0] if cursor else None,
        limit=AT_ONCE + 1,
    )
    shown = found[:AT_ONCE]
    counts = read_window_counts([item.id for item in shown])
    items = [window_json(item, arrived_at(), counts.get(item.id, {})) for item in shown]
    return {"items": items, "next": encode_cursor(shown[-1].id) if len(found) > AT_ONCE else None}


@blueprint.get("/windows/<slug>")
@access(EVERYBODY)
@blueprint.doc(
    summary="Una consulta con sus fechas, su porqué y sus temas",
    responses=gives(WholeWindowOut, "La consulta"),
    tags=["Consultas"],
)
def window(slug: str) -> Any:
    """Return a window with its dates, their derivation and its topics."""
    found = get_window(slug)
    if found.state == WindowState.DRAFT:
        raise NotFound("No existe esa consulta.")
    topics = list_topics(found.id, limit=1000)
    counts = read_counts([item.id for item in topics])
    totals = read_window_counts([found.id]).get(found.id, {})
    body = window_json(found, arrived_at(), totals)
    body["extensions"] = [extension_json(item) for item in found.extensions]
    body["topics"] = [topic_json(item, counts.get(item.id, {})) for item in topics]
    release = find_latest(found.id)
    # What was published of who took part; null until it is, and never live.
    body["people"] = {"at": utc(release.at), **release.content} if release else None
    return body


@blueprint.get("/mailboxes")
@access(EVERYBODY)
@blueprint.doc(
    summary="Buzones, con el tema al que se escribe",
    responses=gives(MailboxesOut, "Todos los buzones"),
    tags=["Consultas"],
)
def mailboxes() -> Any:
    """List the mailboxes with the topic to post to."""
    items = []
    for mailbox in list_mailboxes():
        for topic in list_topics(mailbox.id, limit=20):
            items.append({"slug": mailbox.slug, "title": mailbox.title, "topic": topic.title, "topic_id": topic.id})
    return {"items": items, "next": None}


@blueprint.get("/topics/<int:topic_id>")
@access(EVERYBODY)
@blueprint.doc(summary="Un tema", responses=gives(TopicOut, "El tema"), tags=["Consultas"])
def topic(topic_id: int) -> Any:
    """Return a topic."""
    found = public_topic(topic_id)
    return topic_json(found, read_counts([found.id]).get(found.id, {}))


@blueprint.get("/topics/<int:topic_id>/submissions")
@access(EVERYBODY)
@blueprint.doc(
    summary="Lo publicado de un tema, con sus respuestas",
    responses=gives(SubmissionsOut, "Una página, primero lo más reciente"),
    tags=["Consultas"],
)
@blueprint.input(CursorQuery, location="query", arg_name="query")
def submissions(topic_id: int, query: dict[str, str]) -> Any:
    """List the published submissions of a topic, newest first, each with its answer."""
    found = public_topic(topic_id)
    cursor = decode_cursor(query["cursor"], int)
    page = topic_page(found.id, before=(False, cursor[0]) if cursor else None, answered_first=False)
    items = [submission_json(item, page.answers.get(item.id, [])) for item in page.comments]
    return {"items": items, "next": encode_cursor(page.last[1]) if page.has_more else None}


@blueprint.get("/submissions/<folio>")
@access(EVERYBODY)
@blueprint.doc(
    summary="Lo público de un folio", responses=gives(SubmissionOut, "Lo que cualquiera puede ver"), tags=["Consultas"]
)
def submission(folio: str) -> Any:
    """Return what everybody may see of a folio."""
    found = public_submission(folio)
    return submission_json(found, map_answers([found.id]).get(found.id, []))


@blueprint.get("/agencies")
@access(EVERYBODY)
@blueprint.doc(summary="Dependencias", responses=gives(AgenciesOut, "Todas las dependencias"), tags=["Consultas"])
def agencies() -> Any:
    """List the agencies of every government."""
    items = [agency_json(item) for government in list_governments() for item in list_agencies(government.id)]
    return {"items": items, "next": None}


@blueprint.get("/agencies/<int:agency_id>/indicators")
@access(EVERYBODY)
@blueprint.doc(
    summary="Indicadores de una dependencia, con sus definiciones",
    responses=gives(IndicatorsOut, "Cada cifra con lo que cuenta"),
    tags=["Consultas"],
)
def indicators(agency_id: int) -> Any:
    """Return the figures of an agency with their definitions."""
    found = find_agency_by_id(agency_id) if agency_id < 2**62 else None
    if found is None:
        raise NotFound("No existe esa dependencia.")
    figures = read_indicators(found.id, arrived_at())
    return {"agency": agency_json(found), "at": utc(arrived_at()), "indicators": [indicator_json(i) for i in figures]}


@blueprint.get("/datasets")
@access(EVERYBODY)
@blueprint.doc(
    summary="Lleva al catálogo de datos abiertos (DCAT)",
    responses=gives(LinkOut, "A /data.json", 302),
    tags=["Consultas"],
)
def datasets() -> Any:
    """Lead to the catalogue of open data (DCAT, JSON-LD)."""
    return {"url": services().settings.public_url + CATALOGUE}, 302, {"Location": CATALOGUE}


def public_topic(topic_id: int) -> Topic:
    """Return the topic of an address: 404 where there is none, or its window is not public yet."""
    found = find_topic_by_id(topic_id) if topic_id < 2**62 else None
    if found is None or found.window.state == WindowState.DRAFT:
        abort(404)
    return found


def public_submission(folio: str) -> Submission:
    """Return the submission of an address. Raises NotFound where nothing of it is public, whatever the reason."""
    try:
        found = find_visible(parse_folio(folio))
    except Refused as refused:
        raise NotFound(refused.message) from refused
    if found is None:
        raise NotFound("No hay nada público con ese folio.")
    return found
