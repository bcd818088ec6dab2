"""Rows that the database itself refuses, whoever writes them: one for each of its checks."""

from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from consulta.accounts.models import Person
from consulta.agencies.models import Agency, Post, Tenure
from consulta.analysis.models import Campaign
from consulta.archives.disposals import DisposalDraft, propose_disposal
from consulta.archives.holds import place_hold
from consulta.archives.models import Disposal, DocumentarySeries, LegalHold, SeriesAssignment
from consulta.clocks.decrees import draft_decree
from consulta.clocks.models import Clock, Decree, DecreeRange
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.operations import file_request
from consulta.data_rights.rules import DataRightsDraft
from consulta.db import Base, session, unit_of_work
from consulta.disclosure import Policy
from consulta.entries.models import Entry
from consulta.following.models import Subscription
from consulta.hooks.models import Webhook, WebhookDelivery
from consulta.hooks.operations import Keeper, WebhookDraft, register_webhook
from consulta.moderation.models import Appeal, Moderation
from consulta.notices.models import Notice
from consulta.outcomes.models import AdministrativeAction, ImprovementProject
from consulta.outcomes.operations import ProjectDraft, add_action, create_project
from consulta.participation.models import PeopleRelease
from consulta.participation.operations import release_people
from consulta.record.keys import use_key
from consulta.record.models import SealKey
from consulta.referrals.models import Answer, DisowningClaim, Referral
from consulta.reports.models import ClosingPaper
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.models import Submission, SubmissionPlace
from consulta.windows.changes import propose_change
from consulta.windows.dating import extend_window
from consulta.windows.models import DateChange, Docket, Extension, Outage, Succession, Window
from consulta.windows.states import DateChangeKind
from tests.archives.filing import LATER, filed_in_series
from tests.builders import World, a_submission, an_answered, get_window
from tests.clock import START

