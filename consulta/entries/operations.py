"""Writes of entries: captured by an enlace, handed in, observed, accepted as a topic; reminders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consulta.actors import Actor
from consulta.agencies.models import Agency, Unit
from consulta.agencies.operations import local_today
from consulta.agencies.queries import list_addresses_of_post
from consulta.db import lock_exclusive, session
from consulta.entries.models import Entry, NothingToPropose, Reminder
from consulta.entries.notices import observation_notices, reminder_notices
from consulta.entries.queries import has_declared_nothing, list_entries, list_liaison_posts
from consulta.entries.rules import check_observation, check_transition, may_decide, may_write
from consulta.entries.states import EntryState
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.notices import Message, notify
from consulta.record.operations import append_leaf
from consulta.windows.fields import LONGEST_LONG, check_details, check_given, read_fields
from consulta.windows.models import Topic, Window
from consulta.windows.operations import add_topic
from consulta.windows.rules import LONGEST_SUMMARY, check_title
from consulta.windows.states import WindowState


def save_entry(
    *,
    window: Window,
    unit: Unit,
    title: str,
    summary: str,
    details: Mapping[str, str],
    actor: Actor,
    now: datetime,
    entry: Entry | None = None,
    source_key: str | None = None,
) -> Entry:
    """Write or rewrite an entry of the actor's agency. A draft may lack fields; handing it in checks them.

    Raises Forbidden for other agencies; Refused without a title, for a unit of another agency, when the
    reception is over, or once it was handed in and not observed.
    """
    if not may_write(actor, agency_id=unit.agency_id):
        raise Forbidden(_("Esa unidad es de otra dependencia."))
    _check_reception(window, actor, now)
    check_title(title)
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(_("La explicación lleva hasta %(longest)s caracteres.", longest=LONGEST_SUMMARY), field="summary")
    fields = read_fields(window.instrument.entry_fields)
    kept = check_given(fields, details)
    if entry is None:
        entry = Entry(
            window=window,
            agency_id=unit.agency_id,
            state=EntryState.DRAFT,
            source_key=source_key,
            created_by_post_id=actor.post_id,
            created_at=now,
        )
        session().add(entry)
    elif EntryState(entry.state) not in (EntryState.DRAFT, EntryState.OBSERVED):
        raise Refused(_("Ya se entregó: la coordinación debe observarla antes de que cambie."))
    entry.unit, entry.title, entry.summary = unit, title.strip(), summary.strip()
    entry.details = kept
    entry.updated_at = now
    session().flush()
    return entry


def submit_entry(*, entry: Entry, actor: Actor, now: datetime) -> None:
    """Hand an entry in, with its leaf. Raises Refused at the field to correct."""
    _check_author(entry, actor)
    _check_reception(entry.window, actor, now)
    _lock(entry)
    check_transition(EntryState(entry.state), EntryState.SUBMITTED)
    if not entry.summary:
        raise Refused(_("Explique en palabras sencillas qué se propone."), field="summary")
    entry.details = check_details(read_fields(entry.window.instrument.entry_fields), entry.details)
    entry.state, entry.submitted_at, entry.updated_at = EntryState.SUBMITTED, now, now
    _record(entry, "entry.submitted", now, actor, {"title": entry.title, "details": entry.details})


def withdraw_entry(*, entry: Entry, actor: Actor, now: datetime) -> None:
    """Take an entry back before it is accepted, with its leaf."""
    _check_author(entry, actor)
    _lock(entry)
    check_transition(EntryState(entry.state), EntryState.WITHDRAWN)
    entry.state, entry.updated_at = EntryState.WITHDRAWN, now
    _record(entry, "entry.withdrawn", now, actor, {"title": entry.title})


def observe_entry(*, entry: Entry, observation: str, actor: Actor, now: datetime) -> None:
    """Ask for a correction, tell the agency's enlaces, with its leaf. Raises Refused without an observation."""
    _check_decider(entry.window, actor)
    kept = check_observation(observation)
    _lock(entry)
    check_transition(EntryState(entry.state), EntryState.OBSERVED)
    entry.state, entry.observation, entry.updated_at = EntryState.OBSERVED, kept, now
    entry.decided_at, entry.decided_by_post_id = now, actor.post_id
    _record(entry, "entry.observed", now, actor, {"observation": kept})
    due_on = entry.window.entries_due_on or local_today(entry.window.government, now)
    addresses = _liaison_addresses(entry.agency, entry.window, now)
    _send(observation_notices(entry, addresses, due_on, int(now.timestamp())), now)


