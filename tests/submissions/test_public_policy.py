"""Every kind × every public surface: what `domain.md` §6 keeps from the public is nowhere (0 leaks).

The surfaces are not listed: every public page is reached by following links from the home page and from the addresses
of the map, every dataset is downloaded in every format, and every call of the API that needs no token is asked.
"""

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl
import polars
import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from consulta.agencies.models import Government
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.following.models import Subscription
from consulta.following.operations import Sender, ask_to_follow, confirm
from consulta.following.rules import Target
from consulta.following.states import FollowedKind, Pace
from consulta.jobs.worker import Worker
from consulta.moderation.operations import publish_text
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import close_reserved, publish_answer, sign_off, submit_answer
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.models import Submission
from consulta.submissions.places import PLACE_KINDS
from consulta.submissions.policy import may_publish_text
from consulta.submissions.states import SubmissionKind
from consulta.web.access import EVERYBODY
from consulta.windows.dating import schedule_window
from consulta.windows.models import Topic, Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from tests.builders import SECRET, World, a_submission
from tests.clock import Clock

# A point that is exact, and must not be told; its square may.
EXACT = ("21.01234567", "-101.25765432")
LINK = re.compile(r'href="(/[^"#]*)')
MAILBOXES = {
    SubmissionKind.PETITION: "atencion_ciudadana",
    SubmissionKind.SERVICE_REQUEST: "atencion_ciudadana",
    SubmissionKind.SUGGESTION: "quejas_sugerencias",
    SubmissionKind.PRAISE: "quejas_sugerencias",
    SubmissionKind.COMPLAINT: "quejas_sugerencias",
    SubmissionKind.DATA_REQUEST: "datos_abiertos",
    SubmissionKind.REPORT: "denuncia_adquisiciones",
}


@dataclass(frozen=True)
class Case:
    """A kind, whether the person consented and named an official, and which parts everybody may read."""

    name: str
    kind: SubmissionKind
    consent: bool
    official: bool
    public: frozenset[str]


# Written by hand from the table of domain.md §6; "exists" is the folio itself.
CASES = (
    Case("comment", SubmissionKind.COMMENT, False, False, frozenset({"text", "answer", "exists"})),
    Case("proposal", SubmissionKind.PROPOSAL, False, False, frozenset({"text", "answer", "exists"})),
    Case("suggestion-yes", SubmissionKind.SUGGESTION, True, False, frozenset({"text", "answer", "exists"})),
    Case("suggestion-no", SubmissionKind.SUGGESTION, False, False, frozenset({"answer", "exists"})),
    Case("praise-yes", SubmissionKind.PRAISE, True, False, frozenset({"text", "answer", "exists"})),
    Case("praise-no", SubmissionKind.PRAISE, False, False, frozenset({"answer", "exists"})),
    Case("data-yes", SubmissionKind.DATA_REQUEST, True, False, frozenset({"text", "answer", "exists"})),
    Case("data-no", SubmissionKind.DATA_REQUEST, False, False, frozenset({"answer", "exists"})),
    Case("petition", SubmissionKind.PETITION, True, False, frozenset({"exists"})),
    Case("service", SubmissionKind.SERVICE_REQUEST, True, False, frozenset({"exists"})),
    Case("complaint", SubmissionKind.COMPLAINT, True, False, frozenset()),
    Case("complaint-official", SubmissionKind.COMPLAINT, True, True, frozenset()),
    Case("report", SubmissionKind.REPORT, True, False, frozenset()),
)


def _mark(case: Case, part: str) -> str:
    """Return a word that is nowhere else: letters only, so that no surface breaks or escapes it."""
    return f"marca{case.name.replace('-', '')}{part}"


@pytest.fixture
def folios(app: Flask, database: Database, world: World, worker: Worker, clock: Clock) -> dict[str, str]:
    """Hand in one of each case, review it, answer it and let the worker publish and notify."""
    with session_scope(database):
        topics = _topics(world, clock)
        handed = {case.name: _hand_in(case, topics, clock) for case in CASES}
    clock.advance(minutes=5)
    worker.drain()
    with session_scope(database):
        for case in CASES:
            _answer(case, handed[case.name], world, clock)
    worker.drain()
    return handed


