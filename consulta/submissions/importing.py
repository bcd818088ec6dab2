"""Batch capture from CSV: the same checks and the same intake as the web, row by row, nothing lost in silence."""

import hashlib
import hmac
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Capture, Delivery, DemographicsDraft, Draft, LateReceipt, NonceReused
from consulta.submissions.operations import check_opened, receive_batch
from consulta.submissions.queries import load_topics
from consulta.submissions.rules import LONGEST_EVIDENCE, clean_text
from consulta.submissions.states import Behalf, Channel, SubmissionKind
from consulta.tables import RowProblem, cell, require_own_columns
from consulta.windows.models import Topic
from consulta.windows.questions import KEYS

BATCH = 250
# Also the durations that data tools write: "0 days 10:50:19".
CLOCK = re.compile(r"(?:0 days )?(\d{1,2}):(\d{2})(?::(\d{2}))?")
TEXT_COLUMNS = (
    "text",
    "author_name",
    "organization",
    "representative",
    "representative_post",
    "email",
    "phone",
    "evidence",
    *KEYS,
)
COLUMNS = (*TEXT_COLUMNS, "id", "received_on", "received_time")
UNREADABLE = "Trae bytes o caracteres que no se pueden guardar: guárdelo en UTF-8 y corrija la fila."

TopicFinder = Callable[[dict[str, str]], Topic | None]


@dataclass(frozen=True)
class Mapping:
    """Which column of the file holds what. `kind` is the kind of every row."""

    columns: dict[str, str]
    kind: SubmissionKind
    timezone: str | None = None
    window: str | None = None


@dataclass
class Report:
    """What became of each row: accepted + repeated + problems = rows."""

    rows: int = 0
    accepted: int = 0
    late: int = 0
    repeated: int = 0
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Everything that is the same for all rows of a file."""

    mapping: Mapping
    channel: Channel
    find_topic: TopicFinder
    post_id: int | None
    notice_version: str
    secret: bytes
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class _Row:
    line: int
    delivery: Delivery


def read_mapping(path: Path) -> Mapping:
    """Read a map. Raises Refused with the file, the key and the remedy."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name}: no se puede leer ({error}).") from error
    columns = data.get("columns", {})
    if not isinstance(columns, dict):
        raise Refused(f'{path.name}: [columns] debe ser una tabla: text = "comentario".')
    unknown = sorted(set(columns) - set(COLUMNS))
    if unknown or "text" not in columns:
        wrong = f"sobra «{unknown[0]}»" if unknown else "falta «text»"
        raise Refused(f"{path.name}: en [columns] {wrong}. Se admiten: {', '.join(COLUMNS)}.")
    kind = data.get("kind", SubmissionKind.COMMENT.value)
    if kind not in list(SubmissionKind):
        raise Refused(f"{path.name}: «kind» debe ser uno de {', '.join(SubmissionKind)}.")
    zone, window = data.get("timezone"), data.get("window")
    if zone is not None and zone not in available_timezones():
        raise Refused(f"{path.name}: la zona horaria «{zone}» no existe; escriba por ejemplo America/Mexico_City.")
    return Mapping(
        columns={key: str(value) for key, value in columns.items()},
        kind=SubmissionKind(kind),
        timezone=zone,
        window=None if window is None else str(window),
    )


def import_rows(
    rows: Iterator[tuple[int, dict[str, str]]],
    source: Source,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Report:
    """Receive rows in batches; good rows go in and bad ones are named. Running the same file again adds nothing."""
    report = Report()
    seen: dict[bytes, int] = {}
    batch: list[_Row] = []
    for line, row in rows:
        report.rows += 1
        prepared = _prepare(line, row, source, seen)
        if isinstance(prepared, _Row):
            batch.append(prepared)
        else:
            report.problems.append(prepared)
        if len(batch) >= BATCH:
            _receive(batch, source, report, dry_run=dry_run)
            batch = []
            progress(report.rows)
    if batch:
        _receive(batch, source, report, dry_run=dry_run)
    progress(report.rows)
    return report


def _receive(batch: list[_Row], source: Source, report: Report, *, dry_run: bool) -> None:
    if dry_run:
        report.accepted += len(batch)
        return
    with unit_of_work():
        outcomes = receive_batch([row.delivery for row in batch], secret=source.secret, clock=source.clock)
    session().expunge_all()
    for row, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, NonceReused):
            message = f"Su identificador ya se usó para otro texto, con folio {outcome.folio}."
            report.problems.append(RowProblem(row.line, "id", message))
        elif outcome.repeated:
            report.repeated += 1
        else:
            report.accepted += 1
            report.late += isinstance(outcome, LateReceipt)


