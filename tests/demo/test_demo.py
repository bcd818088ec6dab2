"""The demonstration keeps what it promises: governments, windows in every state, pieces of every kind, answers."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from consulta import clock as real_clock
from consulta.actors import Role
from consulta.agencies.models import Government
from consulta.agencies.queries import find_control_unit, find_government_by_key
from consulta.agencies.themes import INK, LEAST_CONTRAST, PAPER, contrast, on
from consulta.app import create_app
from consulta.archives.models import DocumentarySeries
from consulta.archives.terms import Retentions
from consulta.cli import main
from consulta.clocks.models import Decree
from consulta.config import load_settings
from consulta.data_rights.models import DataRightsRequest
from consulta.db import Database, session, session_scope
from consulta.demo.accounts import list_demo_accounts
from consulta.demo.comments import write_pieces
from consulta.demo.days import Days
from consulta.demo.plans import list_plans
from consulta.demo.stage import LEON, SALAMANCA, STATE
from consulta.documents.models import DocumentVersion
from consulta.entries.queries import list_asking_windows, list_deliveries
from consulta.entries.states import DeliveryState
from consulta.record.models import Leaf
from consulta.referrals.models import Answer, HandOver, Referral
from consulta.referrals.states import AnswerState, Disposition, ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.states import Behalf, Channel, SubmissionKind, SubmissionState, Timeliness
from consulta.windows.fields import list_missing, read_fields
from consulta.windows.models import DateChange, Extension, Instrument, Topic, Window
from consulta.windows.operations import status_of
from consulta.windows.queries import list_topics, list_windows
from consulta.windows.states import WindowStatus

# A Saturday afternoon in Mexico City: the window that closes today closes on Monday.
NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
HOSTILE = (
    "<script>alert('hola')</script>",
    '=HYPERLINK("http://ejemplo.invalid"',
    "DROP TABLE",
    "\u202e",
    "̷̢̛",
    "{{ 7*7 }}",
)


@dataclass(frozen=True)
class Loaded:
    """The demonstration, loaded once."""

    app: Flask
    database: Database


@pytest.fixture(scope="module")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "consulta.sqlite3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONSULTA_INSTANCE", str(folder))
        patch.setenv("CONSULTA_DEMO", "1")
        patch.delenv("CONSULTA_DATABASE_URL", raising=False)
        patch.setattr(real_clock, "now", lambda: NOW)
        assert run("demo").output == "Demostración cargada.\n"
        database = Database(load_settings().database_url)
        yield Loaded(create_app(load_settings(), database=database, clock=lambda: NOW), database)
        database.dispose()


@pytest.fixture
def scope(loaded: Loaded) -> Iterator[None]:
    with session_scope(loaded.database):
        yield


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def windows(status: WindowStatus) -> list[Window]:
    return [window for window in session().scalars(select(Window)) if status_of(window, NOW) == status]


def kinds_of(column: object) -> set[str]:
    return set(session().scalars(select(column).distinct()))  # type: ignore[call-overload]


@pytest.mark.usefixtures("scope")
class TestGovernments:
    def test_three_governments_have_calendars_and_readable_themes_of_their_own(self) -> None:
        governments = list(session().scalars(select(Government).order_by(Government.id)))

        assert [item.key for item in governments] == [STATE, LEON, SALAMANCA]
        assert [item.calendar_key for item in governments] == ["guanajuato_demo", "lft", "lft"]
        assert len({item.theme["brand"] for item in governments}) == 3
        for theme in (item.theme for item in governments):
            assert contrast(theme["brand"], on(theme["brand"])) >= LEAST_CONTRAST
            assert contrast(theme["link"], PAPER) >= LEAST_CONTRAST
            assert contrast(theme["accent"], INK) >= LEAST_CONTRAST

    def test_there_is_an_account_per_role_with_the_keys_that_tools_use(self) -> None:
        accounts = list_demo_accounts()

        assert {account["role"] for account in accounts} == set(Role)
        assert accounts[0]["email"] == "coordinacion@demo.example"
        assert {"enlace-movilidad", "direccion-movilidad", "revision", "ventanilla", "control", "administracion"} <= {
            account["post"] for account in accounts
        }


@pytest.mark.usefixtures("scope")
class TestWindows:
    def test_every_status_is_there_and_a_year_of_history(self) -> None:
        opened = list(
            session().scalars(select(Window.opens_at).join(Instrument).where(Instrument.permanent.is_(False)))
        )

        assert all(windows(status) for status in WindowStatus)
        assert sum(at is not None and NOW - timedelta(days=430) < at <= NOW for at in opened) >= 8

    def test_the_open_agenda_has_twelve_complete_entries_and_plenty_of_comments(self) -> None:
        agenda = list_windows(now=NOW, status=WindowStatus.OPEN, instrument_key="agenda_regulatoria")[0]
        topics = list_topics(agenda.id)
        fields = read_fields(agenda.instrument.entry_fields)

        assert len(topics) >= 12
        assert all(topic.sheet and topic.unit_id for topic in topics)
        assert [list_missing(fields, topic.details) for topic in topics] == [[]] * len(topics)
        assert count_in(agenda) >= 100
        assert session().scalar(select(func.count()).where(Extension.window_id == agenda.id)) == 1

    def test_one_closes_on_the_next_business_day_and_one_has_no_comments(self) -> None:
        opened = windows(WindowStatus.OPEN)
        days = Days.of(NOW, "America/Mexico_City", "guanajuato_demo")

        assert days.at(days.business(0) + timedelta(days=1), 0) in [window.closes_at for window in opened]
        assert [window for window in opened if not window.instrument.permanent and count_in(window) == 0]

    def test_the_clock_has_its_story(self) -> None:
        states = set(session().scalars(select(Decree.state)))
        kinds = {(change.kind, change.state) for change in session().scalars(select(DateChange))}
        decided = set(session().scalars(select(Submission.late_decision).where(Submission.timeliness == "late")))

        assert states == {"draft", "published"}
        assert kinds == {("annul", "approved"), ("shorten", "proposed")}
        assert decided == {"admitted", "declined", None}

    def test_agencies_stand_in_every_state_of_delivery(self) -> None:
        government = find_government_by_key(STATE)
        assert government is not None
        [asking] = list_asking_windows(government.id)
        states = [item.state for item in list_deliveries(asking)]

        assert {DeliveryState.DELIVERED, DeliveryState.TO_CORRECT, DeliveryState.NOTHING} <= set(states)
        assert states.count(DeliveryState.MISSING) >= 3
        assert any(item.reminder for item in list_deliveries(asking))

    def test_a_draft_was_published_twice_and_people_saw_either_version(self) -> None:
        versions = list(session().scalars(select(DocumentVersion).order_by(DocumentVersion.number)))
        seen = list(session().scalars(select(Submission.seen_documents).where(Submission.seen_documents != [])))

        assert [version.number for version in versions] == [1, 2]
        assert sum(anchor["title"].startswith("Artículo") for anchor in versions[0].anchors) >= 14
        assert {item["version"] for row in seen for item in row} == {1, 2}
        assert session().scalar(select(func.count()).where(Submission.should_say != "")) >= 5


@pytest.mark.usefixtures("scope")
class TestPieces:
    def test_there_are_enough_of_every_kind_channel_and_state(self) -> None:
        total = session().scalar(select(func.count()).select_from(Submission)) or 0

        assert 350 <= total <= 450
        assert kinds_of(Submission.kind) == set(SubmissionKind)
        assert kinds_of(Submission.state) == set(SubmissionState)
        assert kinds_of(Submission.timeliness) == set(Timeliness)
        assert kinds_of(Submission.behalf) == set(Behalf)
        assert {Channel.WEB, Channel.COUNTER, Channel.PHONE, Channel.PAPER} <= kinds_of(Submission.channel)

    def test_what_is_reserved_is_with_the_control_body(self) -> None:
        government = find_government_by_key(STATE)
        assert government is not None
        control = find_control_unit(government.id)
        assert control is not None
        reserved = list(session().scalars(select(Submission.id).where(Submission.reserved.is_(True))))
        held = session().scalars(
            select(Referral.submission_id).where(
                Referral.unit_id == control.id, Referral.state != ReferralState.RETURNED
            )
        )

        assert len(reserved) >= 4
        assert set(held) == set(reserved)

    def test_one_was_handed_to_leon_and_referred_there(self) -> None:
        [handed] = session().scalars(select(HandOver))
        units = session().scalars(select(Referral).where(Referral.submission_id == handed.submission_id)).all()

        assert handed.to_government.key == LEON
        assert [referral.unit.agency.government.key for referral in units] == [LEON]

    def test_everything_is_filed_in_a_series_and_a_request_about_data_waits(self) -> None:
        series = session().execute(
            select(DocumentarySeries.government_id, func.count()).group_by(DocumentarySeries.government_id)
        )
        [request] = session().scalars(select(DataRightsRequest))
        told = Retentions()

        assert [count for _government, count in series] == [3, 3, 3]
        assert all(told.of(item).series is not None for item in session().scalars(select(Submission).limit(200)))
        assert (request.kind, request.state) == ("opposition", "filed")
        assert "inventada" in request.text

    def test_nothing_happened_after_now(self) -> None:
        assert session().scalar(select(func.max(Leaf.at))) <= NOW


@pytest.mark.usefixtures("scope")
class TestAnswers:
    def test_every_state_and_every_published_disposition_is_there(self) -> None:
        published = select(Answer.disposition).where(Answer.state == AnswerState.PUBLISHED).distinct()

        assert kinds_of(Answer.state) == set(AnswerState)
        assert set(session().scalars(published)) == set(Disposition)
        assert session().scalar(select(func.count()).where(Answer.corrected_at.is_not(None))) == 1
        assert session().scalar(select(func.count()).where(Answer.sent_back_reason.is_not(None))) >= 1
        assert session().scalar(select(func.count()).where(Answer.dataset_url == "/datos#comentarios")) == 1

    def test_concluded_windows_are_answered_to_the_last_comment(self) -> None:
        ids = [window.id for window in windows(WindowStatus.CONCLUDED)]
        found = (
            select(func.count())
            .select_from(Submission)
            .join(Submission.topic)
            .where(
                Topic.window_id.in_(ids),
                Submission.timeliness == Timeliness.ON_TIME,
                Submission.is_answered.is_(False),
            )
        )

        assert session().scalar(found) == 0

    def test_the_tray_of_mobility_is_lived_in_and_two_units_are_late(self) -> None:
        waiting = list(
            session().scalars(
                select(Referral)
                .join(Referral.submission)
                .where(Referral.state == ReferralState.REFERRED, Submission.reserved.is_(False))
            )
        )

        assert 25 <= sum(referral.unit.key == "movilidad" for referral in waiting) <= 50
        assert {referral.unit.key for referral in waiting if referral.due_at <= NOW} == {"movilidad", "salud"}


def count_in(window: Window) -> int:
    found = select(func.count()).select_from(Submission).join(Submission.topic).where(Topic.window_id == window.id)
    return session().scalar(found) or 0


def test_hostile_texts_are_kept_and_shown_escaped(loaded: Loaded) -> None:
    with session_scope(loaded.database):
        texts = list(session().scalars(select(Submission.text)))
        [script] = session().scalars(select(Submission).where(Submission.text.startswith("<script>")))
        assert script.state == SubmissionState.PUBLISHED
        address, text = f"/folio/{script.folio}", script.text

    page = loaded.app.test_client().get(address).get_data(as_text=True)

    assert [mark for mark in HOSTILE if not any(mark in text for text in texts)] == []
    assert text not in page
    assert escape(text, quote=False).split("alert")[0] in page


def test_public_pages_open(loaded: Loaded) -> None:
    client = loaded.app.test_client()
    with session_scope(loaded.database):
        slugs = [window.slug for window in list_windows(now=NOW)]

    pages = ["/", "/consultas", "/buzones", "/tablero", "/datos", "/estrados", f"/gobiernos/{LEON}"]
    pages += [f"/consultas/{slug}" for slug in slugs] + [f"/consultas/{slug}/temas/1" for slug in slugs]

    assert [page for page in pages if client.get(page).status_code != 200] == []


def test_loading_twice_changes_nothing(loaded: Loaded) -> None:
    def leaves() -> int | None:
        with session_scope(loaded.database):
            return session().scalar(select(func.count()).select_from(Leaf))

    before = leaves()

    assert run("demo").output == "La demostración ya estaba cargada.\n"
    assert leaves() == before


@pytest.mark.parametrize("offset", range(0, 760, 19))
def test_plans_hold_on_any_day(offset: int) -> None:
    now = datetime(2026, 1, 1, 6, 10, tzinfo=UTC) + timedelta(days=offset, hours=offset % 24)
    state, municipal = (Days.of(now, "America/Mexico_City", key) for key in ("guanajuato_demo", "lft"))

    plans = {plan.name: plan for plan in list_plans({STATE: state, LEON: municipal, SALAMANCA: municipal})}

    assert plans["expost_transito"].closes_on == state.business(0)
    assert plans["agenda"].opens_on < state.today < plans["agenda"].closes_on
    assert plans["simplificacion"].opens_on > state.today
    for plan in plans.values():
        assert plan.created_at < plan.scheduled_at <= now
        assert not plan.is_concluded or state.business(11, plan.closes_on) < state.today


def test_the_same_words_are_written_in_every_load() -> None:
    days = Days.of(NOW, "America/Mexico_City", "guanajuato_demo")

    once, again = (
        [
            piece.draft
            for plan in list_plans(dict.fromkeys((STATE, LEON, SALAMANCA), days))
            for piece in write_pieces(plan, 1)
        ]
        for _ in range(2)
    )

    assert once == again
