"""`create_app()`: puts the parts together. Knows every package; no package knows it."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from flask import Flask, g, request
from jinja2 import StrictUndefined

from consulta import clock as real_clock
from consulta.accounts.routes import blueprint as accounts_blueprint
from consulta.accounts.tokens import forget_acts
from consulta.agencies import dressing, login
from consulta.agencies.presentation import blueprint as presentation_blueprint
from consulta.agencies.routes import blueprint as agencies_blueprint
from consulta.agencies.token_pages import blueprint as tokens_blueprint
from consulta.analysis.finding import find_campaigns, look_everywhere
from consulta.analysis.operations import FIND
from consulta.api import install as install_api
from consulta.archives.disposals import AUTHORISED, carry_out
from consulta.archives.purging import DESTROYED, destroy_files
from consulta.board.routes import blueprint as board_blueprint
from consulta.clocks.decrees import PUBLISHED
from consulta.clocks.recalendar import MISSED, MOVED, mark_passed, recalendar
from consulta.config import Settings, load_settings
from consulta.db import Database, session_scope
from consulta.desk import install as install_desk
from consulta.desk.webhooks import COURIER
from consulta.disclosure import Policy
from consulta.finding.following import REFRESH as FOLLOW
from consulta.finding.following import ask_refresh as ask_follow
from consulta.finding.following import refresh_with as follow_with
from consulta.following.noting import note_happenings
from consulta.following.operations import Sender, forget_old
from consulta.following.telling import TELL, ask_tell, hear_failure, tell_with
from consulta.hooks.delivering import DELIVER, ask_deliver, deliver_with, forget_deliveries
from consulta.hooks.operations import Keeper
from consulta.hooks.sending import Courier
from consulta.hooks.telling import note_events_with
from consulta.i18n.labels import label
from consulta.jobs import Registry
from consulta.models import load_models
from consulta.notices.delivery import deliver_to
from consulta.notices.operations import FAILED, SEND
from consulta.notices.return_path import ReturnPath
from consulta.open311 import install as install_open311
from consulta.opendata.building import REFRESH, ask_refresh, refresh_with
from consulta.opendata.routes import blueprint as opendata_blueprint
from consulta.opendata.shelf import Shelf
from consulta.participation.operations import release_due
from consulta.portal import install as install_portal
from consulta.referrals import clocks as case_clocks
from consulta.referrals.carrying import carry_over
from consulta.referrals.digest import send_digests
from consulta.referrals.escalation import escalate
from consulta.referrals.routing import refer_by_topic
from consulta.referrals.undelivered import post_undelivered
from consulta.reports.operations import prepare_closed
from consulta.search import index_of
from consulta.search.current import EXTENSION as SEARCH
from consulta.storage.current import EXTENSION as STORAGE
from consulta.storage.folder import FolderStorage
from consulta.submissions.demographics import flush_demographics
from consulta.submissions.files import remove_stale
from consulta.submissions.operations import RECEIVED
from consulta.submissions.rules import clean_text
from consulta.web import access, addresses, errors, filters, flashes, forms, languages, responses
from consulta.web.context import Services
from consulta.windows.counters import fold_counters
from consulta.windows.dating import EXTENDED
from consulta.windows.dating import follow_clocks as follow_in_windows
from consulta.windows.dockets import SUCCEEDED
from consulta.windows.outages import beat
from consulta.windows.sealing import place_acts, seal_record

BLUEPRINTS = (
    accounts_blueprint,
    agencies_blueprint,
    presentation_blueprint,
    tokens_blueprint,
    opendata_blueprint,
    board_blueprint,
)
ROOT = Path(__file__).resolve().parents[1]
# Five files of ten megabytes, their envelopes, and a text far beyond its limit, so that the person is told.
LARGEST_REQUEST = 56 * 1024 * 1024
LARGEST_TEXT = 8 * 1024 * 1024


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    clock: Callable[[], datetime] = real_clock.now,
    courier: Courier | None = None,
) -> Flask:
    """Return the application of an instance. `courier` sends webhooks; without one, the one of the settings.

    Raises UnsafeDatabase on an unsafe database and RuntimeError when a view declares no access.
    """
    load_models()
    settings = settings or load_settings()
    database = database or Database(settings.database_url, keys=settings.demographics_keys)
    database.check()
    app = APIFlask(
        "consulta",
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        title="Consulta",
        version="1.0.0",
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,
    )
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT, MAX_FORM_PARTS=500)
    storage = FolderStorage(settings.uploads)
    app.extensions["consulta"] = Services(settings=settings, database=database, clock=clock)
    app.extensions[STORAGE] = storage
    app.extensions[SEARCH] = index_of(settings.search_index, database.url)
    app.extensions[COURIER] = courier = courier or Courier(allowed=settings.webhook_allow)
    app.extensions["consulta.registry"] = make_registry(settings, storage, courier)
    forms.CLEANERS[0] = clean_text
    languages.install(app)
    _install_scope(app, database, clock)
    addresses.install(app)
    login.install(app)
    errors.install(app)
    responses.install(app)
    flashes.install(app)
    filters.install(app)
    _install_templates(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for install in (install_portal, install_desk, install_api, install_open311):
        install(app)
    app.view_functions["static"] = access.access(access.EVERYBODY)(app.view_functions["static"])
    access.require_declared(app)
    return app


def make_registry(settings: Settings, storage: FolderStorage, courier: Courier | None = None) -> Registry:
    """Return which function works which job."""
    host = settings.public_url.split("://", 1)[1].split("/", 1)[0].split(":", 1)[0]
    found = index_of(settings.search_index, settings.database_url)
    sender = f"Consulta <no-responder@{host if '.' in host and not host[-1].isdigit() else 'consulta.invalid'}>"
    keeper = Keeper(settings.secret_key, settings.public_url)
    follower = Sender(settings.secret_key, settings.public_url, settings.timezone)
    return Registry(
        inside={
            RECEIVED: refer_by_topic,
            SUCCEEDED: carry_over,
            EXTENDED: case_clocks.recompute_due,
            PUBLISHED: recalendar,
            MOVED: _follow_clocks,
            AUTHORISED: carry_out,
            MISSED: escalate(settings.public_url),
            TELL: tell_with(follower),
            FAILED: _hear_failure,
        },
        outside={
            SEND: deliver_to(settings.smtp_url, settings.mail_folder, sender, return_path_of(settings)),
            FIND: find_campaigns,
            DESTROYED: destroy_files(storage),
            REFRESH: refresh_with(Shelf(settings.open_data)),
            FOLLOW: follow_with(found),
            DELIVER: deliver_with(courier or Courier(allowed=settings.webhook_allow), keeper),
        },
        periodic=_rounds(settings, storage),
    )


def _rounds(settings: Settings, storage: FolderStorage) -> list[tuple[timedelta, Callable[[datetime], None]]]:
    """Return what is done again and again, and how often."""
    found = index_of(settings.search_index, settings.database_url)
    return [
        (timedelta(seconds=20), fold_counters),
        (timedelta(seconds=20), place_acts),
        (timedelta(minutes=1), seal_record(settings.record_origin, settings.instance / "keys")),
        (timedelta(minutes=1), flush_demographics),
        (timedelta(minutes=10), remove_stale(storage)),
        (timedelta(hours=1), forget_acts),
        (timedelta(minutes=10), send_digests(settings.public_url)),
        (timedelta(minutes=1), beat),
        (timedelta(minutes=1), mark_passed),
        (timedelta(hours=6), look_everywhere),
        (timedelta(minutes=10), prepare_closed),
        (timedelta(minutes=1), ask_refresh(Shelf(settings.open_data))),
        (timedelta(seconds=2), ask_follow(found)),
        (timedelta(seconds=10), note_happenings),
        (timedelta(seconds=10), ask_tell),
        (timedelta(hours=1), forget_old),
        (timedelta(seconds=10), note_events_with(settings.public_url)),
        (timedelta(seconds=2), ask_deliver),
        (timedelta(hours=1), forget_deliveries),
        (timedelta(minutes=10), release_due(Policy(threshold=settings.people_threshold))),
    ]


def _follow_clocks(payload: dict[str, Any], now: datetime) -> None:
    """Whoever holds a clock copies its date: windows first, because answers count from their closing."""
    follow_in_windows(payload, now)
    case_clocks.follow_clocks(payload, now)


def return_path_of(settings: Settings) -> ReturnPath | None:
    """Return where mails come back to; None where nobody reads them."""
    return ReturnPath(settings.bounce_address, settings.secret_key) if settings.bounce_address else None


def _hear_failure(payload: dict[str, Any], now: datetime) -> None:
    """What did not reach a person is told in another way; who cannot be reached is not written to any more."""
    post_undelivered(payload, now)
    hear_failure(payload, now)


def _install_scope(app: Flask, database: Database, clock: Callable[[], datetime]) -> None:
    @app.before_request
    def open_scope() -> None:
        g.arrived_at = clock()
        g.scope = ExitStack()
        g.scope.enter_context(session_scope(database))

    @app.before_request
    def limit_plain_forms() -> None:
        # A form without files is read whole before it is parsed, so only its length can stop it.
        if request.mimetype == "application/x-www-form-urlencoded":
            request.max_content_length = LARGEST_TEXT

    @app.teardown_request
    def close_scope(_error: BaseException | None) -> None:
        scope = g.pop("scope", None)
        if scope is not None:
            scope.close()


def _install_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        label=label,
        csrf_token=access.csrf_token,
        may=access.may,
        flashed=flashes.flashed,
        asset=_asset_versions(ROOT / "static"),
        public_url=lambda: app.extensions["consulta"].settings.public_url,
        theme_address=dressing.theme_address,
        shield_address=dressing.shield_address,
        privacy_address=dressing.privacy_address,
    )

    @app.context_processor
    def shared() -> dict[str, Any]:
        government = dressing.page_government() if "scope" in g else None
        demo = app.extensions["consulta"].settings.demo
        return {"government": government, "now": g.get("arrived_at"), "demo": demo}


def _asset_versions(folder: Path) -> Callable[[str], str]:
    """Return the function that names a static file with its version, so that browsers may keep it for good."""
    versions = {
        path.relative_to(folder).as_posix(): f"{path.stat().st_mtime_ns:x}"
        for path in folder.rglob("*")
        if path.is_file()
    }

    def asset(name: str) -> str:
        return f"/static/{name}?v={versions.get(name, '0')}"

    return asset
