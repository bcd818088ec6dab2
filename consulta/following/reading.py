"""Happenings read again as they are now: what was withdrawn, hidden or redacted meanwhile is not told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.agencies.models import Unit
from consulta.db import session
from consulta.documents.models import Document, DocumentVersion
from consulta.finding.findables import Findable, comments, topics, windows
from consulta.following.models import Happening
from consulta.following.news import PUBLIC_PAPERS, News, about_answer, about_comment, about_document, about_paper
from consulta.following.news import about_window as about
from consulta.following.rules import OF_AGENCY, TOLD, Target
from consulta.following.states import FollowedKind, HappeningKind
from consulta.reports.models import ClosingPaper
from consulta.search import Document as Searched
from consulta.search import Request
from consulta.submissions.models import Submission
from consulta.windows.models import Topic, Window
from consulta.windows.states import WindowState

OF_FOLIOS = (HappeningKind.COMMENT, HappeningKind.ANSWER)


@dataclass
class Told:
    """A happening as it can be told now: its news, whose agencies it is of, and what it says to a search."""

    happening: Happening
    news: list[News]
    agency_ids: set[int]
    documents: list[Searched] = field(default_factory=list)


def read_again(happenings: Sequence[Happening]) -> list[Told]:
    """Return what of these is public now, in their order. As many queries whatever their number."""
    window_ids = {one.window_id for one in happenings}
    public = {window.id: window for window in _public_windows(window_ids)}
    agencies = _agencies(window_ids)
    found = _findables([one.about for one in happenings if one.kind in OF_FOLIOS])
    opened = {one.window_id for one in happenings if one.kind == HappeningKind.OPENED}
    texts = _texts(opened)
    documents, papers = _documents(happenings), _papers(happenings)
    told = []
    for one in happenings:
        window = public.get(one.window_id)
        if window is None:
            continue
        if one.kind in OF_FOLIOS:
            told += _of_folio(one, found.get(one.about))
            continue
        news = {
            HappeningKind.DOCUMENT: lambda one=one: [about_document(item) for item in documents[one.about, one.at]],
            HappeningKind.PAPER: lambda one=one: [about_paper(item) for item in papers[one.window_id, one.at]],
        }.get(HappeningKind(one.kind), lambda one=one, window=window: _of_window(one, window))()
        if news:
            told.append(Told(one, news, agencies[window.id], texts.get(window.id, [])))
    return told


def concerns(told: Told, target: Target, request: Request | None) -> bool:
    """Say whether a happening is told to who follows something.

    `request` is the search that a target of that kind stands for.
    """
    if told.happening.kind not in TOLD[target.kind]:
        return False
    if target.kind == FollowedKind.WINDOW:
        return told.happening.window_id == target.window_id
    if target.kind == FollowedKind.AGENCY:
        return told.happening.kind in OF_AGENCY and target.agency_id in told.agency_ids
    if target.kind == FollowedKind.SEARCH:
        return request is not None and any(request.accepts(document) for document in told.documents)
    return True


def _of_folio(one: Happening, found: Findable | None) -> list[Told]:
    if found is None:
        return []
    if one.kind == HappeningKind.COMMENT:
        return [Told(one, [about_comment(found.row)], set(), [found.document])]
    news = [about_answer(answer, found.row) for answer in found.answers]
    return [Told(one, news, {answer.unit.agency_id for answer in found.answers}, [found.document])] if news else []


def _of_window(one: Happening, window: Window) -> list[News]:
    kind = HappeningKind(one.kind)
    gone = window.state == WindowState.ANNULLED and kind != HappeningKind.ANNULLED
    return [] if gone else [about(kind, window, one.at)]


def _public_windows(ids: Collection[int]) -> Iterable[Window]:
    found = (
        select(Window)
        .options(joinedload(Window.instrument), joinedload(Window.government))
        .where(Window.id.in_(ids), Window.state != WindowState.DRAFT)
    )
    return session().scalars(found) if ids else ()


def _agencies(window_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the agencies whose units answer in each window."""
    found = select(Topic.window_id, Unit.agency_id).join(Topic.unit).where(Topic.window_id.in_(window_ids)).distinct()
    grouped: dict[int, set[int]] = defaultdict(set)
    for window_id, agency_id in session().execute(found):
        grouped[window_id].add(agency_id)
    return grouped


def _findables(folios: Collection[str]) -> dict[str, Findable]:
    return {one.row.folio: one for one in comments(Submission.folio.in_(set(folios)))} if folios else {}


def _texts(window_ids: Collection[int]) -> dict[int, list[Searched]]:
    """Return what windows and their topics say to a search."""
    grouped: dict[int, list[Searched]] = defaultdict(list)
    if window_ids:
        for one in [*windows(Window.id.in_(window_ids)), *topics(Topic.window_id.in_(window_ids))]:
            grouped[one.window.id].append(one.document)
    return grouped


def _documents(happenings: Sequence[Happening]) -> dict[object, list[DocumentVersion]]:
    """Return the versions that each act published: those of its topic, of its instant."""
    grouped: dict[object, list[DocumentVersion]] = defaultdict(list)
    wanted = [one for one in happenings if one.kind == HappeningKind.DOCUMENT]
    if not wanted:
        return grouped
    topic = contains_eager(DocumentVersion.document).contains_eager(Document.topic)
    window = topic.contains_eager(Topic.window)
    found = (
        select(DocumentVersion)
        .join(DocumentVersion.document)
        .join(Document.topic)
        .join(Topic.window)
        .options(window.joinedload(Window.government), window.joinedload(Window.instrument))
        .where(
            Topic.window_id.in_({one.window_id for one in wanted}),
            DocumentVersion.published_at.in_({one.at for one in wanted}),
        )
        .order_by(DocumentVersion.id)
    )
    for version in session().scalars(found):
        grouped[version.document.topic.reference, version.published_at].append(version)
    return grouped


def _papers(happenings: Sequence[Happening]) -> dict[object, list[ClosingPaper]]:
    """Return the public papers that each act issued: letters are not public."""
    grouped: dict[object, list[ClosingPaper]] = defaultdict(list)
    wanted = [one for one in happenings if one.kind == HappeningKind.PAPER]
    if not wanted:
        return grouped
    found = (
        select(ClosingPaper)
        .join(ClosingPaper.window)
        .options(contains_eager(ClosingPaper.window).joinedload(Window.government))
        .where(
            ClosingPaper.window_id.in_({one.window_id for one in wanted}),
            ClosingPaper.issued_at.in_({one.at for one in wanted}),
            ClosingPaper.kind.in_(PUBLIC_PAPERS),
        )
    )
    for paper in session().scalars(found):
        grouped[paper.window_id, paper.issued_at].append(paper)
    return grouped
