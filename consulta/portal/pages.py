"""Home, lists of windows and mailboxes, window, topic and published files."""

from typing import Any

from flask import Blueprint, abort, render_template, request

from consulta.agencies.queries import find_government_by_key, list_governments
from consulta.analysis.operations import FEWEST
from consulta.documents.queries import has_documents, list_documents
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.portal.dates import days_left
from consulta.referrals.conclusion import list_debts
from consulta.referrals.pages import topic_page
from consulta.referrals.states import Disposition
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.windows.counters import read_counts, read_window_counts
from consulta.windows.fields import EntryField, read_fields
from consulta.windows.lineage import read_lineage
from consulta.windows.models import Instrument, Topic, Window
from consulta.windows.operations import status_of
from consulta.windows.queries import (
    get_public_window,
    get_topic,
    list_instruments,
    list_mailboxes,
    list_moves,
    list_topics,
    list_windows,
)
from consulta.windows.states import WindowState, WindowStatus

blueprint = Blueprint("portal", __name__)

ANSWERED_WORDS = {"con-respuesta": True, "sin-respuesta": False}
STATUS_WORDS = {
    "abiertas": WindowStatus.OPEN,
    "proximas": WindowStatus.UPCOMING,
    "cerradas": WindowStatus.CLOSED,
    "concluidas": WindowStatus.CONCLUDED,
}


@blueprint.get("/consultas")
@access(EVERYBODY)
def windows() -> str:
    """List windows, filtered by status and instrument; filters stay in the address."""
    return _window_list(request.args.get("instrumento") or None)


@blueprint.get("/<path_segment>")
@access(EVERYBODY)
def instrument_windows(path_segment: str) -> str:
    """List the windows of one instrument at its own address."""
    for instrument in list_instruments():
        if instrument.path == path_segment:
            return _window_list(instrument.key, instrument)
    raise NotFound(_("No encontramos esa página. Busque la consulta desde el inicio."))


@blueprint.get("/consultas/<slug>")
@access(EVERYBODY)
def window(slug: str) -> str:
    """Show a window with its closing, derivation and topics."""
    return _window_page(get_public_window(slug))


@blueprint.get("/buzones")
@access(EVERYBODY)
def mailboxes() -> str:
    """List the permanent mailboxes."""
    return render_template("portal/mailboxes.html", mailboxes=list_mailboxes(), governments=list_governments())


@blueprint.get("/buzones/hostigamiento-y-acoso")
@access(EVERYBODY)
def harassment() -> str:
    """Say where to turn: this is never an ordinary mailbox."""
    return render_template("portal/harassment.html")


@blueprint.get("/buzones/<slug>")
@access(EVERYBODY)
def mailbox(slug: str) -> str:
    """Show a mailbox with its topics."""
    return _window_page(get_public_window(slug, permanent=True))


@blueprint.get("/consultas/<slug>/temas/<int:number>")
@blueprint.get("/buzones/<slug>/temas/<int:number>", endpoint="mailbox_topic")
@access(EVERYBODY)
def topic(slug: str, number: int) -> str:
    """Show a topic with its documents and its published comments, answered ones first, each with its answer below."""
    found = public_topic(slug, number)
    cursor = decode_cursor(request.args.get("desde"), bool, int)
    shown = request.args.get("mostrar", "")
    page = topic_page(
        found.id,
        before=(cursor[0], cursor[1]) if cursor else None,
        is_answered=ANSWERED_WORDS.get(shown),
        disposition=Disposition(shown) if shown in list(Disposition) else None,
    )
    return render_template(
        "portal/topic.html",
        topic=found,
        lineage=read_lineage(found),
        documents=list_documents(found.id),
        details=shown_details(found),
        chosen=shown if shown in (*ANSWERED_WORDS, *Disposition) else "",
        dispositions=list(Disposition),
        status=status_of(found.window, arrived_at()),
        counts=read_counts([found.id]).get(found.id, {}),
        page=page,
        older=encode_cursor(*page.last) if page.has_more else None,
        is_first=cursor is None,
        days_left=days_left,
    )


def public_topic(slug: str, number: int) -> Any:
    """Return a topic that the public may see at the address of the request. Raises NotFound."""
    found = get_topic(slug, number) if number < 10**9 else abort(404)
    if found.window.state == WindowState.DRAFT:
        raise NotFound(_("No existe ese tema."))
    if found.window.instrument.permanent is not request.path.startswith("/buzones/"):
        raise NotFound(_("No existe ese tema."))
    show_government(found.window.government)
    return found


def shown_details(found: Topic) -> list[tuple[EntryField, str]]:
    """Return the fields of a topic's entry with their values, in the instrument's order, without empty ones."""
    fields = read_fields(found.window.instrument.entry_fields)
    return [(field, found.details[field.key]) for field in fields if found.details.get(field.key)]


def _window_list(instrument_key: str | None, instrument: Instrument | None = None) -> str:
    now = arrived_at()
    status = STATUS_WORDS.get(request.args.get("estado", ""))
    cursor = decode_cursor(request.args.get("desde"), int)
    government = find_government_by_key(request.args.get("gobierno", ""))
    found = list_windows(
        now=now,
        status=status,
        instrument_key=instrument_key,
        government_id=government.id if government else None,
        after_id=cursor[0] if cursor else None,
        limit=21,
    )
    shown = found[:20]
    return render_template(
        "portal/windows.html",
        windows=[(item, status_of(item, now)) for item in shown],
        counts=read_window_counts([item.id for item in shown]),
        instruments=list_instruments(),
        instrument=instrument,
        governments=list_governments(),
        chosen_government=government.key if government else "",
        chosen_status=request.args.get("estado", ""),
        chosen_instrument=instrument_key or "",
        older=encode_cursor(shown[-1].id) if len(found) > 20 else None,
        days_left=days_left,
    )


def _window_page(found: Window) -> str:
    show_government(found.government)
    cursor = decode_cursor(request.args.get("desde"), int)
    topics = list_topics(found.id, after_number=cursor[0] if cursor else 0, limit=101)
    shown = topics[:100]
    counts = read_counts([item.id for item in shown])
    status = status_of(found, arrived_at())
    return render_template(
        "portal/window.html",
        window=found,
        status=status,
        debts=list_debts(found.id) if status in (WindowStatus.CLOSED, WindowStatus.CONCLUDED) else [],
        fewest_alike=FEWEST,
        topics=shown,
        with_documents=has_documents([item.id for item in shown]),
        counts=counts,
        totals=read_window_counts([found.id]).get(found.id, {}),
        more=encode_cursor(shown[-1].number) if len(topics) > 100 else None,
        days_left=days_left,
        moves=list_moves(found),
    )
