"""What may be public of each kind: decided once, for pages, API and exports alike (`domain.md` §6). Pure."""

from enum import StrEnum
from typing import Any

from consulta.submissions.states import Standing, SubmissionKind, SubmissionState


class PublicText(StrEnum):
    """How much of a kind the public may see."""

    AFTER_REVIEW = "after_review"
    WITH_CONSENT = "with_consent"
    SUBJECT_ONLY = "subject_only"
    STATISTICS_ONLY = "statistics_only"


POLICY: dict[SubmissionKind, PublicText] = {
    SubmissionKind.COMMENT: PublicText.AFTER_REVIEW,
    SubmissionKind.PROPOSAL: PublicText.AFTER_REVIEW,
    SubmissionKind.SUGGESTION: PublicText.WITH_CONSENT,
    SubmissionKind.PRAISE: PublicText.WITH_CONSENT,
    SubmissionKind.DATA_REQUEST: PublicText.WITH_CONSENT,
    SubmissionKind.PETITION: PublicText.SUBJECT_ONLY,
    SubmissionKind.SERVICE_REQUEST: PublicText.SUBJECT_ONLY,
    SubmissionKind.COMPLAINT: PublicText.STATISTICS_ONLY,
    SubmissionKind.REPORT: PublicText.STATISTICS_ONLY,
}

# Kinds whose text is ever shown; the rest never appears on a public surface.
TEXT_KINDS = tuple(
    kind for kind, public in POLICY.items() if public in (PublicText.AFTER_REVIEW, PublicText.WITH_CONSENT)
)
# Kinds whose existence and status may be shown by folio.
VISIBLE_KINDS = tuple(kind for kind, public in POLICY.items() if public != PublicText.STATISTICS_ONLY)


# Kinds whose published answer everybody may read.
PUBLIC_ANSWER_KINDS = TEXT_KINDS


def is_text_public(*, kind: SubmissionKind, state: SubmissionState, has_consent: bool) -> bool:
    """Say whether the text may be shown: reviewed, of a kind that allows it, with consent where it is needed."""
    if state != SubmissionState.PUBLISHED:
        return False
    policy = POLICY[kind]
    return policy == PublicText.AFTER_REVIEW or (policy == PublicText.WITH_CONSENT and has_consent)


def is_shown(columns: Any) -> bool:
    """Say whether everybody may read the text of a submission, given its columns: the one place outside SQL."""
    reviewed = is_text_public(
        kind=SubmissionKind(columns.kind), state=SubmissionState(columns.state), has_consent=columns.text_consent
    )
    return reviewed and columns.is_admitted and not columns.is_hidden and not columns.reserved


def public_author(columns: Any) -> str:
    """Return the name under which a submission is published; empty where there is none, or where it was disowned.

    A name that the person rectified takes the place of the one that was received; one that she opposed is none.
    """
    if columns.standing == Standing.DISOWNED:
        return ""
    if columns.behalf == "organization":
        return str(columns.organization)
    if not columns.name_is_public:
        return ""
    return str(columns.author_name if columns.published_name is None else columns.published_name)


def is_answer_public(kind: SubmissionKind) -> bool:
    """Say whether the answer is shown to everybody, once published."""
    return kind in PUBLIC_ANSWER_KINDS


def is_reserved(*, kind: SubmissionKind, names_official: bool) -> bool:
    """Say whether only the control body reads it: every report, and anything said to be about a named official."""
    return kind == SubmissionKind.REPORT or names_official


def may_publish_text(*, kind: SubmissionKind, has_consent: bool) -> bool:
    """Say whether a reviewer may publish the text at all."""
    return is_text_public(kind=kind, state=SubmissionState.PUBLISHED, has_consent=has_consent)