def _prepare(line: int, row: dict[str, str], source: Source, seen: dict[bytes, int]) -> _Row | RowProblem:
    topic = source.find_topic(row)
    if topic is None:
        return RowProblem(line, "topic", "El tema de la fila no existe.")
    values = {}
    for name in COLUMNS:
        values[name], removed = clean_text(cell(row, source.mapping.columns, name))
        if removed:
            return RowProblem(line, name, UNREADABLE)
    if len(values["evidence"]) > LONGEST_EVIDENCE:
        return RowProblem(line, "evidence", f"El comprobante lleva hasta {LONGEST_EVIDENCE} caracteres.")
    draft = _draft(values, source)
    problems = check_draft(draft, kinds=topic.window.instrument.kinds)
    if problems:
        return RowProblem(line, problems[0].field, problems[0].message)
    try:
        require_own_columns(row)
        received_at = _instant(values, topic, source)
        check_opened(topic, received_at)
    except Refused as refused:
        return RowProblem(line, refused.field or "received_on", refused.message)
    delivery = Delivery(
        topic_id=topic.id,
        draft=draft,
        channel=source.channel,
        nonce=_nonce(row, values["id"], topic, source, seen),
        received_at=received_at,
        capture=Capture(post_id=source.post_id, evidence=values["evidence"]),
    )
    return _Row(line, delivery)


def _draft(values: dict[str, str], source: Source) -> Draft:
    one_line = {name: " ".join(value.split()) for name, value in values.items()}
    return Draft(
        text=values["text"].strip(),
        kind=source.mapping.kind,
        behalf=Behalf.ORGANIZATION if one_line["organization"] else Behalf.SELF,
        author_name=one_line["author_name"],
        organization=one_line["organization"],
        representative=one_line["representative"],
        representative_post=one_line["representative_post"],
        email=one_line["email"],
        phone=one_line["phone"],
        notice_version=source.notice_version,
        demographics=DemographicsDraft(**{key: one_line[key] or None for key in KEYS}),
    )


def _instant(values: dict[str, str], topic: Topic, source: Source) -> datetime:
    """Return the attested instant of reception: the row's, or now where the file gives none."""
    now = source.clock()
    if not values["received_on"].strip():
        return now
    try:
        day = date.fromisoformat(values["received_on"].strip())
    except ValueError as error:
        raise Refused("La fecha debe ser como 2026-06-12.", field="received_on") from error
    hour = _hour(values["received_time"].strip())
    zone = ZoneInfo(source.mapping.timezone or topic.window.government.timezone)
    instant = datetime.combine(day, hour, tzinfo=zone)
    if instant > now:
        raise Refused("La fecha de recepción todavía no llega.", field="received_on")
    return instant


def _hour(written: str) -> time:
    """Return the hour of a row; noon when it gives none. Raises Refused for anything but 13:40 or 13:40:05."""
    if not written:
        return time(12)
    clock = CLOCK.fullmatch(written)
    try:
        if clock is not None:
            return time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
    except ValueError:
        pass
    raise Refused("La hora debe ser como 13:40.", field="received_time")


def _nonce(row: dict[str, str], given: str, topic: Topic, source: Source, seen: dict[bytes, int]) -> bytes:
    """Return what identifies the row: its identifier, or its content and which of its equals it is."""
    if given:
        name = f"import-id\0{topic.window.slug}\0{given}".encode()
        return hmac.new(source.secret, name, "sha256").digest()
    content = json.dumps([topic.reference, row], sort_keys=True, ensure_ascii=True).encode("ascii")
    digest = hashlib.sha256(content).digest()
    seen[digest] = seen.get(digest, 0) + 1
    return hmac.new(source.secret, b"import-row\0" + digest + str(seen[digest]).encode(), "sha256").digest()


def topic_finder_by_column(column: str, topics: dict[str, int]) -> TopicFinder:
    """Return the finder of the topic named in a column, by reference or by source key."""
    loaded = load_topics(set(topics.values()))
    for topic in loaded.values():
        _ = topic.reference, topic.window.government.timezone, topic.window.instrument.kinds
    session().expunge_all()
    return lambda row: loaded.get(topics.get(row.get(column, "").strip(), 0))
