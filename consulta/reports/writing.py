"""From a paper's row to what `papers` draws. In Spanish whoever asks for it: papers are filed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from consulta.disclosure import read_table
from consulta.i18n.labels import official
from consulta.i18n.text import TAGS, _, shipped, speaking
from consulta.papers import Paper, PaperTable
from consulta.participation.wording import person_value, question_title
from consulta.reports.feedback import TopicResult, read_results
from consulta.reports.matrix import MOST_IN_DOCX, MatrixRow, iterate_matrix
from consulta.reports.models import ClosingPaper
from consulta.reports.states import PaperKind
from consulta.reports.values import long_day, place_values
from consulta.reports.wordings import fill
from consulta.windows.models import Window

SPANISH = TAGS["es"]


def write_paper(paper: ClosingPaper) -> Paper:
    """Return a paper as it stands: with what its braces hold, its figures, its annex and its signature block."""
    with speaking("es"):
        values = place_values(paper)
        subject, body, basis = (fill(getattr(paper, name), values) for name in ("subject", "body", "legal_basis"))
        return Paper(
            issuer=paper.window.government.name,
            title=subject,
            language=SPANISH,
            facts=_facts(paper, basis),
            paragraphs=tuple(part.strip() for part in body.split("\n") if part.strip()),
            tables=tuple(table for table in _tables(paper) if table.rows),
            signatures=((paper.signer_name, paper.signer_post),) if paper.kind != PaperKind.FEEDBACK else (),
            notes=tuple(_notes(paper)),
        )


def write_matrix_paper(window: Window, rows: list[MatrixRow]) -> Paper:
    """Return the matrix as a paper. Beyond `MOST_IN_DOCX` rows it says so, and that the spreadsheet has them all."""
    with speaking("es"):
        table = PaperTable(
            _("Comentarios y respuestas"),
            (_("Folio"), _("Tema"), _("Comentario"), _("Unidad"), _("Sentido"), _("Respuesta")),
            tuple(
                (
                    f"{row.folio} ({row.part})" if row.part else row.folio,
                    row.topic,
                    row.text,
                    row.unit,
                    row.disposition,
                    row.answer,
                )
                for row in rows[:MOST_IN_DOCX]
            ),
        )
        more = len(rows) - MOST_IN_DOCX
        notes = [_("Para el expediente: incluye textos que no se publican.")]
        if more > 0:
            notes.append(_("Faltan %(n)s renglones: están todos en la hoja de cálculo.", n=f"{more:,}"))
        return Paper(
            issuer=window.government.name,
            title=_("Matriz de comentarios y respuestas"),
            language=SPANISH,
            facts=((_("Consulta"), window.title),),
            tables=(table,) if rows else (),
            paragraphs=() if rows else (_("No se recibieron comentarios."),),
            notes=tuple(notes),
        )


def _facts(paper: ClosingPaper, basis: str) -> tuple[tuple[str, str], ...]:
    zone = ZoneInfo(paper.window.government.timezone)
    issued = long_day(paper.issued_at.astimezone(zone)) if paper.issued_at else _("borrador, sin emitir")
    facts = [
        (_("Número"), paper.number),
        (_("Asunto"), fill(paper.subject, place_values(paper)) if paper.kind == PaperKind.LETTER else ""),
        (_("Consulta"), paper.window.title),
        (_("Fecha"), issued),
        (_("Fundamento"), basis),
        (_("Para"), paper.agency.name if paper.agency else ""),
    ]
    return tuple((name, value) for name, value in facts if value)


def _tables(paper: ClosingPaper) -> list[PaperTable]:
    if paper.kind == PaperKind.LETTER:
        return [_annex(paper)]
    if paper.kind == PaperKind.FEEDBACK:
        results = read_results(paper)
        told = [_by_topic(results), _decided(results), _changed(results), _projects(paper.content)]
        return [_channels(paper.content), *_people(paper.content), *told]
    return [_channels(paper.content), _apart(paper.content), _derivation(paper.window), _record(paper.content)]


def _annex(paper: ClosingPaper) -> PaperTable:
    rows = tuple(
        (f"{row.folio} ({_('parte')} {row.part})" if row.part else row.folio, row.topic, row.unit, row.text)
        for row in iterate_matrix(paper.window, agency_id=paper.agency_id)
    )
    return PaperTable(_("Anexo: comentarios turnados"), (_("Folio"), _("Tema"), _("Unidad"), _("Comentario")), rows)


def _channels(content: dict[str, Any]) -> PaperTable:
    rows = [(official("channel", name), f"{count:,}") for name, count in content.get("by_channel", {}).items()]
    total = ((_("Todos"), f"{content.get('received', 0):,}"),)
    return PaperTable(_("Recibidos en plazo, por canal"), (_("Canal"), _("Comentarios")), (*rows, *total))


def _apart(content: dict[str, Any]) -> PaperTable:
    """Return what is counted apart: late, sealed in time, over a slow line, withdrawn, disowned, reserved."""
    rows = [
        (_("Fuera de plazo, por %(channel)s", channel=official("channel", name).lower()), f"{count:,}")
        for name, count in content.get("late_by_channel", {}).items()
    ]
    rows += [
        (official("admission", name), f"{count:,}")
        for name, count in content.get("admitted_as", {}).items()
        if name != "in_time"
    ]
    rows += [(official("standing", name), f"{count:,}") for name, count in content.get("left", {}).items()]
    if content.get("reserved"):
        rows.append((_("Reservados al órgano interno de control"), f"{content['reserved']:,}"))
    return PaperTable(_("Se cuentan aparte"), (_("Qué"), _("Comentarios")), tuple(rows))


def _derivation(window: Window) -> PaperTable:
    rows = tuple(
        (
            day["date"],
            str(day["number"]) if day["counted"] else _("no"),
            official("day_reason", day["reason"])
            + (f" ({day['source']})" if day["source"] and not day["counted"] else ""),
        )
        for day in (window.derivation or {}).get("days", [])
    )
    citation = shipped((window.derivation or {}).get("citation", ""))
    return PaperTable(
        _("Cómputo del plazo, día por día (%(citation)s)", citation=citation or _("sin norma citada")),
        (_("Día"), _("Cuenta"), _("Razón")),
        rows,
    )


def _record(content: dict[str, Any]) -> PaperTable:
    found = content.get("record", {})
    rows = (
        (_("Actos asentados"), f"{found.get('acts', 0):,}"),
        (_("Raíz (SHA-256)"), found.get("root", "")),
        (_("Hasta"), found.get("until", "")),
    )
    return PaperTable(_("Registro de los actos de esta consulta"), (_("Dato"), _("Valor")), rows)


def _people(content: dict[str, Any]) -> list[PaperTable]:
    """Return who took part as it was released, a table per question; nothing where nothing was released."""
    released = content.get("participation") or {}
    tables = [read_table(released[name]) for name in ("people", "organizations") if name in released]
    return [
        PaperTable(
            _("Quién opinó: %(what)s", what=question_title(question.name)),
            (question_title(question.name), _("Opiniones, redondeadas")),
            (
                *((person_value(question.name, value), f"{count:,}") for value, count in question.shown()),
                (_("Sin respuesta"), f"{question.unanswered:,}"),
            ),
        )
        for table in tables
        for question in table.questions
        if not question.is_empty
    ]


def _by_topic(results: list[TopicResult]) -> PaperTable:
    rows = tuple(
        (
            f"{item.number}. {item.title}",
            f"{item.received:,}",
            f"{item.answered:,}",
            "; ".join(f"{official('disposition', name)}: {count:,}" for name, count in item.dispositions),
        )
        for item in results
    )
    header = (_("Tema"), _("Recibidos"), _("Respondidos"), _("Respuestas por sentido"))
    return PaperTable(_("Qué se dijo, por tema"), header, rows)


def _decided(results: list[TopicResult]) -> PaperTable:
    rows = tuple(
        (item.title, official("disposition", given.answer.disposition), given.answer.text, given.folio)
        for item in results
        for given in item.answers
    )
    header = (_("Tema"), _("Sentido"), _("Respuesta"), _("Se lee en el folio"))
    return PaperTable(_("Qué se decidió y por qué: las respuestas que más comentarios recibieron"), header, rows)


def _changed(results: list[TopicResult]) -> PaperTable:
    rows = [
        (item.title, official("disposition", given.answer.disposition), given.folio)
        for item in results
        for given in item.changes
    ]
    rows += [
        (item.title, f"{version['title']}, {_('versión')} {version['version']}. {version['note']}", "")
        for item in results
        for version in item.documents
    ]
    return PaperTable(_("Qué cambió"), (_("Tema"), _("Qué"), _("Folio")), tuple(rows))


def _projects(content: dict[str, Any]) -> PaperTable:
    rows = tuple(
        (item["key"], item["title"], official("project_state", item["state"])) for item in content.get("projects", [])
    )
    return PaperTable(_("Proyectos de mejora que salieron de aquí"), (_("Clave"), _("Proyecto"), _("Estado")), rows)


def _notes(paper: ClosingPaper) -> list[str]:
    zone = ZoneInfo(paper.window.government.timezone)
    counted: datetime = paper.counted_at
    notes = [_("Cifras al %(when)s.", when=f"{counted.astimezone(zone):%d/%m/%Y %H:%M}")]
    if paper.digest:
        notes.append(_("Huella de lo emitido, asentada en la bitácora (SHA-256): %(digest)s", digest=paper.digest))
    notes += [_("c.c.p. %(whom)s", whom=line.strip()) for line in paper.copies.split("\n") if line.strip()]
    return notes