# Stands for the post that proposed.
ME = DateChange.proposed_by_post_id
ME_DECIDING = select(Post.id).limit(1).scalar_subquery()
# One impossible change per CHECK constraint: table, values, and the name of the constraint, which is its promise.
IMPOSSIBLE: list[tuple[type[Base], dict[str, Any], str]] = [
    (Referral, {"answered_at": None}, "answered_has_date"),
    (Referral, {"answer_id": None}, "answered_has_answer"),
    (Referral, {"state": "returned", "answered_at": None, "return_reason": "No es mío."}, "returned_has_date"),
    (Referral, {"state": "returned", "answered_at": None, "returned_at": START}, "returned_has_reason"),
    (Answer, {"signed_at": None}, "signed_has_date"),
    (Answer, {"published_at": None}, "published_has_date"),
    (Answer, {"submitted_at": None}, "submitted_has_date"),
    (Submission, {"reviewed_at": None}, "reviewed_has_date"),
    (Submission, {"withheld_reason": "Sin motivo."}, "withheld_has_reason"),
    (Submission, {"behalf": "organization"}, "organization_is_named"),
    (Submission, {"timeliness": "late"}, "late_came_after_closing"),
    (SubmissionPlace, {"latitude": ""}, "coordinates_together"),
    (SubmissionPlace, {"latitude": "", "longitude": "", "address": ""}, "says_where"),
    (Window, {"opens_at": None, "closes_at": None, "state": "scheduled"}, "scheduled_has_opening"),
    (Window, {"state": "concluded"}, "concluded_has_date"),
    (Window, {"state": "annulled"}, "annulled_has_date"),
    (Submission, {"is_admitted": False}, "admitted_in_time_or_by_decision"),
    (Submission, {"late_decision": "declined", "late_reason": "Tarde."}, "decision_has_date"),
    (Submission, {"late_decision": "declined", "late_decided_at": START}, "decision_has_reason"),
    (Decree, {"published_at": START}, "published_has_date"),
    (Decree, {"published_by_post_id": 1}, "published_has_author"),
    (Decree, {"unit_id": 1}, "unit_has_agency"),
    (DecreeRange, {"last_on": date(2020, 1, 1)}, "ends_after_it_begins"),
    (Clock, {"state": "suspended"}, "suspended_has_no_date"),
    (Clock, {"state": "running", "due_at": None, "due_on": None}, "running_has_date"),
    (Clock, {"state": "met", "due_on": None}, "day_and_instant_together"),
    (DateChange, {"decided_at": START}, "decided_has_date"),
    (DateChange, {"days": 12}, "shortened_has_days"),
    (DateChange, {"state": "approved", "decided_at": START, "decided_by_post_id": ME}, "takes_two_posts"),
    (Outage, {"to_at": START.replace(year=2020)}, "ends_after_it_begins"),
    (PeopleRelease, {"number": 0}, "is_numbered"),
    (Extension, {"to_closes_at": START.replace(year=2020)}, "extends_forward"),
    (Entry, {"state": "accepted"}, "accepted_has_topic"),
    (Entry, {"state": "observed"}, "observed_has_observation"),
    (Entry, {"submitted_at": None}, "submitted_has_date"),
    (Person, {"password_hash": None}, "active_has_password"),
    (Tenure, {"to_on": START.replace(year=2000).date()}, "ends_after_it_begins"),
    (Notice, {"state": "sent", "sent_at": None}, "sent_has_date"),
    (Notice, {"means": "mail", "address": None}, "mail_has_address"),
    (Notice, {"failed_at": START}, "failed_has_date"),
    (Subscription, {"confirmed_at": None}, "confirmed_has_date"),
    (Subscription, {"bounced_at": START}, "bounced_has_date"),
    (Subscription, {"due_at": None}, "confirmed_is_due"),
    (Subscription, {"window_id": select(Window.id).limit(1).scalar_subquery()}, "window_is_named"),
    (Subscription, {"agency_id": select(Agency.id).limit(1).scalar_subquery()}, "agency_is_named"),
    (Subscription, {"search": {"q": "agua"}}, "search_is_written"),
    (Webhook, {"state": "active"}, "told_is_proved"),
    (Webhook, {"state": "suspended"}, "suspended_has_date"),
    (Webhook, {"suspension_cause": "gone"}, "suspended_has_cause"),
    (Webhook, {"old_secret": b"x"}, "old_secret_ends"),
    (WebhookDelivery, {"next_at": None}, "waiting_has_next"),
    (WebhookDelivery, {"state": "delivered", "next_at": None}, "delivered_has_status"),
    (WebhookDelivery, {"tries": 1}, "tried_has_date"),
    (Referral, {"ended_at": START}, "ended_has_date"),
    (Referral, {"end_cause": "split"}, "ended_has_cause"),
    (Submission, {"standing": "withdrawn"}, "standing_has_date"),
    (Docket, {"withdrawn_at": START}, "withdrawn_has_reason"),
    (Succession, {"predecessor_id": Succession.successor_id}, "succeeds_another"),
    (SealKey, {"end_reason": "rotated"}, "ended_has_reason"),
    (Disposal, {"decided_at": START}, "decided_has_date"),
    (LegalHold, {"window_id": select(Window.id).limit(1).scalar_subquery()}, "holds_one_thing"),
    (LegalHold, {"lifted_at": START}, "lifted_has_reason"),
    (DocumentarySeries, {"active_years": -1}, "keeps_some_time"),
    (SeriesAssignment, {"window_id": select(Window.id).limit(1).scalar_subquery()}, "files_one_thing"),
    (Submission, {"contact_blocked_at": START, "email": "x@ejemplo.mx"}, "blocked_has_no_contact"),
    (DataRightsRequest, {"extended_at": START}, "extended_has_reason"),
    (DataRightsRequest, {"state": "extended"}, "extended_has_date"),
    (DataRightsRequest, {"decided_at": START, "reason": "Sí."}, "decided_has_date"),
    (DataRightsRequest, {"reason": "Sí."}, "decided_has_reason"),
    (DataRightsRequest, {"carried_out_at": START}, "carried_out_has_date"),
    (DataRightsRequest, {"new_email": "x@ejemplo.mx"}, "settled_keeps_no_contact"),
    (Campaign, {"decided_at": START, "decided_by_post_id": ME_DECIDING}, "decided_has_date"),
    (Campaign, {"state": "broken", "decided_at": START}, "decided_has_author"),
    (Moderation, {"ground": "personal_data"}, "unshown_has_ground"),
    (Appeal, {"decided_at": START}, "decided_has_date"),
    (Appeal, {"reason": "Sí."}, "decided_has_reason"),
    (ImprovementProject, {"state": "dropped"}, "dropped_has_reason"),
    (ImprovementProject, {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}, "ends_after_it_begins"),
    (AdministrativeAction, {"state": "not_done"}, "undone_has_reason"),
    (AdministrativeAction, {"state": "done"}, "done_has_day"),
    (DisowningClaim, {"decided_at": START}, "decided_has_date"),
    (DisowningClaim, {"reason": "Sí."}, "decided_has_reason"),
    (ClosingPaper, {"digest": "0" * 64}, "issued_has_digest"),
    (ClosingPaper, {"issued_at": START, "digest": "0" * 64}, "issued_has_author"),
    (ClosingPaper, {"kind": "letter"}, "letter_has_agency"),
]