def test_what_is_not_public_is_on_no_surface(client: FlaskClient, app: Flask, folios: dict[str, str]) -> None:
    surfaces = _surfaces(client, app, folios)

    leaks = [
        f"{case.name}: {part} in {address}"
        for case in CASES
        for part in ("text", "name", "answer", "place", "exists")
        if part not in case.public and not (part == "name" and "text" in case.public)
        for address, content in surfaces.items()
        if (folios[case.name] if part == "exists" else _mark(case, part)) in content
        if not _is_own_notice(case, part, address)
    ]

    assert leaks == []
    assert [address for address, content in surfaces.items() for degrees in EXACT if degrees[:8] in content] == []
    assert len(surfaces) > 40


def test_what_is_not_public_is_in_no_mail_to_who_follows(
    followers: list[str], folios: dict[str, str], app: Flask, worker: Worker, clock: Clock
) -> None:
    for seconds in (11, 41, 11):
        clock.advance(seconds=seconds)
        worker.drain()
    folder = app.extensions["consulta"].settings.mail_folder
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    told = [str(mail["Subject"]) + str(mail.get_body(("plain",))) for mail in mails if mail["To"] in followers]
    everything = "\n".join(told)

    leaks = [
        f"{case.name}: {part}"
        for case in CASES
        for part in ("text", "name", "answer", "exists")
        if part not in case.public and not (part == "name" and "text" in case.public)
        if (folios[case.name] if part == "exists" else _mark(case, part)) in everything
    ]

    assert leaks == []
    # So that it cannot pass by telling nothing.
    for case in CASES:
        if "text" in case.public:
            assert _mark(case, "answer") in everything, case.name


@pytest.fixture
def followers(database: Database, world: World, worker: Worker, clock: Clock) -> list[str]:
    """Let an address follow each thing that can be followed, before anything is handed in."""
    worker.drain()
    targets = [
        Target(FollowedKind.AGENCY, agency_id=world.actors["respondent"].agency_id),
        Target(FollowedKind.SEARCH, search={"q": "Dice"}),
        Target(FollowedKind.SEARCH, search={"q": "Procedente"}),
        Target(FollowedKind.EVERYTHING),
    ]
    addresses = [f"sigue-{number}@ejemplo.mx" for number in range(len(targets))]
    sender = Sender(SECRET, "http://localhost", ZoneInfo("America/Mexico_City"))
    with session_scope(database), unit_of_work():
        for address, target in zip(addresses, targets, strict=True):
            ask_to_follow(
                email=address, target=target, pace=Pace.IMMEDIATE, language="es", sender=sender, now=clock.now
            )
            row = session().scalars(select(Subscription).where(Subscription.email == address)).one()
            confirm(subscription=row, zone=sender.zone, now=clock.now)
    return addresses


def test_what_is_public_is_shown(client: FlaskClient, app: Flask, folios: dict[str, str]) -> None:
    """So that the test above cannot pass by showing nothing."""
    everything = "\n".join(_surfaces(client, app, folios).values())

    missing = [
        f"{case.name}: {part}"
        for case in CASES
        for part in ("text", "answer", "exists")
        if part in case.public and (folios[case.name] if part == "exists" else _mark(case, part)) not in everything
    ]

    assert missing == []


def test_open311_tells_service_requests_alone(client: FlaskClient, app: Flask, folios: dict[str, str]) -> None:
    told = {
        address: content
        for address, content in _surfaces(client, app, folios).items()
        if address.startswith("/open311/v2/") and "?" not in address
    }

    named = {name for name, folio in folios.items() for content in told.values() if folio in content}
    assert named == {"service"}
    assert len(told) > 40
    assert f'"lat": {21.015}' in told["/open311/v2/requests.json"]


def _is_own_notice(case: Case, part: str, address: str) -> bool:
    """A complaint that names nobody is notified by its bare folio, for who left no address (§6, notifying)."""
    return case.name == "complaint" and part == "exists" and address.startswith(("/estrados", "/en/estrados"))


def _topics(world: World, clock: Clock) -> dict[SubmissionKind, int]:
    topics = {SubmissionKind.COMMENT: world.topics["open"]}
    actor = world.actors["coordinator"]
    for kind, key in {**MAILBOXES, SubmissionKind.PROPOSAL: "cabildo_abierto"}.items():
        with unit_of_work():
            government = session().get_one(Government, world.government_id)
            window = create_window(
                government=government,
                instrument=get_instrument(key),
                title=f"Puerta de {kind}",
                summary="Escriba aquí.",
                actor=actor,
                now=clock.now,
            )
            topic = add_topic(
                window=window, title="Un asunto", summary="", unit=_unit(world), actor=actor, now=clock.now
            )
            schedule_window(window=window, opens_on=clock.now.date(), days=15, actor=actor, now=clock.now)
            topics[kind] = topic.id
    return topics


