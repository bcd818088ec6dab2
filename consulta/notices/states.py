"""States of a notice."""

from enum import StrEnum


class NoticeState(StrEnum):
    """Where a notice stands. Posted ones are on the notice board; sent ones were taken by the mail server.

    Failed ones were refused by it, or came back.
    """

    PENDING = "pending"
    SENT = "sent"
    POSTED = "posted"
    FAILED = "failed"


class Means(StrEnum):
    """How a notice reaches the person."""

    MAIL = "mail"
    NOTICE_BOARD = "notice_board"


TRANSITIONS: dict[NoticeState, frozenset[NoticeState]] = {
    NoticeState.PENDING: frozenset({NoticeState.SENT, NoticeState.FAILED}),
    NoticeState.SENT: frozenset({NoticeState.FAILED}),
    NoticeState.POSTED: frozenset(),
    NoticeState.FAILED: frozenset(),
}
