"""The tray as a spreadsheet: referrals out, answers filled in there, and back; good rows go in, bad cells are named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from consulta.actors import Actor
from consulta.db import session, unit_of_work
from consulta.errors import ConsultaError, Refused
from consulta.i18n.labels import official
from consulta.i18n.text import _
from consulta.referrals.drafting import draft_answer, may_answer_referral
from consulta.referrals.models import Referral
from consulta.referrals.operations import submit_answer
from consulta.referrals.queries import list_referrals_by_ids
from consulta.referrals.rules import check_answer, check_dataset, check_noted
from consulta.referrals.states import AnswerState, Disposition, ReferralState
from consulta.tables import read_rows, require_own_columns, require_readable

MOST_ROWS = 5_000
MOST_PROBLEMS = 200
AT_ONCE = 500
TURN, FOLIO, SENSE, TEXT, DATA = "turno", "folio", "sentido", "respuesta", "datos"
COLUMNS = (
    (TURN, 10),
    (FOLIO, 24),
    ("parte", 7),
    ("consulta", 28),
    ("tema", 28),
    ("tipo", 14),
    ("vence", 12),
    ("comentario", 60),
    ("articulo", 14),
    ("dice", 30),
    ("debe_decir", 30),
    (SENSE, 24),
    (TEXT, 60),
    (DATA, 30),
)
WRITTEN = {TURN, FOLIO, SENSE, TEXT}
SENSES = {official("disposition", item.value): item for item in Disposition}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in a cell (as a spreadsheet names it: `L14`), and what to do."""

    cell: str
    message: str


@dataclass(frozen=True)
class SheetAnswer:
    """A row that is right: the referral, and its answer."""

    line: int
    referral_id: int
    disposition: str
    text: str
    dataset_url: str


@dataclass
class SheetReport:
    """What a sheet holds. `blank` rows have no answer yet, `known` ones have that very draft already."""

    rows: int = 0
    good: list[SheetAnswer] = field(default_factory=list)
    blank: int = 0
    known: int = 0
    applied: int = 0
    problems: list[CellProblem] = field(default_factory=list)
    more: int = 0

    def add_problem(self, cell: str, message: str) -> None:
        """Keep a problem, or count it once there are too many to read."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(CellProblem(cell, message))
        else:
            self.more += 1


def write_sheet(referrals: Iterable[Referral], path: Path) -> None:
    """Write referrals with their drafts, if they have one, ready to be filled in. Every cell is text."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("turnos")
    sheet.freeze_panes(1, 2)
    for number, (name, width) in enumerate(COLUMNS):
        sheet.write_string(0, number, name, bold)
        sheet.set_column(number, number, width, text)
    last = 0
    for last, referral in enumerate(referrals, start=1):
        for number, value in enumerate(_cells(referral)):
            sheet.write_string(last, number, value, text)
    place = [name for name, _width in COLUMNS].index(SENSE)
    sheet.data_validation(1, place, max(last, 1), place, {"validate": "list", "source": list(SENSES)})
    book.close()


def check_sheet(path: Path, *, posts: Sequence[Actor]) -> SheetReport:
    """Read a sheet and say what each row would do; nothing is written. `posts` are those of who brings it.

    Raises Refused when the file is none, lacks a column or is too long.
    """
    rows = list(read_rows(path, WRITTEN, MOST_ROWS))
    header = _letters(rows)
    known = _referrals(rows)
    report, seen = SheetReport(), dict[int, int]()
    for line, row in rows:
        report.rows += 1
        try:
            require_own_columns(row)
            require_readable(row)
            _check_row(line, row, known, posts, seen, report)
        except Refused as refused:
            report.add_problem(f"{header.get(refused.field or TURN, 'A')}{line}", refused.message)
    return report


def apply_sheet(report: SheetReport, *, posts: Sequence[Actor], now: datetime, submits: bool) -> None:
    """Write the answers of the good rows, each in its own transaction: a row goes in whole or not at all.

    `submits` sends each to signature. What changed since the check is named and left as it is.
    """
    for item in report.good:
        try:
            with unit_of_work():
                [referral] = list_referrals_by_ids([item.referral_id])
                actor = next(post for post in posts if may_answer_referral(post, referral))
                answer = draft_answer(
                    referrals=[referral],
                    disposition=item.disposition,
                    text=item.text,
                    dataset_url=item.dataset_url,
                    actor=actor,
                    now=now,
                )
                if submits:
                    submit_answer(answer=answer, actor=actor, now=now)
            report.applied += 1
        except ConsultaError as stopped:
            report.add_problem(f"A{item.line}", stopped.message)
        # What was read stays in memory otherwise, row after row.
        session().expunge_all()


