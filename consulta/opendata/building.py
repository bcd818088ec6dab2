"""Writing again what the acts touched: the public record is the feed of changes, and only touched parts are rewritten.

Every act leaves a leaf with the folio or the window that it is about, so what changed since the last time is what
stands in the tree after the last leaf that was read. A redaction or a purge is an act as any other.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from consulta.db import session
from consulta.jobs import enqueue
from consulta.jobs.models import Job
from consulta.opendata.columns import WHOLE, Dataset, Division, month_of, part_name
from consulta.opendata.datasets import EVERY
from consulta.opendata.formats import NoParquet, write_parquet
from consulta.opendata.shelf import Manifest, Shelf
from consulta.record.models import Leaf
from consulta.submissions.models import Submission
from consulta.windows.models import Topic, Window

REFRESH = "opendata.refresh"
RESERVED = "submission.reserved"
AT_ONCE = 500
# A Parquet file is written whole, so not at every act; well within the fifteen minutes after a redaction.
PARQUET_EVERY = timedelta(minutes=8)
# What is counted as of now is counted anew at least this often, though nobody acts.
STALE = timedelta(hours=12)
# Acts on offices change the names that rows of every window show.
EVERYWHERE = ("agency.", "unit.", "government.", "post.")


def refresh(shelf: Shelf, now: datetime, datasets: Iterable[Dataset] = EVERY) -> dict[str, list[str]]:
    """Write again every part that acts touched since the last time. Returns them by dataset."""
    last = session().scalar(select(func.max(Leaf.sequence)))
    end = -1 if last is None else last
    return {dataset.name: _refresh(shelf, dataset, end, now) for dataset in datasets}


def refresh_with(shelf: Shelf) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler of `opendata.refresh`: it reads and writes files, and holds no transaction meanwhile."""

    def work(_payload: dict[str, Any], now: datetime) -> None:
        with shelf.alone() as is_alone:
            if is_alone:
                refresh(shelf, now)
        session().rollback()

    return work


def ask_refresh(shelf: Shelf) -> Callable[[datetime], None]:
    """Return the periodic work: ask for a refresh when something was done since the last one, or when it is old."""

    def ask(now: datetime) -> None:
        waits = session().scalar(select(func.count()).select_from(Job).where(Job.kind == REFRESH))
        if not waits and _is_behind(shelf, now):
            enqueue(kind=REFRESH, payload={}, run_at=now)

    return ask


def _is_behind(shelf: Shelf, now: datetime) -> bool:
    last = session().scalar(select(func.max(Leaf.sequence)))
    for dataset in EVERY:
        manifest = shelf.manifest(dataset)
        if manifest is None or (last is not None and manifest.cursor < last):
            return True
        if dataset.division == Division.NONE and _is_stale(manifest, now):
            return True
        if manifest.parquet and manifest.parquet["digest"] != manifest.digest:
            return True
    return False


def _is_stale(manifest: Manifest, now: datetime) -> bool:
    built = manifest.parts.get(WHOLE)
    return built is None or now - datetime.fromisoformat(built.at) >= STALE


def _refresh(shelf: Shelf, dataset: Dataset, end: int, now: datetime) -> list[str]:
    manifest = shelf.manifest(dataset)
    if manifest is None:
        manifest, touched = Manifest(), set(_every_part(dataset))
    else:
        touched = _touched(dataset, manifest, end, now)
    before = manifest.digest
    for part in sorted(touched):
        built = shelf.write_part(dataset, dataset.rows(None if part == WHOLE else part, now), now)
        if built.rows or part == WHOLE:
            manifest.parts[part] = built
        else:
            manifest.parts.pop(part, None)
    moved = manifest.cursor != end
    manifest.cursor = end
    if touched or moved:
        if manifest.digest != before or not manifest.versions:
            manifest.versions.append(_version(manifest, now, len(touched)))
        shelf.keep(dataset, manifest)
    _write_parquet(shelf, dataset, manifest, now)
    return sorted(touched)


def _version(manifest: Manifest, now: datetime, touched: int) -> dict[str, object]:
    number = int(str(manifest.versions[-1]["number"])) + 1 if manifest.versions else 1
    return {
        "number": number,
        "at": now.isoformat(timespec="seconds"),
        "rows": manifest.rows,
        "digest": manifest.digest,
        "parts_rewritten": touched,
    }


