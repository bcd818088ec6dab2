"""The tray as a spreadsheet: out, filled in, back: good rows once, broken ones named by cell, nothing half done."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import submit_answer
from consulta.referrals.queries import find_referral
from consulta.referrals.sheets import COLUMNS, apply_sheet, check_sheet, write_sheet
from consulta.referrals.tray import list_tray
from tests.builders import World, a_referral
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
TEXT = "No procede, porque la ley ya lo ordena en su artículo 12."
LETTERS = {name: chr(ord("A") + number) for number, (name, _width) in enumerate(COLUMNS)}


def sheet(world: World, path: Path, fill: Callable[[openpyxl.worksheet.worksheet.Worksheet], None]) -> Path:
    """Write the tray of a unit, and fill cells in as a person would."""
    target = path / "turnos.xlsx"
    write_sheet(list_tray(unit_ids=[world.units["transito"]]), target)
    book = openpyxl.load_workbook(target)
    fill(book.active)
    book.save(target)
    return target


def answer_rows(*rows: int, sense: str = "No procedente", text: str = TEXT) -> Callable[..., None]:
    """Return what fills the answers of rows in."""

    def fill(active: openpyxl.worksheet.worksheet.Worksheet) -> None:
        for row in rows:
            active[f"{LETTERS['sentido']}{row}"], active[f"{LETTERS['respuesta']}{row}"] = sense, text

    return fill


def draft(world: World, referrals: list[Referral]) -> None:
    """Draft one answer to all of them."""
    with unit_of_work():
        draft_answer(referrals=referrals, disposition="adopted", text=TEXT, actor=world.actors["respondent"], now=START)


def test_answers_come_back_once(world: World, tmp_path: Path) -> None:
    ids = [a_referral(world, START).id for _ in range(3)]
    posts = (world.actors["respondent"],)
    filled = sheet(world, tmp_path, answer_rows(2, 3))

    report = check_sheet(filled, posts=posts)
    before = [find_referral(item).answer for item in ids]  # type: ignore[union-attr]
    apply_sheet(report, posts=posts, now=START, submits=False)
    again = check_sheet(filled, posts=posts)

    assert (report.rows, len(report.good), report.blank, report.problems) == (3, 2, 1, [])
    assert before == [None, None, None]
    assert report.applied == 2
    assert (len(again.good), again.known, again.blank) == (0, 2, 1)
    found = [find_referral(item) for item in ids]
    assert [item.answer.text if item and item.answer else None for item in found] == [TEXT, TEXT, None]


def test_answers_may_go_to_signature_at_once(world: World, tmp_path: Path) -> None:
    referral_id = a_referral(world, START).id
    posts = (world.actors["respondent"],)

    report = check_sheet(sheet(world, tmp_path, answer_rows(2)), posts=posts)
    apply_sheet(report, posts=posts, now=START, submits=True)

    found = find_referral(referral_id)
    assert found is not None
    assert found.answer is not None
    assert found.answer.state == "submitted"


@pytest.mark.parametrize(
    ("column", "value", "named", "message"),
    [
        ("sentido", "Tal vez", "sentido", "no es un sentido"),
        ("sentido", "", "sentido", "Elija el sentido"),
        ("sentido", "Se toma conocimiento", "sentido", "felicitaciones"),
        ("respuesta", "No.", "respuesta", "al menos 20 caracteres"),
        ("turno", "999999", "turno", "No hay ese turno"),
        ("turno", "=1+1", "turno", "No hay ese turno"),
        ("folio", "GTO-2026-AAAAAAAA-A", "folio", "no cambie esta columna"),
        ("datos", "https://ejemplo.mx", "datos", "solo para solicitudes de datos"),
    ],
)
def test_broken_cell_is_named_and_the_others_go_in(
    world: World, tmp_path: Path, column: str, value: str, named: str, message: str
) -> None:
    for _ in range(2):
        a_referral(world, START, draft={"should_say": "Debe decir otra cosa."})
    posts = (world.actors["respondent"],)

    def fill(active: openpyxl.worksheet.worksheet.Worksheet) -> None:
        answer_rows(2, 3)(active)
        active[f"{LETTERS[column]}3"] = value

    report = check_sheet(sheet(world, tmp_path, fill), posts=posts)

    assert [item.line for item in report.good] == [2]
    [problem] = report.problems
    assert problem.cell == f"{LETTERS[named]}3"
    assert message in problem.message


def test_row_twice_row_of_another_unit_and_row_in_signature_are_named(world: World, tmp_path: Path) -> None:
    first, second = a_referral(world, START), a_referral(world, START)
    posts = (world.actors["respondent"],)

    def twice(active: openpyxl.worksheet.worksheet.Worksheet) -> None:
        answer_rows(2, 3)(active)
        for name in ("turno", "folio"):
            active[f"{LETTERS[name]}3"] = active[f"{LETTERS[name]}2"].value

    repeated = check_sheet(sheet(world, tmp_path, twice), posts=posts)
    others = check_sheet(sheet(world, tmp_path, answer_rows(2)), posts=(world.actors["respondent-agua"],))
    filled = sheet(world, tmp_path, answer_rows(2))
    draft(world, [first])
    with unit_of_work():
        assert first.answer is not None
        submit_answer(answer=first.answer, actor=world.actors["respondent"], now=START)
    signing = check_sheet(filled, posts=posts)

    assert "ya está en la línea 2" in repeated.problems[0].message
    assert len(others.problems) == 2
    assert "recupérela antes" in signing.problems[0].message
    assert second.answer is None


def test_draft_that_serves_many_is_not_changed_by_one_row(world: World, tmp_path: Path) -> None:
    both = [a_referral(world, START), a_referral(world, START)]
    draft(world, both)

    report = check_sheet(
        sheet(world, tmp_path, answer_rows(2, text=TEXT + " Y más.")), posts=(world.actors["respondent"],)
    )

    assert "sirve para varios folios" in report.problems[0].message


def test_what_changed_between_check_and_apply_is_named(world: World, tmp_path: Path) -> None:
    referral = a_referral(world, START)
    posts = (world.actors["respondent"],)
    report = check_sheet(sheet(world, tmp_path, answer_rows(2)), posts=posts)
    draft(world, [referral])
    with unit_of_work():
        assert referral.answer is not None
        submit_answer(answer=referral.answer, actor=world.actors["respondent"], now=START)

    apply_sheet(report, posts=posts, now=START, submits=False)

    assert report.applied == 0
    assert report.problems[0].cell == "A2"


def test_what_is_no_sheet_is_refused(world: World, tmp_path: Path) -> None:
    path = tmp_path / "turnos.xlsx"
    path.write_bytes(b"no es una hoja")

    with pytest.raises(Refused, match="no se puede leer"):
        check_sheet(path, posts=(world.actors["respondent"],))
