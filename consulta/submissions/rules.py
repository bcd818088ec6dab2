"""Limits of what is handed in, cleaning of text, and what a leaf of intake commits to. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 10_000
LONGEST_COMPOSED = 2 * LONGEST_TEXT
LONGEST_NAME = 200
LONGEST_WORDING = 5_000
LONGEST_ARTICLE = 200
LONGEST_EVIDENCE = 300
PLACE_FIELDS = ("latitude", "longitude", "address", "address_key")

# Letters and a symbol that show nothing: the fillers of Hangul and the empty Braille cell.
FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

# Control characters except tab and line feed, surrogates, and the noncharacters of every plane (Unicode 16, §23.7).
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def clean_text(value: str) -> tuple[str, bool]:
    """Return the text as it is kept, and whether something that cannot be kept was taken out.

    Line ends become line feeds and the form becomes NFC, which nobody can see. NUL, other control
    characters, lone surrogates and noncharacters can neither be stored nor shown, so they are taken out
    and the person is told.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    kept, removed = FORBIDDEN.subn("", value)
    # Composing takes a time that grows with the square of a run of marks; a text this long is refused anyway.
    composed = unicodedata.normalize("NFC", kept) if len(kept) <= LONGEST_COMPOSED else kept
    return composed, removed > 0


def everything_written(columns: Any) -> dict[str, str]:
    """Return every text of a submission or draft that may be published, by its name, for whoever looks into it."""
    return {name: getattr(columns, name) for name in ("text", "article", "says", "should_say")}


def is_blank(text: str) -> bool:
    """Say whether a text shows nothing: only spaces, marks of format or fillers."""
    return not any(unicodedata.category(character)[0] not in "ZC" and character not in FILLERS for character in text)


def committed_columns(row: Any) -> dict[str, Any]:
    """Return the columns of a submission as they were received: one that was carried over names its first topic."""
    columns = {name: getattr(row, name) for name in COMMITTED_FORMS[row.committed_form]}
    if "place" in columns:
        columns["place"] = place_values(row.place)
    return {**columns, "committed_form": row.committed_form, "topic_id": row.received_topic_id or row.topic_id}


def place_values(place: Any) -> dict[str, str] | None:
    """Return a place as it was given, by field; None without one."""
    return None if place is None else {name: getattr(place, name) for name in PLACE_FIELDS}


def received_content(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the leaf of a reception commits to: the folio and everything that was handed in.

    Contact data and the hash of the key are left out: they may change or be cancelled on request.
    """
    return {name: columns[name] for name in COMMITTED_FORMS[columns["committed_form"]]}


FIRST_FORM = (
    "folio",
    "topic_id",
    "kind",
    "behalf",
    "text",
    "author_name",
    "name_is_public",
    "text_consent",
    "organization",
    "representative",
    "representative_post",
    "channel",
    "timeliness",
    "received_at",
    "recorded_at",
    "closes_at_seen",
    "notice_version",
    "files",
)
# A leaf is verified with the columns that its own form lists; a new column makes a new form.
SECOND_FORM = (
    *FIRST_FORM,
    "names_official",
    "article",
    "says",
    "should_say",
    "seen_documents",
    "language",
    "committed_form",
)
THIRD_FORM = (*SECOND_FORM, "admission")
# Who attested what came on paper, by telephone or at a window, and with what.
FOURTH_FORM = (*THIRD_FORM, "captured_by_post_id", "evidence")
# Where what is asked for is.
FIFTH_FORM = (*FOURTH_FORM, "place")
COMMITTED_FORMS = {1: FIRST_FORM, 2: SECOND_FORM, 3: THIRD_FORM, 4: FOURTH_FORM, 5: FIFTH_FORM}
CURRENT_FORM = max(COMMITTED_FORMS)
COMMITTED = COMMITTED_FORMS[CURRENT_FORM]
