"""When a request is sent again, what is said in it, and what is kept of its answer. Pure."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from consulta.hooks.states import WebhookEvent

# Waits triple from half a minute up to a day: 30 s, 90 s, 4.5 min … 18 h, 24 h, 24 h. A restart is hardly noticed,
# and a system that is down from Friday evening to Monday morning misses nothing: 75 hours in all.
FIRST_WAIT = timedelta(seconds=30)
FACTOR = 3
LONGEST_WAIT = timedelta(hours=24)
MOST_TRIES = 11
# A fifth more or less, so that what failed together does not come back together.
JITTER = 0.2
# A proof of an address is asked for by somebody who waits for it: what is not there in half an hour is not there.
MOST_PINGS = 4
# While an address fails, it is asked about one thing at a time, and so seldom.
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=10)
# A system may ask for patience (RFC 9110, 10.2.3), but not keep what waits for it for ever.
MOST_PATIENCE = timedelta(hours=6)
# After a rotation the old secret signs too, so that the receiver changes its own when it can.
OLD_SECRET_LIVES = timedelta(hours=24)
KEEP_DELIVERIES = timedelta(days=30)
# What one government may register, and how often an address may be asked to prove itself.
MOST_WEBHOOKS = 20
BETWEEN_PINGS = timedelta(minutes=1)
LONGEST_SAID = 200
GONE = 410
ASK_PATIENCE = frozenset({429, 503})


@dataclass(frozen=True)
class Told:
    """What is said of something that became public: what it is, and where it is read. Never a word of it.

    `about_type` and `about_id` name it as the API does; `page` and `api` are paths.
    """

    event: WebhookEvent
    at: datetime
    about_type: str
    about_id: str
    page: str
    api: str | None


def event_id_of(key: str, page: str) -> str:
    """Return the identifier of an event: the same for whoever is told, however often. `key` names what happened."""
    return "evt_" + hashlib.sha256(f"{key}|{page}".encode()).hexdigest()[:32]


def body_of(told: Told, event_id: str, public_url: str) -> str:
    """Return what is sent. It is kept and sent as it is, so that a signature covers the same bytes every time."""
    return _written(
        {
            "id": event_id,
            "kind": told.event.value,
            "at": _utc(told.at),
            "about": {"type": told.about_type, "id": told.about_id, "url": f"{public_url}{told.page}"},
            "api": f"{public_url}{told.api}" if told.api else None,
        }
    )


def ping_body(event_id: str, at: datetime, public_url: str) -> str:
    """Return what is sent to prove an address: an event about nothing."""
    about = {"type": "webhook", "id": event_id, "url": public_url}
    return _written({"id": event_id, "kind": WebhookEvent.PING.value, "at": _utc(at), "about": about, "api": None})


def next_wait(event_id: str, tries: int) -> timedelta:
    """Return how long to wait after so many tries: three times as long each time, a fifth more or less.

    The jitter comes from what is sent and how often it was, so that it can be told beforehand.
    """
    wait = min(FIRST_WAIT * int(FACTOR ** (tries - 1)), LONGEST_WAIT)
    drawn = int.from_bytes(hashlib.sha256(f"{event_id}:{tries}".encode()).digest()[:4], "big") / 2**32
    return wait * (1 - JITTER + 2 * JITTER * drawn)


def rest_after(failures: int) -> timedelta:
    """Return how long an address is left alone after so many failures in a row."""
    return min(FIRST_REST * int(2 ** min(failures - 1, 16)), LONGEST_REST)


def patience(status: int | None, retry_after: str, now: datetime) -> timedelta:
    """Return how long a system asked to be left alone, at most `MOST_PATIENCE`; zero where it did not ask."""
    written = retry_after.strip()
    if status not in ASK_PATIENCE or not written or len(written) > 40:
        return timedelta()
    if written.isascii() and written.isdigit():
        asked = timedelta(seconds=min(int(written), int(MOST_PATIENCE.total_seconds())))
    else:
        try:
            asked = parsedate_to_datetime(written).astimezone(UTC) - now
        except (ValueError, TypeError, OverflowError):
            return timedelta()
    return max(timedelta(), min(asked, MOST_PATIENCE))


def clean_said(text: str) -> str:
    """Return what a system said, in one short line of characters that can be shown."""
    shown = "".join(mark if not unicodedata.category(mark).startswith(("C", "Z")) else " " for mark in text[:4000])
    return " ".join(shown.split())[:LONGEST_SAID]


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(body: Mapping[str, object]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
