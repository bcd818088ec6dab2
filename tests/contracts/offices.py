"""Worlds of the access tests: objects for every route, and a second government."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Column, Table, select

from consulta.accounts.models import ApiToken, Person
from consulta.accounts.operations import invite_person, issue_link
from consulta.accounts.states import LinkPurpose
from consulta.accounts.tokens import issue_api_token
from consulta.actors import Role
from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.agencies.operations import appoint, create_agency, create_unit, set_shield
from consulta.analysis.models import Campaign, CampaignMember
from consulta.archives.disposals import DisposalDraft, propose_disposal
from consulta.archives.holds import place_hold
from consulta.clocks.decrees import draft_decree
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind
from consulta.data_rights.operations import file_request
from consulta.data_rights.rules import DataRightsDraft
from consulta.db import Base, Database, session, session_scope, unit_of_work
from consulta.disclosure import Policy
from consulta.documents.operations import prepare_file, publish_document
from consulta.entries.operations import save_entry, submit_entry
from consulta.following.models import Subscription
from consulta.following.rules import make_code
from consulta.hooks.operations import Keeper, WebhookDraft, register_webhook
from consulta.moderation.appeals import file_appeal
from consulta.moderation.operations import publish_text, withhold_text
from consulta.outcomes.operations import ProjectDraft, create_project
from consulta.participation.operations import release_people
from consulta.record.sequencing import make_checkpoint, sequence_leaves
from consulta.referrals.boilerplates import keep_boilerplate
from consulta.referrals.claims import file_claim
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.routing import refer_by_topic
from consulta.reports.models import ClosingPaper
from consulta.storage import Storage
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.files import keep_waiting
from consulta.submissions.models import Submission
from consulta.submissions.states import SubmissionKind
from consulta.windows.changes import propose_change
from consulta.windows.models import Topic
from consulta.windows.operations import create_window
from consulta.windows.preparing import ask_entries
from consulta.windows.queries import get_instrument
from consulta.windows.states import DateChangeKind
from tests.archives.filing import LATER, a_series, filed_in_series
from tests.builders import SECRET, World, a_government, a_holder, a_submission, get_window
from tests.contracts.matrix import Objects
from tests.inspection.inspected_files import a_png, a_written_docx


def some_objects(world: World, storage: Storage, database: Database, now: datetime) -> Objects:
    """Build a published comment with a file, its referral and draft, and a person to spare."""
    with unit_of_work():
        token, _ = keep_waiting(storage=storage, filename="croquis.png", content=a_png(), now=now)
    submission = a_submission(world.topics["open"], now, draft={"files": (token,)})
    folio, topic_id = submission.folio, submission.topic_id
    appealed = a_submission(world.topics["open"], now)
    place = PlaceDraft("21.019", "-101.2574", "Calle Inventada 12")
    wanted = {"kind": SubmissionKind.SERVICE_REQUEST, "place": place}
    in_mailbox = a_submission(world.topics["mailbox"], now, draft=wanted)
    with unit_of_work():
        refer_by_topic({"folio": folio}, now)
        publish_text(submission=submission, actor=world.actors["moderator"], now=now)
        referral = session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()
        answer = draft_answer(referrals=[referral], disposition="", text="", actor=world.actors["respondent"], now=now)
        person, _ = invite_person(email="de-sobra@ejemplo.mx", name="Persona de sobra (inventada)", now=now)
        post = session().get_one(Post, world.actors["operator"].post_id)
        tenure = appoint(person=person, post=post, from_on=now.date(), now=now)
        numbers = {
            "referral_id": referral.id,
            "answer_id": answer.id,
            "topic_id": topic_id,
            "tenure_id": tenure.id,
            "post_id": world.actors["respondent"].post_id,
            "person_id": person.id,
            "unit_id": world.units["redes"],
            "agency_id": world.actors["respondent"].agency_id,
            "entry_id": _an_entry(world, now),
            "decree_id": _a_decree(world, now),
            "year": _a_release(world, now),
            "token_id": _a_token_row(world, now),
            "change_id": _a_change(world, now),
            "boilerplate_id": keep_boilerplate(
                agency=session().get_one(Agency, world.actors["respondent"].agency_id),
                title="No procede",
                disposition="not_adopted",
                text="No procede, porque…",
                actor=world.actors["respondent"],
                now=now,
            ).id,
            "campaign_id": _a_campaign(submission, now),
            "appeal_id": _an_appeal(world, appealed, now),
            "claim_id": file_claim(
                submission=submission, name="Ana (inventada)", email="", text="No lo envié.", hides=False, now=now
            ).id,
            "project_id": create_project(
                government=get_window(world.slugs["open"]).government,
                draft=ProjectDraft("PM-1", "procedure", "Menos copias"),
                unit=session().get_one(Unit, world.units["transito"]),
                actor=world.actors["coordinator"],
                now=now,
            ).id,
            "paper_id": _a_paper(world, now),
            "hold_id": place_hold(
                subject=submission,
                reference="amparo 1/2026",
                reason="Se litiga.",
                actor=world.actors["control"],
                now=now,
            ).id,
            "disposal_id": _a_disposal(world, in_mailbox, now),
            "series_id": a_series(world, now, code="8S.9").id,
            "webhook_id": _a_webhook(world, now),
            "request_id": file_request(submission=appealed, draft=DataRightsDraft("access"), now=now).id,
        }
        _a_document_and_a_shield(world, storage, now)
        sequence_leaves(now)
        key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        make_checkpoint(origin="consultas.ejemplo.gob.mx/bitacora", key=key, now=now)

    def invitation() -> str:
        with session_scope(database), unit_of_work():
            spare = session().get_one(Person, numbers["person_id"])
            spare.state = "invited"
            return issue_link(person=spare, purpose=LinkPurpose.INVITATION, now=now)

    return Objects(
        slugs={**world.slugs, "asking": "agenda-que-pide-propuestas", "request": in_mailbox.folio},
        numbers=numbers,
        folio=folio,
        invitation=invitation,
        followed=lambda purpose: _a_subscription(database, purpose, now),
    )


def _a_subscription(database: Database, purpose: str, now: datetime) -> str:
    """Ask for mails about everything, confirmed unless it is to be confirmed; return the code of a link."""
    with session_scope(database), unit_of_work():
        is_confirmed = purpose != "confirm"
        row = Subscription(
            email=f"{secrets.token_hex(4)}@ejemplo.mx",
            state="confirmed" if is_confirmed else "pending",
            kind="everything",
            target_key="everything:",
            pace="daily",
            language="es",
            nonce=secrets.token_hex(16),
            asked_at=now,
            confirmed_at=now if is_confirmed else None,
            due_at=now if is_confirmed else None,
            told_id=0,
        )
        session().add(row)
        session().flush()
        return make_code(SECRET, purpose, row)


def _a_webhook(world: World, now: datetime) -> int:
    """Register a system, a while ago, so that it may be asked to prove itself again."""
    webhook, _secret = register_webhook(
        government=session().get_one(Government, world.government_id),
        draft=WebhookDraft("Sistema de gestión", "https://sistema.ejemplo.gob.mx/avisos", ["answer.published"]),
        actor=world.actors["coordinator"],
        keeper=Keeper(SECRET, "http://localhost"),
        now=now - timedelta(minutes=2),
    )
    return webhook.id


def _a_campaign(submission: Submission, now: datetime) -> int:
    """Propose a group of one: what its pages need."""
    campaign = Campaign(
        window_id=submission.topic.window_id,
        kind="near",
        state="proposed",
        representative_id=submission.id,
        parameters={},
        size=1,
        found_at=now,
    )
    session().add(campaign)
    session().flush()
    session().add(CampaignMember(campaign_id=campaign.id, submission_id=submission.id, similarity=1.0))
    return campaign.id


def _a_disposal(world: World, submission: Submission, now: datetime) -> int:
    """Propose a disposal, once its term ran, as somebody whom nobody of the matrix is."""
    filed_in_series(world, now)
    nobody = replace(world.actors["coordinator"], post_id=world.actors["operator"].post_id, person_id=None)
    return propose_disposal(
        government_id=world.government_id,
        draft=DisposalDraft("D-1/2026", "Artículo 58", "Venció su plazo."),
        submissions=[submission],
        actor=nobody,
        now=LATER,
    ).id


def _a_paper(world: World, now: datetime) -> int:
    """Write a record of the closing to review, and an edition of what is given back."""
    texts = {"subject": "Acta", "legal_basis": "", "body": "Se hace constar.", "copies": ""}
    signer = {"number": "1", "signer_name": "Ana (inventada)", "signer_post": "Titular"}
    common = {"window_id": get_window(world.slugs["open"]).id, "edition": 1, "content": {}, "counted_at": now}
    issued = {"issued_at": now, "issued_by_post_id": world.actors["coordinator"].post_id, "digest": "0" * 64}
    papers = [
        ClosingPaper(kind="minutes", **common, **texts, **signer),
        ClosingPaper(kind="feedback", **common, **texts, **signer, **issued),
    ]
    session().add_all(papers)
    session().flush()
    return papers[0].id


def _an_appeal(world: World, submission: Submission, now: datetime) -> int:
    """Withhold a text as somebody whom nobody of the matrix is, and object to it."""
    moderator = replace(world.actors["moderator"], post_id=world.actors["operator"].post_id, person_id=None)
    withhold_text(submission=submission, ground="commercial", reason="Anuncia algo.", actor=moderator, now=now)
    return file_appeal(submission=submission, text="No anuncio nada.", now=now).id


def _an_entry(world: World, now: datetime) -> int:
    """Build a window in preparation that asks for entries, and one that was handed in."""
    government = session().get_one(Government, world.government_id)
    window = create_window(
        government=government,
        instrument=get_instrument("cabildo_abierto"),
        title="Agenda que pide propuestas",
        summary="Se consulta algo.",
        actor=world.actors["coordinator"],
        now=now,
    )
    due_on = (now + timedelta(days=10)).date()
    ask_entries(window=window, due_on=due_on, actor=world.actors["coordinator"], now=now)
    entry = save_entry(
        window=window,
        unit=session().get_one(Unit, world.units["transito"]),
        title="Cruces seguros",
        summary="Poner semáforos.",
        details={"sesion": "2026-07-01", "lugar": "Plaza", "quien_participa": "Quien viva aquí."},
        actor=world.actors["respondent"],
        now=now,
    )
    submit_entry(entry=entry, actor=world.actors["respondent"], now=now)
    return entry.id


def _a_release(world: World, now: datetime) -> int:
    """Release the figures of the window that is over, and return the year."""
    window = get_window(world.slugs["closed"])
    return release_people(window=window, policy=Policy(), actor=None, now=now).year


def _a_decree(world: World, now: datetime) -> int:
    """Draft a decree."""
    day = (now + timedelta(days=400)).date()
    draft = DecreeDraft("Acuerdo", "P.O. 1", now.date(), (RangeDraft(day, day, DecreeKind.HOLIDAY, "fiesta"),))
    government = session().get_one(Government, world.government_id)
    return draft_decree(government=government, draft=draft, actor=world.actors["administrator"], now=now).id


def _a_change(world: World, now: datetime) -> int:
    """Propose to annul a window that has closed."""
    return propose_change(
        window=get_window(world.slugs["closed"]),
        kind=DateChangeKind.ANNUL,
        days=None,
        legal_basis="Artículo 28",
        reason="El texto cambió.",
        agreement="A-9",
        actor=world.actors["coordinator"],
        now=now,
    ).id


def _a_document_and_a_shield(world: World, storage: Storage, now: datetime) -> None:
    content = a_written_docx("Artículo 1. Esto dice.")
    file = prepare_file(filename="proyecto.docx", content=content, storage=storage)
    for name in ("open", "mailbox"):
        publish_document(
            topic=session().get_one(Topic, world.topics[name]),
            title="Proyecto de reglamento",
            file=file,
            actor=world.actors["coordinator"],
            now=now,
        )
    government = session().get_one(Government, world.government_id)
    set_shield(government=government, filename="escudo.png", content=a_png(), storage=storage, now=now)


def _a_token_row(world: World, now: datetime) -> int:
    issue_api_token(post_id=world.actors["moderator"].post_id, scope="read", now=now)
    session().flush()
    return session().scalars(select(ApiToken.id).order_by(ApiToken.id.desc())).first() or 0


def another_government(now: datetime) -> World:
    """Build a second government with a post per role, named `otro-<role>`."""
    start = now - timedelta(days=120)
    with unit_of_work():
        government = a_government(now=start, key="otro", prefix="OTR")
        agency = create_agency(government=government, key="movilidad", name="Movilidad de otro", now=start)
        unit = create_unit(agency=agency, key="transito", name="Tránsito de otro", now=start)
        world = World(government.id, units={"transito": unit.id})
        for role in Role:
            world.actors[role.value] = a_holder(government, unit, role, f"otro-{role.value}", start)
    return world


def a_token(world: World, role: str, scope: str, now: datetime, expires_at: datetime | None = None) -> str:
    """Issue a token of a post."""
    with unit_of_work():
        return issue_api_token(post_id=world.actors[role].post_id, scope=scope, now=now, expires_at=expires_at)


def _compared(table: Table) -> list[Column[Any]]:
    """How often a token called is counted whatever the call was; nothing else may differ."""
    counted = {"minute", "calls"} if table.name == "api_tokens" else set()
    return [column for column in table.columns if column.name not in counted]


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, to compare before and after."""
    with session_scope(database) as current:
        return {
            table.name: sorted((tuple(row) for row in current.execute(select(*_compared(table)))), key=repr)
            for table in Base.metadata.sorted_tables
        }
