"""Kinds, channels and states of submissions."""

from enum import StrEnum


class SubmissionKind(StrEnum):
    """What is handed in; decides what may be public (`policy.py`)."""

    COMMENT = "comment"
    PROPOSAL = "proposal"
    PETITION = "petition"
    SERVICE_REQUEST = "service_request"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    DATA_REQUEST = "data_request"
    COMPLAINT = "complaint"
    REPORT = "report"


class Channel(StrEnum):
    """How it arrived. An argument of intake, never a second path."""

    WEB = "web"
    COUNTER = "counter"
    PHONE = "phone"
    PAPER = "paper"
    MAIL = "mail"
    MESSAGING = "messaging"


class Behalf(StrEnum):
    """For whom the person speaks."""

    SELF = "self"
    ORGANIZATION = "organization"


class Timeliness(StrEnum):
    """Whether it arrived before closing. Late ones are kept, apart."""

    ON_TIME = "on_time"
    LATE = "late"


class SubmissionState(StrEnum):
    """Publication of its text, an act of the person who reviews it."""

    RECEIVED = "received"
    PUBLISHED = "published"
    WITHHELD = "withheld"


TRANSITIONS: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.RECEIVED: frozenset({SubmissionState.PUBLISHED, SubmissionState.WITHHELD}),
    SubmissionState.PUBLISHED: frozenset({SubmissionState.WITHHELD}),
    SubmissionState.WITHHELD: frozenset({SubmissionState.PUBLISHED}),
}


class Standing(StrEnum):
    """Whether who signed a submission stands by it: she may withdraw it, or disown what others sent in her name."""

    STANDS = "stands"
    WITHDRAWN = "withdrawn"
    DISOWNED = "disowned"


STANDING_TRANSITIONS: dict[Standing, frozenset[Standing]] = {
    Standing.STANDS: frozenset({Standing.WITHDRAWN, Standing.DISOWNED}),
    Standing.WITHDRAWN: frozenset({Standing.DISOWNED}),
    Standing.DISOWNED: frozenset(),
}


class LateDecision(StrEnum):
    """What the coordination decided of something late, with reasons."""

    ADMITTED = "admitted"
    DECLINED = "declined"
