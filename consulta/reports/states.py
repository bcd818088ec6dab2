"""Kinds of papers that a closing produces."""

from enum import StrEnum


class PaperKind(StrEnum):
    """The record of the closing, one letter per agency, the certificate that nobody commented, what is given back."""

    MINUTES = "minutes"
    LETTER = "letter"
    NO_COMMENTS = "no_comments"
    FEEDBACK = "feedback"
