"""States of a notice."""

from enum import StrEnum


class NoticeState(StrEnum):
    """Where a notice stands. Posted ones are on the notice board; sent ones were taken by the mail server."""

    PENDING = "pending"
    SENT = "sent"
    POSTED = "posted"


class Means(StrEnum):
    """How a notice reaches the person."""

    MAIL = "mail"
    NOTICE_BOARD = "notice_board"