def accept_entry(*, entry: Entry, actor: Actor, now: datetime) -> Topic:
    """Accept an entry: it becomes the next topic of its window, answered by the unit that proposed it."""
    _check_decider(entry.window, actor)
    _lock(entry)
    check_transition(EntryState(entry.state), EntryState.ACCEPTED)
    topic = add_topic(
        window=entry.window,
        title=entry.title,
        summary=entry.summary,
        unit=entry.unit,
        actor=actor,
        now=now,
        source_key=f"entry:{entry.id}",
        details=entry.details,
    )
    entry.state, entry.topic, entry.updated_at = EntryState.ACCEPTED, topic, now
    entry.decided_at, entry.decided_by_post_id = now, actor.post_id
    _record(entry, "entry.accepted", now, actor, {"topic": topic.number})
    return topic


def declare_nothing(*, window: Window, agency: Agency, actor: Actor, now: datetime) -> None:
    """Declare that an agency has nothing to propose, with its leaf. Raises Refused when it has entries."""
    if not may_write(actor, agency_id=agency.id):
        raise Forbidden(_("Esa declaración es de otra dependencia."))
    _check_reception(window, actor, now)
    lock_exclusive(f"reception:{window.id}:{agency.id}")
    live = [
        item for item in list_entries(window_id=window.id, agency_ids=[agency.id]) if item.state != EntryState.WITHDRAWN
    ]
    if live:
        raise Refused(_("Su dependencia ya tiene propuestas: retírelas antes de declarar que no tiene."))
    if not has_declared_nothing(window.id, agency.id):
        session().add(NothingToPropose(window_id=window.id, agency_id=agency.id, post_id=actor.post_id, at=now))
        _leaf(window, "agency.nothing_to_propose", now, actor, {"agency": agency.key})


def remind(*, window: Window, agency: Agency, text: str, actor: Actor, now: datetime) -> Reminder:
    """Sign and send a reminder to an agency's enlaces, with its leaf. Raises Refused without text."""
    _check_decider(window, actor)
    if not text.strip() or len(text) > LONGEST_LONG:
        raise Refused(_("Escriba el recordatorio."), field="text")
    addresses = _liaison_addresses(agency, window, now)
    if not addresses:
        raise Refused(
            _("Nadie ocupa hoy el cargo de enlace en %(agency)s: pida que se nombre.", agency=agency.name), field="text"
        )
    reminder = Reminder(window_id=window.id, agency_id=agency.id, text=text.strip(), post_id=actor.post_id, at=now)
    session().add(reminder)
    session().flush()
    _leaf(window, "agency.reminded", now, actor, {"agency": agency.key, "text": reminder.text})
    _send(reminder_notices(reminder, window, addresses), now)
    return reminder


def _liaison_addresses(agency: Agency, window: Window, now: datetime) -> list[str]:
    today = local_today(window.government, now)
    found = [address for post in list_liaison_posts(agency.id) for address in list_addresses_of_post(post.id, today)]
    return list(dict.fromkeys(found))


def _send(messages: list[Message], now: datetime) -> None:
    for message in messages:
        notify(message, now=now)


def _check_reception(window: Window, actor: Actor, now: datetime) -> None:
    if window.government_id != actor.government_id:
        raise Forbidden(_("Esa consulta es de otro gobierno."))
    if WindowState(window.state) != WindowState.DRAFT or window.entries_due_on is None:
        raise Refused(_("La recepción de propuestas de esta consulta está cerrada: escriba a la coordinación."))
    if local_today(window.government, now) > window.entries_due_on:
        raise Refused(_("El plazo para entregar propuestas ya terminó: pida a la coordinación que lo amplíe."))


def _check_author(entry: Entry, actor: Actor) -> None:
    if not may_write(actor, agency_id=entry.agency_id):
        raise Forbidden(_("Esa propuesta es de otra dependencia."))


def _check_decider(window: Window, actor: Actor) -> None:
    if not may_decide(actor, government_id=window.government_id):
        raise Forbidden(_("Solo la coordinación de este gobierno puede hacerlo."))


def _lock(entry: Entry) -> None:
    lock_exclusive(f"entry:{entry.id}")
    session().refresh(entry)


def _record(entry: Entry, kind: str, now: datetime, actor: Actor, content: dict[str, Any]) -> None:
    _leaf(entry.window, kind, now, actor, {"entry": entry.id, "agency": entry.agency.key, **content})


def _leaf(window: Window, kind: str, now: datetime, actor: Actor, content: dict[str, Any]) -> None:
    append_leaf(kind=kind, public_id=window.slug, at=now, content={**content, "post_id": actor.post_id})
    session().flush()
