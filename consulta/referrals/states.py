"""States of referrals and answers, and the senses an answer may have."""

from enum import StrEnum


class ReferralState(StrEnum):
    """Referred to a unit; returned by it as not competent; answered, once its answer is published; or ended.

    What has ended needs no answer of its own any more (`EndCause` says why).
    """

    REFERRED = "referred"
    RETURNED = "returned"
    ANSWERED = "answered"
    ENDED = "ended"


class EndCause(StrEnum):
    """Why a referral ended without an answer of its own. Its submission stays whatever the cause."""

    SPLIT = "split"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"
    DISOWNED = "disowned"
    CARRIED = "carried"


class AnswerState(StrEnum):
    """Four acts of people, in this order; a submitted one may be sent back to draft."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED_OFF = "signed_off"
    PUBLISHED = "published"


class Disposition(StrEnum):
    """Sentido de la respuesta."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    ALREADY_COVERED = "already_covered"
    OUT_OF_SCOPE = "out_of_scope"
    NOTED = "noted"


class ClaimState(StrEnum):
    """Somebody says that she did not send it; the coordination accepts that, or not."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


CLAIM_TRANSITIONS: dict[ClaimState, frozenset[ClaimState]] = {
    ClaimState.OPEN: frozenset({ClaimState.ACCEPTED, ClaimState.REJECTED}),
    ClaimState.ACCEPTED: frozenset(),
    ClaimState.REJECTED: frozenset(),
}

REFERRAL_TRANSITIONS: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.REFERRED: frozenset({ReferralState.RETURNED, ReferralState.ANSWERED, ReferralState.ENDED}),
    ReferralState.RETURNED: frozenset(),
    ReferralState.ANSWERED: frozenset(),
    ReferralState.ENDED: frozenset(),
}

ANSWER_TRANSITIONS: dict[AnswerState, frozenset[AnswerState]] = {
    AnswerState.DRAFT: frozenset({AnswerState.SUBMITTED}),
    AnswerState.SUBMITTED: frozenset({AnswerState.DRAFT, AnswerState.SIGNED_OFF}),
    AnswerState.SIGNED_OFF: frozenset({AnswerState.DRAFT, AnswerState.PUBLISHED}),
    AnswerState.PUBLISHED: frozenset(),
}
