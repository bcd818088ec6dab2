"""What is followed, and when it is told. Pure."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from consulta.following.states import FollowedKind, HappeningKind, Pace

# A link that nobody opened in two days will not be opened; the address is not kept longer than that.
CONFIRM_WITHIN = timedelta(hours=48)
# Mails that anybody can have sent to an address by typing it in a form, each day.
MOST_ASKS = 3
ASKS_FOR = timedelta(hours=24)
# What one address may follow: more is a mistake, or a program.
MOST_FOLLOWED = 50
# What was stopped because mails came back is forgotten after a month, in which its owner may confirm it again.
KEEP_BOUNCED = timedelta(days=30)
# Acts that come one after another are told together: so long is waited after the first, and between two mails.
SETTLE = timedelta(seconds=30)
BETWEEN_MAILS = timedelta(minutes=10)
# Local hour of the daily mail.
DAILY_HOUR = 8

OF_WINDOW = frozenset(HappeningKind) - {HappeningKind.COMMENT, HappeningKind.CLOSED}
OF_AGENCY = OF_WINDOW - {HappeningKind.DOCUMENT, HappeningKind.PAPER}
OF_SEARCH = frozenset({HappeningKind.OPENED, HappeningKind.COMMENT, HappeningKind.ANSWER})
TOLD: Mapping[FollowedKind, frozenset[HappeningKind]] = {
    FollowedKind.WINDOW: OF_WINDOW,
    FollowedKind.AGENCY: OF_AGENCY,
    FollowedKind.SEARCH: OF_SEARCH,
    FollowedKind.EVERYTHING: frozenset({HappeningKind.OPENED}),
}
CODE_LENGTH = 40


class Coded(Protocol):
    """A row whose links carry a code."""

    id: int
    nonce: str


@dataclass(frozen=True)
class Target:
    """What is followed: a window, an agency, the fields of a search, or everything."""

    kind: FollowedKind
    window_id: int | None = None
    agency_id: int | None = None
    search: Mapping[str, str] | None = None

    @property
    def key(self) -> str:
        """Return it in one word, so that one address follows it once."""
        written = urlencode(sorted((self.search or {}).items())).encode()
        digest = hashlib.sha256(written).hexdigest() if self.search else ""
        return f"{self.kind}:{self.window_id or self.agency_id or digest}"


def make_code(secret: bytes, purpose: str, row: Coded) -> str:
    """Return the code of a link: the number of the row and what only this instance can compute from it."""
    said = f"following:{purpose}:{row.id}:{row.nonce}".encode()
    return f"{row.id}-{hmac.new(secret, said, 'sha256').hexdigest()[:CODE_LENGTH]}"


def read_number(code: str) -> int | None:
    """Return which row a code claims to be of; None for what is no code."""
    number, _, mark = code.partition("-")
    is_code = number.isascii() and number.isdigit() and len(number) <= 18 and len(mark) == CODE_LENGTH
    return int(number) if is_code else None


def is_code_of(secret: bytes, purpose: str, row: Coded, code: str) -> bool:
    """Say whether a code is the one of a row, in constant time."""
    return hmac.compare_digest(make_code(secret, purpose, row).encode(), code.encode("utf-8", "replace"))


def hash_address(secret: bytes, email: str) -> str:
    """Return a keyed hash of a mailbox, the same for all of its `name+tag` addresses."""
    name, _, host = email.rpartition("@")
    mailbox = f"{name.partition('+')[0]}@{host}"
    return hmac.new(secret, b"following:address:" + mailbox.encode(), "sha256").hexdigest()


def next_due(pace: Pace, now: datetime, zone: ZoneInfo, *, is_told: bool = False) -> datetime:
    """Return when a subscription is looked at next.

    Args:
        pace: as it happens, or daily at `DAILY_HOUR` of `zone`.
        now: from when on.
        zone: of the government.
        is_told: whether a mail was just written.
    """
    if pace == Pace.IMMEDIATE:
        return now + BETWEEN_MAILS if is_told else now
    local = now.astimezone(zone)
    morning = datetime.combine(local.date(), time(DAILY_HOUR), zone)
    return morning if morning > now else datetime.combine(local.date() + timedelta(days=1), time(DAILY_HOUR), zone)
