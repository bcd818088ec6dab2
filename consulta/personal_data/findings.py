"""What was found in a text, in order, and the text cut at it for whoever shows it. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consulta.personal_data.addresses import find_addresses
from consulta.personal_data.emails import find_emails
from consulta.personal_data.keys import Candidate, find_keys
from consulta.personal_data.numbers import find_numbers
from consulta.personal_data.plain import Plain, make_plain
from consulta.personal_data.states import PersonalDataKind

SHORTEST_ADDRESS = 8


@dataclass(frozen=True)
class Finding:
    """A passage `text[start:end]` that looks like personal data of a kind."""

    kind: PersonalDataKind
    start: int
    end: int


@dataclass(frozen=True)
class Segment:
    """A piece of a text; `kind` is None where nothing was found."""

    text: str
    kind: PersonalDataKind | None = None


def find_personal_data(text: str) -> list[Finding]:
    """Return what looks like personal data, in order and without overlaps. Its time grows with the text, no faster."""
    plain = make_plain(text)
    taken = sorted(_without_overlaps(_candidates(plain)), key=lambda candidate: candidate[1])
    return [Finding(kind, *plain.written(start, end)) for kind, start, end in taken]


def mark_findings(text: str) -> list[Segment]:
    """Return the whole text as pieces, those that look like personal data with their kind."""
    segments, at = list[Segment](), 0
    for finding in find_personal_data(text):
        if at < finding.start:
            segments.append(Segment(text[at : finding.start]))
        segments.append(Segment(text[finding.start : finding.end], finding.kind))
        at = finding.end
    if at < len(text):
        segments.append(Segment(text[at:]))
    return segments


def list_kinds(segments: Iterable[Segment]) -> list[PersonalDataKind]:
    """Return the kinds that were found, each once, always in the same order."""
    found = {segment.kind for segment in segments}
    return [kind for kind in PersonalDataKind if kind in found]


def _candidates(plain: Plain) -> Iterator[Candidate]:
    """Yield from the surest shape to the least sure: where two overlap, the first one stays."""
    yield from find_emails(plain)
    yield from find_keys(plain)
    yield from find_numbers(plain)
    yield from find_addresses(plain)


def _without_overlaps(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    free = bytearray()
    for kind, start, end in candidates:
        if len(free) < end:
            free.extend(b"\x01" * (end - len(free)))
        # An address ends where something surer begins; anything else gives way.
        stop = free.find(0, start, end)
        if stop >= start + SHORTEST_ADDRESS and kind == PersonalDataKind.ADDRESS:
            end = stop
        elif stop >= 0:
            continue
        free[start:end] = bytes(end - start)
        yield kind, start, end
