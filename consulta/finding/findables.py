"""What of the database may be found, as everybody may read it now: read for the index, and again before it is shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import contains_eager

from consulta.agencies.models import Agency, Government, Unit
from consulta.db import session
from consulta.finding.states import FoundKind
from consulta.referrals.models import Answer
from consulta.referrals.queries import map_answers
from consulta.search import Document
from consulta.search.analysis import positions_of
from consulta.search.documents import TAG
from consulta.submissions.models import Submission
from consulta.submissions.policy import POLICY, PublicText
from consulta.submissions.queries import is_published, visible
from consulta.submissions.redaction import FIELDS, MARK, public_text
from consulta.submissions.states import Standing
from consulta.windows.addresses import topic_address, window_address
from consulta.windows.models import Topic, Window
from consulta.windows.states import WindowState

CODES = {kind: code for code, kind in enumerate(FoundKind)}
KINDS = tuple(FoundKind)
# More than the kinds, so that others fit.
STEP = 8
# How often a title counts beside its text.
TITLE_WEIGHT = 3
# Kinds whose rows are submissions.
# The tag of a comment with a published answer.
ANSWERED = f"{TAG}answered:yes"
HANDED_IN = (FoundKind.COMMENT, FoundKind.CASE)
# Of a case everybody may know its subject, its unit and where it stands (`submissions.policy`).
CASE_KINDS = tuple(kind for kind, public in POLICY.items() if public == PublicText.SUBJECT_ONLY)


@dataclass(frozen=True)
class Findable:
    """A text with what is said of it in a list of results."""

    kind: FoundKind
    row: Any
    window: Window
    document: Document
    texts: tuple[str, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def at(self) -> datetime:
        """Return its instant: when it was received, or when its window opens."""
        return self.document.at

    @property
    def title(self) -> str:
        """Return what it is called: what was handed in, as the topic that it speaks of."""
        return str(self.row.topic.title if self.kind in HANDED_IN else self.row.title)

    @property
    def address(self) -> str:
        """Return its public address."""
        if self.kind in HANDED_IN:
            return f"/folio/{self.row.folio}"
        return topic_address(self.row) if self.kind == FoundKind.TOPIC else window_address(self.window)


def number_of(kind: FoundKind, row_id: int) -> int:
    """Return the number of a document: of which row, of which kind."""
    return row_id * STEP + CODES[kind]


def list_findables(numbers: Iterable[int]) -> dict[int, Findable]:
    """Return what may be found now among these numbers; who is missing may not be seen any more."""
    ids: dict[FoundKind, list[int]] = defaultdict(list)
    for number in numbers:
        ids[KINDS[number % STEP]].append(number // STEP)
    found = [
        *(comments(Submission.id.in_(ids[FoundKind.COMMENT])) if ids[FoundKind.COMMENT] else ()),
        *(cases(Submission.id.in_(ids[FoundKind.CASE])) if ids[FoundKind.CASE] else ()),
        *(topics(Topic.id.in_(ids[FoundKind.TOPIC])) if ids[FoundKind.TOPIC] else ()),
        *(windows(Window.id.in_(ids[FoundKind.WINDOW])) if ids[FoundKind.WINDOW] else ()),
    ]
    return {one.document.number: one for one in found}


def is_findable() -> ColumnElement[bool]:
    """Return the condition that a submission may be found: its text is public, and its author stands by it.

    What was withdrawn stays on the page of its topic with its mark; nobody is led to it by what it says.
    """
    return and_(is_published(), Submission.standing == Standing.STANDS, Submission.purged_at.is_(None))


def comments(chosen: ColumnElement[bool], limit: int | None = None) -> list[Findable]:
    """Return the comments that may be found, in order."""
    found = (
        _placed(select(Submission).join(Submission.topic), contains_eager(Submission.topic))
        .where(chosen, is_findable())
        .order_by(Submission.id)
        .limit(limit)
    )
    rows = session().scalars(found).all()
    answers, agencies = map_answers([row.id for row in rows]), _agencies()
    return [_comment(row, [given.answer for given in answers.get(row.id, ())], agencies) for row in rows]


def cases(chosen: ColumnElement[bool], limit: int | None = None) -> list[Findable]:
    """Return the petitions and requests that may be known of, in order: never what they say."""
    found = (
        visible(_placed(select(Submission).join(Submission.topic), contains_eager(Submission.topic)))
        .where(
            chosen,
            Submission.kind.in_(CASE_KINDS),
            Submission.is_hidden.is_(False),
            Submission.standing == Standing.STANDS,
            Submission.purged_at.is_(None),
        )
        .order_by(Submission.id)
        .limit(limit)
    )
    agencies = _agencies()
    return [_case(row, agencies) for row in session().scalars(found)]


def topics(chosen: ColumnElement[bool], limit: int | None = None) -> list[Findable]:
    """Return the topics of windows that are public, in order."""
    found = _placed(select(Topic)).where(chosen, Window.state != WindowState.DRAFT).order_by(Topic.id).limit(limit)
    agencies = _agencies()
    return [_topic(row, agencies) for row in session().scalars(found)]


def windows(chosen: ColumnElement[bool], limit: int | None = None) -> list[Findable]:
    """Return the windows that are public, in order."""
    found = (
        select(Window)
        .join(Window.instrument)
        .join(Window.government)
        .options(contains_eager(Window.instrument), contains_eager(Window.government))
        .where(chosen, Window.state != WindowState.DRAFT)
        .order_by(Window.id)
        .limit(limit)
    )
    rows = session().scalars(found).all()
    agencies, units = _agencies(), _units_of([row.id for row in rows])
    return [
        _findable(
            FoundKind.WINDOW,
            row,
            row,
            [row.title, row.summary, row.decides, row.afterwards],
            agencies=[agencies[unit_id] for unit_id in units[row.id]],
        )
        for row in rows
    ]


def _agencies() -> dict[int, str]:
    """Return the agency of each unit, as its tag says it."""
    rows = session().execute(
        select(Unit.id, Agency.key, Government.key)
        .join(Agency, Agency.id == Unit.agency_id)
        .join(Government, Government.id == Agency.government_id)
    )
    return {unit_id: f"{government}/{agency}" for unit_id, agency, government in rows}


def _units_of(window_ids: Sequence[int]) -> dict[int, set[int]]:
    units: dict[int, set[int]] = defaultdict(set)
    rows = select(Topic.window_id, Topic.unit_id).where(Topic.window_id.in_(window_ids))
    for window_id, unit_id in session().execute(rows):
        if unit_id is not None:
            units[window_id].add(unit_id)
    return units


def _placed(found: Select[Any], topic: Any = None) -> Select[Any]:
    loaded = topic.contains_eager(Topic.window) if topic is not None else contains_eager(Topic.window)
    return (
        found.join(Topic.window)
        .join(Window.instrument)
        .join(Window.government)
        .options(loaded.contains_eager(Window.instrument), loaded.contains_eager(Window.government))
        .execution_options(populate_existing=True)
    )


def _comment(row: Submission, answers: Sequence[Answer], agencies: Mapping[int, str]) -> Findable:
    said = [public_text(row, field) for field in FIELDS]
    return _findable(
        FoundKind.COMMENT,
        row,
        row.topic.window,
        [*said, *(answer.text for answer in answers)],
        answers=answers,
        agencies=_named(agencies, row.topic.unit_id, *(answer.unit_id for answer in answers)),
    )


def _case(row: Submission, agencies: Mapping[int, str]) -> Findable:
    texts = [row.topic.title, "respondida" if row.is_answered else "en trámite"]
    return _findable(FoundKind.CASE, row, row.topic.window, texts, agencies=_named(agencies, row.topic.unit_id))


def _topic(row: Topic, agencies: Mapping[int, str]) -> Findable:
    texts = [row.title, row.summary, row.sheet, *map(str, row.details.values())]
    return _findable(FoundKind.TOPIC, row, row.window, texts, agencies=_named(agencies, row.unit_id))


def _named(agencies: Mapping[int, str], *unit_ids: int | None) -> list[str]:
    return [agencies[unit_id] for unit_id in unit_ids if unit_id is not None]


def _findable(
    kind: FoundKind,
    row: Any,
    window: Window,
    texts: Sequence[str],
    answers: Collection[Answer] = (),
    agencies: Collection[str] = (),
) -> Findable:
    shown = tuple(text for text in texts if text)
    # What stands in the place of a passage is no word of the text; a folio is looked for as it is dictated.
    said = [text.replace(MARK, " ") for text in shown]
    said += [row.folio] if kind in HANDED_IN else [said[0]] * (TITLE_WEIGHT - 1)
    document = Document(
        number=number_of(kind, row.id),
        at=row.received_at if kind in HANDED_IN else window.opens_at or window.created_at,
        tags=frozenset(
            [
                tag("instrument", window.instrument_key),
                tag("government", window.government.key),
                *(tag("agency", agency) for agency in agencies),
                *(tag("disposition", answer.disposition) for answer in answers),
                *([tag("topic", str(row.topic_id))] if kind == FoundKind.COMMENT else ()),
                *([ANSWERED] if answers else ()),
            ]
        ),
        positions=positions_of(said),
    )
    return Findable(kind, row, window, document, shown, tuple(answers))


def tag(name: str, value: str) -> str:
    """Return a tag of a document, by which results are filtered."""
    return f"{TAG}{name}:{value}"
