"""What differs in a text beside another, word by word, with the words as they were written. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from consulta.analysis.clustering import normalise

# A word with the spaces that follow it; together they are the text again.
TOKEN = re.compile(r"\s*\S+\s*")
# Beyond so many words only what begins and ends alike is compared: comparing grows with the square.
MOST_WORDS = 2_500


class SegmentKind(StrEnum):
    """Whether both have a passage, only this text, or only the other."""

    SAME = "same"
    ONLY_HERE = "only_here"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Segment:
    """A passage. Those that are not `left_out`, joined, are the text again."""

    kind: SegmentKind
    text: str


def find_differences(before: str, text: str) -> list[Segment]:
    """Return a text in passages: what it shares with another, what is only here, and what only the other has."""
    old, new = TOKEN.findall(before), TOKEN.findall(text)
    segments: list[Segment] = []
    for tag, first, last, start, end in _opcodes(old, new):
        if tag == "equal":
            segments.append(Segment(SegmentKind.SAME, "".join(new[start:end])))
            continue
        if last > first:
            segments.append(Segment(SegmentKind.LEFT_OUT, "".join(old[first:last])))
        if end > start:
            segments.append(Segment(SegmentKind.ONLY_HERE, "".join(new[start:end])))
    if text and not new:
        # A text of nothing but spaces has no words, and still must come back.
        segments.append(Segment(SegmentKind.ONLY_HERE, text))
    return segments


def unique_part(text: str, representative: str) -> str:
    """Return what only this text says: the voice of its own in a campaign; empty where it says nothing more."""
    own = [item.text.strip() for item in find_differences(representative, text) if item.kind == SegmentKind.ONLY_HERE]
    return " … ".join(item for item in own if item)


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    keys_old, keys_new = [_key(word) for word in old], [_key(word) for word in new]
    if len(old) <= MOST_WORDS and len(new) <= MOST_WORDS:
        return SequenceMatcher(None, keys_old, keys_new, autojunk=False).get_opcodes()
    head = 0
    while head < min(len(old), len(new)) and keys_old[head] == keys_new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and keys_old[-1 - tail] == keys_new[-1 - tail]:
        tail += 1
    parts = [("equal", 0, head, 0, head), ("replace", head, len(old) - tail, head, len(new) - tail)]
    parts.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return [part for part in parts if part[2] > part[1] or part[4] > part[3]]


def _key(token: str) -> str:
    """Return a word as it is compared; a mark that is no word is compared as it is."""
    return " ".join(normalise(token)) or token.strip()