@pytest.fixture
def rows(scope: None, world: World) -> World:
    """A world with a row in every table that has constraints."""
    submission = an_answered(world, START).submission
    place = PlaceDraft("21.019", "-101.2574", "Calle Inventada 12")
    in_mailbox = a_submission(world.topics["mailbox"], START, draft={"place": place})
    with unit_of_work():
        extend_window(
            window=get_window(world.slugs["open"]),
            days=1,
            legal_basis="Artículo 28",
            reason="Lo pidieron.",
            agreement="A-1",
            actor=world.actors["coordinator"],
            now=START,
        )
        session().add(
            Entry(
                window_id=get_window(world.slugs["open"]).id,
                agency_id=world.actors["respondent"].agency_id,
                unit_id=world.units["transito"],
                state="submitted",
                title="Propuesta",
                summary="Algo.",
                details={},
                created_by_post_id=world.actors["respondent"].post_id,
                created_at=START,
                updated_at=START,
                submitted_at=START,
            )
        )
        draft = DecreeDraft(
            title="Acuerdo",
            reference="P.O. 1",
            gazetted_on=date(2026, 6, 1),
            ranges=(RangeDraft(date(2026, 12, 21), date(2026, 12, 31), DecreeKind.VACATION, "vacaciones"),),
        )
        government = get_window(world.slugs["open"]).government
        draft_decree(government=government, draft=draft, actor=world.actors["administrator"], now=START)
        propose_change(
            window=get_window(world.slugs["open"]),
            kind=DateChangeKind.ANNUL,
            days=None,
            legal_basis="Artículo 28",
            reason="El texto cambió.",
            agreement="A-2",
            actor=world.actors["coordinator"],
            now=START,
        )
        session().add(
            Subscription(
                email="vecina@ejemplo.mx",
                state="confirmed",
                kind="everything",
                target_key="everything:",
                pace="daily",
                language="es",
                nonce="0" * 32,
                asked_at=START,
                confirmed_at=START,
                due_at=START,
                told_id=0,
            )
        )
        register_webhook(
            government=government,
            draft=WebhookDraft("Sistema", "https://sistema.ejemplo.gob.mx/", ["answer.published"]),
            actor=world.actors["coordinator"],
            keeper=Keeper(b"0" * 32, "http://localhost"),
            now=START,
        )
        session().add(Outage(from_at=START, to_at=START + timedelta(hours=2)))
        release_people(window=get_window(world.slugs["closed"]), policy=Policy(), actor=None, now=START)
        first, second = (
            Docket(government_id=government.id, key=key, title="Reglamento", opened_at=START) for key in ("E-1", "E-2")
        )
        session().add_all([first, second])
        reviewed = session().scalars(select(Moderation)).one()
        session().add(
            Appeal(submission_id=submission.id, moderation_id=reviewed.id, state="open", text="No.", filed_at=START)
        )
        session().add(
            Campaign(
                window_id=get_window(world.slugs["open"]).id,
                kind="near",
                state="proposed",
                representative_id=submission.id,
                parameters={},
                size=1,
                found_at=START,
            )
        )
        key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        use_key(key, START)
        place_hold(subject=submission, reference="A-1", reason="x", actor=world.actors["coordinator"], now=START)
        filed_in_series(world, START)
        file_request(submission=submission, draft=DataRightsDraft("access"), now=START)
        propose_disposal(
            government_id=world.government_id,
            draft=DisposalDraft("D-1", "Artículo 58", "Venció."),
            submissions=[in_mailbox],
            actor=world.actors["coordinator"],
            now=LATER,
        )
        project = create_project(
            government=government,
            draft=ProjectDraft("PM-1", "procedure", "Menos copias"),
            unit=None,
            actor=world.actors["coordinator"],
            now=START,
        )
        add_action(project=project, key="1", title="Quitar", due_on=None, actor=world.actors["coordinator"], now=START)
        session().add(
            DisowningClaim(
                submission_id=submission.id,
                state="open",
                name="Ana (inventada)",
                email="",
                text="No.",
                hides=True,
                filed_at=START,
            )
        )
        session().add(
            ClosingPaper(
                window_id=get_window(world.slugs["open"]).id,
                kind="minutes",
                edition=1,
                number="",
                subject="Acta",
                legal_basis="",
                body="Se hace constar.",
                signer_name="",
                signer_post="",
                copies="",
                content={},
                counted_at=START,
            )
        )
        session().flush()
        session().add(
            Succession(
                predecessor_id=first.id,
                successor_id=second.id,
                kind="refiled",
                reason="Se corrigió.",
                post_id=world.actors["coordinator"].post_id,
                at=START,
            )
        )
    return world


def test_database_refuses_impossible_rows(rows: World) -> None:
    for model, values, promise in IMPOSSIBLE:
        with pytest.raises(IntegrityError, match=f"ck_{model.__tablename__}_{promise}"), unit_of_work():
            session().execute(update(model).values(**values))


def test_window_that_closes_before_it_opens_is_refused(rows: World) -> None:
    with pytest.raises(IntegrityError, match="closes_after_it_opens"), unit_of_work():
        session().execute(text("UPDATE windows SET closes_at = opens_at WHERE closes_at IS NOT NULL"))


def test_every_constraint_is_tried() -> None:
    tried = {f"ck_{model.__tablename__}_{promise}" for model, _, promise in IMPOSSIBLE}
    declared = {
        str(constraint.name)
        for table in Base.metadata.sorted_tables
        for constraint in table.constraints
        if str(constraint.name).startswith("ck_")
    }

    assert declared - tried == {"ck_windows_closes_after_it_opens"}, "add an impossible row for each new constraint"
