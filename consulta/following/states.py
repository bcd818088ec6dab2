"""What can be followed, what happens, and where a subscription stands. Pure."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """Asked for and not confirmed; confirmed by who reads the mail; stopped because mails came back."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"


class FollowedKind(StrEnum):
    """What somebody follows: a window, an agency, a search, or every new window."""

    WINDOW = "window"
    AGENCY = "agency"
    SEARCH = "search"
    EVERYTHING = "everything"


class Pace(StrEnum):
    """How soon it is told: as it happens, or once a day."""

    IMMEDIATE = "immediate"
    DAILY = "daily"


class HappeningKind(StrEnum):
    """What is told. `moved`: the closing is another one. `closed` is told to systems alone: people were told before."""

    OPENED = "opened"
    MOVED = "moved"
    CLOSING = "closing"
    CLOSED = "closed"
    ANNULLED = "annulled"
    CONCLUDED = "concluded"
    DOCUMENT = "document"
    PAPER = "paper"
    COMMENT = "comment"
    ANSWER = "answer"


class DepartureCause(StrEnum):
    """Why a subscription is not there any more: all that is kept of it, as a count."""

    LEFT = "left"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"


TRANSITIONS: dict[SubscriptionState, frozenset[SubscriptionState]] = {
    SubscriptionState.PENDING: frozenset({SubscriptionState.CONFIRMED}),
    SubscriptionState.CONFIRMED: frozenset({SubscriptionState.BOUNCED}),
    SubscriptionState.BOUNCED: frozenset({SubscriptionState.CONFIRMED}),
}