def _unit(world: World):  # type: ignore[no-untyped-def]
    from consulta.agencies.models import Unit

    return session().get_one(Unit, world.units["transito"])


def _hand_in(case: Case, topics: dict[SubmissionKind, int], clock: Clock) -> str:
    submission = a_submission(
        topics[case.kind],
        clock.now + timedelta(minutes=1),
        draft={
            "text": f"Dice {_mark(case, 'text')} aquí.",
            "kind": case.kind,
            "author_name": f"Persona {_mark(case, 'name')}",
            "name_is_public": True,
            "text_consent": case.consent,
            "names_official": case.official,
            "place": PlaceDraft(*EXACT, _mark(case, "place")) if case.kind in PLACE_KINDS else None,
        },
    )
    return submission.folio


def _answer(case: Case, folio: str, world: World, clock: Clock) -> None:
    actors, now = world.actors, clock.now
    text = f"Procedente, porque {_mark(case, 'answer')} lo explica."
    submission = session().scalars(select(Submission).where(Submission.folio == folio)).one()
    referral = session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()
    with unit_of_work():
        if submission.reserved:
            close_reserved(referrals=[referral], disposition="noted", text=text, actor=actors["control"], now=now)
            return
        if may_publish_text(kind=case.kind, has_consent=case.consent):
            publish_text(submission=submission, actor=actors["moderator"], now=now)
        url = "/datos#comentarios" if case.kind == SubmissionKind.DATA_REQUEST else ""
        answer = draft_answer(
            referrals=[referral], disposition="adopted", text=text, actor=actors["respondent"], now=now, dataset_url=url
        )
        submit_answer(answer=answer, actor=actors["respondent"], now=now)
        sign_off(answer=answer, actor=actors["approver"], now=now)
        publish_answer(answer=answer, actor=actors["coordinator"], now=now)


def _surfaces(client: FlaskClient, app: Flask, folios: dict[str, str]) -> dict[str, str]:
    """Return `{address: content}` of everything that anybody can read."""
    # Every text says this word, so that the feed of a search may show them all.
    waiting = ["/", "/buscar/atom.xml?q=Dice", *_addresses(app, folios)]
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith("/static/"):
            continue
        response = client.get(address, buffered=True)
        found[address] = _words(response)
        if response.mimetype == "text/html" and response.status_code == 200:
            waiting += [link.replace("&amp;", "&") for link in LINK.findall(response.text)]
    return found


def _words(response: TestResponse) -> str:
    """Return what a person can read of an answer, whatever it is written as."""
    if response.mimetype.endswith("spreadsheetml.sheet"):
        return _cells(response.data)
    if response.mimetype.endswith("wordprocessingml.document"):
        return "\n".join(paragraph.text for paragraph in Document(BytesIO(response.data)).paragraphs)
    if response.mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(response.data)).pages)
    if response.mimetype == "application/vnd.apache.parquet":
        return str(polars.read_parquet(BytesIO(response.data)).to_dicts())
    return "" if response.mimetype == "image/png" else response.text


def _addresses(app: Flask, folios: dict[str, str]) -> list[str]:
    """Return the addresses of every public view, with every folio, window and topic put in."""
    with session_scope(app.extensions["consulta"].database) as current:
        slugs = list(current.scalars(select(Window.slug)))
        topic_ids = [str(number) for number in current.scalars(select(Topic.id))]
    values = {
        "folio": list(folios.values()),
        "slug": slugs,
        "int:topic_id": topic_ids,
        "int:number": ["1"],
        "filename": ["consultas", "comentarios"],
        "extension": ["csv", "json", "xml", "xlsx", "pdf", "docx"],
        "path_segment": ["agenda-regulatoria", "cabildo-abierto"],
        "key": ["guanajuato"],
        "service": [f"{slug}-1" for slug in slugs],
        "agency": ["movilidad", "agua"],
    }
    addresses = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" in (rule.methods or ()) and view.access_rule == EVERYBODY:  # type: ignore[attr-defined]
            addresses += _filled(rule.rule, values)
    return addresses


def _filled(rule: str, values: dict[str, list[str]]) -> list[str]:
    place = re.search(r"<([^>]+)>", rule)
    if place is None:
        return [rule]
    return [
        address for value in values.get(place[1], []) for address in _filled(rule.replace(place[0], value, 1), values)
    ]


def _cells(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
