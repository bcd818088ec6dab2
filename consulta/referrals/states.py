"""States of referrals and answers, and the senses an answer may have."""

from enum import StrEnum


class ReferralState(StrEnum):
    """Referred to a unit; returned by it as not competent; answered, once its answer is published."""

    REFERRED = "referred"
    RETURNED = "returned"
    ANSWERED = "answered"


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


REFERRAL_TRANSITIONS: dict[ReferralState, frozenset[ReferralState]] = {
    ReferralState.REFERRED: frozenset({ReferralState.RETURNED, ReferralState.ANSWERED}),
    ReferralState.RETURNED: frozenset(),
    ReferralState.ANSWERED: frozenset(),
}

ANSWER_TRANSITIONS: dict[AnswerState, frozenset[AnswerState]] = {
    AnswerState.DRAFT: frozenset({AnswerState.SUBMITTED}),
    AnswerState.SUBMITTED: frozenset({AnswerState.DRAFT, AnswerState.SIGNED_OFF}),
    AnswerState.SIGNED_OFF: frozenset({AnswerState.DRAFT, AnswerState.PUBLISHED}),
    AnswerState.PUBLISHED: frozenset(),
}