def _check_row(
    line: int,
    row: dict[str, str],
    known: dict[int, Referral],
    posts: Sequence[Actor],
    seen: dict[int, int],
    report: SheetReport,
) -> None:
    """Sort a row: right, blank, known. Raises Refused at the column to correct."""
    referral = _own(row, known, posts)
    sense, text, url = (row.get(name, "").strip() for name in (SENSE, TEXT, DATA))
    if not sense and not text:
        report.blank += 1
        return
    first = seen.setdefault(referral.id, line)
    if first != line:
        raise Refused(_("Ese turno ya está en la línea %(line)s: deje una sola.", line=first), field=TURN)
    if sense and sense not in SENSES:
        raise Refused(_("«%(sense)s» no es un sentido: elija uno de la lista.", sense=sense[:60]), field=SENSE)
    disposition = SENSES[sense].value if sense else ""
    _check_open(referral)
    _at(SENSE if not sense else TEXT, lambda: check_answer(disposition=disposition, text=text))
    _at(SENSE, lambda: check_noted(disposition, [referral.submission]))
    _at(DATA, lambda: check_dataset(kinds={referral.submission.kind}, disposition=disposition, url=url))
    draft = referral.answer
    if draft is not None and (draft.disposition, draft.text, draft.dataset_url or "") == (disposition, text, url):
        report.known += 1
        return
    report.good.append(SheetAnswer(line, referral.id, disposition, text, url))


def _own(row: dict[str, str], known: dict[int, Referral], posts: Sequence[Actor]) -> Referral:
    number, folio = _number(row), row.get(FOLIO, "").strip()
    referral = known.get(number) if number is not None else None
    if referral is None or not any(may_answer_referral(post, referral) for post in posts):
        raise Refused(_("No hay ese turno en sus unidades: no cambie esta columna."), field=TURN)
    if referral.submission.folio != folio:
        raise Refused(
            _(
                "El turno %(turn)s es del folio %(folio)s: no cambie esta columna.",
                turn=number,
                folio=referral.submission.folio,
            ),
            field=FOLIO,
        )
    return referral


def _check_open(referral: Referral) -> None:
    if referral.state != ReferralState.REFERRED:
        raise Refused(_("Ese turno ya se devolvió, se respondió o se cerró: quite la línea."), field=TURN)
    if referral.answer is None:
        return
    if referral.answer.state != AnswerState.DRAFT:
        raise Refused(_("Su respuesta ya está en firma: recupérela antes."), field=TURN)
    if len(referral.answer.referrals) > 1:
        raise Refused(_("Su borrador sirve para varios folios: cámbielo en la bandeja."), field=TURN)


def _at(column: str, check: Callable[[], object]) -> None:
    """Run a check; what it refuses is told at a column of the sheet."""
    try:
        check()
    except Refused as refused:
        own = {"disposition": SENSE, "text": TEXT}.get(refused.field or "", column)
        raise Refused(refused.message, field=own) from refused


def _referrals(rows: Sequence[tuple[int, dict[str, str]]]) -> dict[int, Referral]:
    ids = sorted({number for _line, row in rows if (number := _number(row)) is not None})
    known: dict[int, Referral] = {}
    for start in range(0, len(ids), AT_ONCE):
        known |= {item.id: item for item in list_referrals_by_ids(ids[start : start + AT_ONCE])}
    return known


def _number(row: dict[str, str]) -> int | None:
    text = row.get(TURN, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _letters(rows: Sequence[tuple[int, dict[str, str]]]) -> dict[str, str]:
    """Return the letter of each column, as a spreadsheet names it, in the order of the file."""
    names = list(rows[0][1]) if rows else [name for name, _width in COLUMNS]
    return {name: xl_col_to_name(number) for number, name in enumerate(names)}


def _cells(referral: Referral) -> tuple[str, ...]:
    submission, answer = referral.submission, referral.answer
    zone = ZoneInfo(submission.topic.window.government.timezone)
    return (
        str(referral.id),
        submission.folio,
        str(referral.part.number) if referral.part else "",
        submission.topic.window.title,
        submission.topic.title,
        official("kind", submission.kind),
        f"{referral.due_at.astimezone(zone):%Y-%m-%d}",
        referral.part.quote if referral.part else submission.text,
        (referral.part.article if referral.part else "") or submission.article,
        submission.says,
        submission.should_say,
        official("disposition", answer.disposition) if answer and answer.disposition else "",
        answer.text if answer else "",
        (answer.dataset_url or "") if answer else "",
    )