def _write_parquet(shelf: Shelf, dataset: Dataset, manifest: Manifest, now: datetime) -> None:
    digest = manifest.digest
    written = manifest.parquet
    if written.get("digest") == digest:
        return
    if written and now - datetime.fromisoformat(str(written["at"])) < PARQUET_EVERY:
        return
    parts = [shelf.path(dataset, part, "json") for _, part in sorted(manifest.parts.items()) if part.rows]
    path = shelf.parquet(dataset, digest)
    waiting = path.with_name(f".{path.name}")
    try:
        write_parquet(dataset, parts, waiting)
    except NoParquet:
        return
    waiting.replace(path)
    manifest.parquet = {"digest": digest, "at": now.isoformat(timespec="seconds"), "bytes": path.stat().st_size}
    shelf.keep(dataset, manifest)


def _every_part(dataset: Dataset) -> Iterator[str]:
    if dataset.division == Division.BY_WINDOW:
        yield from _window_parts(None)
    elif dataset.division == Division.BY_MONTH:
        first, last = session().execute(select(func.min(Leaf.at), func.max(Leaf.at))).one()
        yield from _months(first, last)
    else:
        yield WHOLE


def _touched(dataset: Dataset, manifest: Manifest, end: int, now: datetime) -> set[str]:
    if dataset.division == Division.NONE:
        return {WHOLE} if end > manifest.cursor or _is_stale(manifest, now) else set()
    if end <= manifest.cursor:
        return set()
    fresh = select(Leaf.kind, Leaf.public_id, Leaf.at).where(Leaf.sequence > manifest.cursor)
    rows = session().execute(fresh).all()
    if dataset.division == Division.BY_MONTH:
        # What became reserved leaves the months in which it had been named.
        hidden = [row.public_id for row in rows if row.kind == RESERVED]
        earlier = session().scalars(select(Leaf.at).where(Leaf.public_id.in_(hidden))) if hidden else ()
        return {month_of(row.at) for row in rows} | {month_of(at) for at in earlier}
    if any(row.kind.startswith(EVERYWHERE) for row in rows):
        return {*_window_parts(None), *manifest.parts}
    named = {row.public_id for row in rows}
    slugs = _slugs(named)
    return {*_folio_parts(named), *(part for slug in slugs for part in _window_parts(slug))}


def _folio_parts(named: set[str]) -> Iterator[str]:
    """Yield the parts that hold folios, of the window where each is and of the one where it was handed in."""
    received = aliased(Topic)
    first = aliased(Window)
    found = (
        select(Window.slug, first.slug, Submission.received_at)
        .join(Topic, Topic.id == Submission.topic_id)
        .join(Window, Window.id == Topic.window_id)
        .outerjoin(received, received.id == Submission.received_topic_id)
        .outerjoin(first, first.id == received.window_id)
    )
    ordered = sorted(named)
    for start in range(0, len(ordered), AT_ONCE):
        for slug, earlier, at in session().execute(found.where(Submission.folio.in_(ordered[start : start + AT_ONCE]))):
            for one in {slug, earlier or slug}:
                yield part_name(one, month_of(at))


def _slugs(named: set[str]) -> list[str]:
    """Return the windows among what acts were about; what is about a topic names `<slug>/<number>`."""
    roots = sorted({name.split("/", 1)[0] for name in named})
    found: list[str] = []
    for start in range(0, len(roots), AT_ONCE):
        found += session().scalars(select(Window.slug).where(Window.slug.in_(roots[start : start + AT_ONCE])))
    return found


def _window_parts(slug: str | None) -> Iterator[str]:
    """Yield a part per month in which a window, or any, received something."""
    found = (
        select(Window.slug, func.min(Submission.received_at), func.max(Submission.received_at))
        .join(Topic, Topic.window_id == Window.id)
        .join(Submission, Submission.topic_id == Topic.id)
        .group_by(Window.slug)
    )
    for name, first, last in session().execute(found if slug is None else found.where(Window.slug == slug)):
        yield from (part_name(name, month) for month in _months(first, last))


def _months(first: datetime | None, last: datetime | None) -> Iterator[str]:
    if first is None or last is None:
        return
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        yield f"{year:04d}-{month:02d}"
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
