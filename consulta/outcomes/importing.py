"""History of projects and actions from CSV or XLSX: good rows go in, bad ones are named, twice adds nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Government, Unit
from consulta.agencies.queries import find_unit_by_key
from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.outcomes.models import AdministrativeAction, ImprovementProject
from consulta.outcomes.operations import (
    ProjectDraft,
    add_action,
    create_project,
    move_action,
    move_project,
    trace,
)
from consulta.outcomes.queries import find_by_key
from consulta.outcomes.rules import is_traceable
from consulta.outcomes.states import ActionState, ProjectKind, ProjectState
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.tables import CatalogueReport, RowProblem, read_rows, require_own_columns, require_readable
from consulta.windows.models import Topic, Window

PROJECT, ACTION = "proyecto", "accion"
NEEDED = {"tipo", "clave", "titulo"}
KINDS = {"regulacion": ProjectKind.REGULATION, "tramite": ProjectKind.PROCEDURE, "servicio": ProjectKind.SERVICE}
PROJECT_STATES = {
    "propuesto": ProjectState.PROPOSED,
    "comprometido": ProjectState.COMMITTED,
    "en_marcha": ProjectState.IN_PROGRESS,
    "terminado": ProjectState.DONE,
    "descartado": ProjectState.DROPPED,
}
ACTION_STATES = {
    "programada": ActionState.PLANNED,
    "en_marcha": ActionState.IN_PROGRESS,
    "hecha": ActionState.DONE,
    "no_se_hizo": ActionState.NOT_DONE,
}
# A state that is not next to the first is reached through these.
THROUGH = {ProjectState.DONE: (ProjectState.IN_PROGRESS,)}
AT_ONCE = 500
Value = TypeVar("Value")


@dataclass(frozen=True)
class _Source:
    government: Government
    actor: Actor
    now: datetime
    # What each folio and each proof of reception of the file stands for.
    known: dict[str, Submission]


def import_projects(path: Path, government: Government, actor: Actor, now: datetime) -> CatalogueReport:
    """Add the projects and actions of a file. What is known is left, but for folios that it did not have yet.

    A folio that is not there is a problem of its row that does not stop the project. Actions may stand anywhere.
    """
    report = CatalogueReport()
    rows = list(read_rows(path, NEEDED))
    source = _Source(government, actor, now, _known(rows, government))
    for wanted in (PROJECT, ACTION):
        for line, row in rows:
            if _word(row, "tipo") == wanted:
                _take(report, line, row, source)
    for line, row in rows:
        if _word(row, "tipo") not in (PROJECT, ACTION):
            report.rows += 1
            report.problems.append(RowProblem(line, "tipo", "Escriba proyecto o accion."))
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _take(report: CatalogueReport, line: int, row: dict[str, str], source: _Source) -> None:
    report.rows += 1
    try:
        require_own_columns(row)
        require_readable(row)
        with unit_of_work():
            added = _project(row, source) if _word(row, "tipo") == PROJECT else _action(row, source)
    except Refused as refused:
        report.problems.append(RowProblem(line, refused.field or "clave", refused.message))
        return
    report.added += added
    report.known += not added
    for name in _references(row):
        if name not in source.known:
            report.problems.append(RowProblem(line, "folios", f"No hay una opinión que se pueda ligar con «{name}»."))


def _project(row: dict[str, str], source: _Source) -> bool:
    known = find_by_key(source.government.id, " ".join(row.get("clave", "").split()))
    state = _chosen(row, "estado", PROJECT_STATES, ProjectState.PROPOSED)
    project = known or create_project(
        government=source.government, draft=_draft(row), unit=_unit(row, source), actor=source.actor, now=source.now
    )
    found = [source.known[name] for name in _references(row) if name in source.known]
    trace(project=project, submissions=found, actor=source.actor, now=source.now)
    if known is None and state != ProjectState.PROPOSED:
        for step in (*THROUGH.get(state, ()), state):
            move_project(project=project, state=step, reason=row.get("motivo", ""), actor=source.actor, now=source.now)
    return known is None


def _action(row: dict[str, str], source: _Source) -> bool:
    project = find_by_key(source.government.id, " ".join(row.get("proyecto", "").split()))
    if project is None:
        raise Refused(f"No existe el proyecto «{row.get('proyecto', '')}».", field="proyecto")
    if _has_action(project, " ".join(row.get("clave", "").split())):
        return False
    state, done_on = _chosen(row, "estado", ACTION_STATES, ActionState.PLANNED), _day(row, "fin")
    action = add_action(
        project=project,
        key=row.get("clave", ""),
        title=row.get("titulo", ""),
        due_on=_day(row, "inicio"),
        actor=source.actor,
        now=source.now,
    )
    if state != ActionState.PLANNED:
        reason = row.get("motivo", "")
        move_action(action=action, state=state, reason=reason, done_on=done_on, actor=source.actor, now=source.now)
    return True


def _has_action(project: ImprovementProject, key: str) -> bool:
    found = select(AdministrativeAction.id).where(
        AdministrativeAction.project_id == project.id, AdministrativeAction.key == key
    )
    return session().scalar(found) is not None


def _draft(row: dict[str, str]) -> ProjectDraft:
    kind = _chosen(row, "clase", KINDS, ProjectKind.PROCEDURE)
    return ProjectDraft(
        row.get("clave", ""),
        kind,
        row.get("titulo", ""),
        row.get("resumen", ""),
        _day(row, "inicio"),
        _day(row, "fin"),
    )


def _unit(row: dict[str, str], source: _Source) -> Unit | None:
    key = " ".join(row.get("unidad", "").split())
    found = find_unit_by_key(source.government.id, key) if key else None
    if key and found is None:
        raise Refused(f"No existe la unidad «{key}».", field="unidad")
    return found


def _chosen(row: dict[str, str], column: str, words: dict[str, Value], default: Value) -> Value:
    word = _word(row, column)
    if word and word not in words:
        raise Refused(f"No se entiende «{word}»: escriba {', '.join(words)}.", field=column)
    return words.get(word, default)


def _word(row: dict[str, str], column: str) -> str:
    text = row.get(column, "").strip().lower().replace(" ", "_")
    return text.translate(str.maketrans("áéíóú", "aeiou"))


def _day(row: dict[str, str], column: str) -> date | None:
    text = row.get(column, "").strip()
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as error:
        raise Refused(f"«{text}» no es una fecha: escríbala como 2021-05-31.", field=column) from error


def _references(row: dict[str, str]) -> list[str]:
    """Return the folios and proofs of reception of a row, each once."""
    folios = row.get("folios", "").replace(";", " ").replace(",", " ").split()
    proofs = [part.strip() for part in row.get("comprobantes", "").split(";") if part.strip()]
    return list(dict.fromkeys([*(_as_folio(word) for word in folios), *proofs]))


def _as_folio(word: str) -> str:
    try:
        return parse_folio(word)
    except Refused:
        return word


def _known(rows: Sequence[tuple[int, dict[str, str]]], government: Government) -> dict[str, Submission]:
    """Return what each folio and proof of the file stands for, where it may be tied; read in portions."""
    names = sorted({name for _line, row in rows for name in _references(row)})
    known: dict[str, Submission] = {}
    for start in range(0, len(names), AT_ONCE):
        portion = names[start : start + AT_ONCE]
        found = session().scalars(
            select(Submission)
            .join(Submission.topic)
            .join(Topic.window)
            .where(
                Window.government_id == government.id,
                Submission.folio.in_(portion) | (Submission.evidence.in_(portion) & (Submission.evidence != "")),
            )
        )
        for submission in found:
            if is_traceable(submission, government_id=government.id, holder_id=holder_of(submission)):
                known[submission.folio] = submission
                known.setdefault(submission.evidence, submission)
    return known
