"""What is told to a system, where its address stands, and where each delivery stands. Pure."""

from enum import StrEnum


class WebhookState(StrEnum):
    """Registered and not proved yet; told; stopped by its owners; stopped because it does not answer."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"


class WebhookEvent(StrEnum):
    """What can be told. `ping` proves that an address answers."""

    OPENED = "window.opened"
    EXTENDED = "window.extended"
    CLOSED = "window.closed"
    ANNULLED = "window.annulled"
    CONCLUDED = "window.concluded"
    DOCUMENT = "document.published"
    COMMENT = "comment.published"
    ANSWER = "answer.published"
    PING = "ping"


class WebhookDeliveryState(StrEnum):
    """Waits to be sent, once or again; taken by its receiver; given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class SuspensionCause(StrEnum):
    """Why an address is told nothing any more: it failed for three days, or said that it is gone (410)."""

    FAILING = "failing"
    GONE = "gone"


CHOSEN = tuple(event for event in WebhookEvent if event != WebhookEvent.PING)

TRANSITIONS: dict[WebhookState, frozenset[WebhookState]] = {
    WebhookState.PENDING: frozenset({WebhookState.ACTIVE}),
    WebhookState.ACTIVE: frozenset({WebhookState.PAUSED, WebhookState.SUSPENDED}),
    WebhookState.PAUSED: frozenset({WebhookState.ACTIVE}),
    WebhookState.SUSPENDED: frozenset({WebhookState.PENDING}),
}

DELIVERY_TRANSITIONS: dict[WebhookDeliveryState, frozenset[WebhookDeliveryState]] = {
    WebhookDeliveryState.WAITING: frozenset({WebhookDeliveryState.DELIVERED, WebhookDeliveryState.FAILED}),
    WebhookDeliveryState.DELIVERED: frozenset(),
    WebhookDeliveryState.FAILED: frozenset(),
}
