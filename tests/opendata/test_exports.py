"""What may be taken home: the same as pages and API show, in three formats, and no cell that a spreadsheet runs."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from consulta.db import session, unit_of_work
from consulta.moderation.operations import publish_text, withhold_text
from consulta.opendata.datasets import DATASETS
from consulta.opendata.formats import AT_ONCE, csv_lines, json_lines
from consulta.opendata.rows.submissions import BATCH
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from consulta.submissions.rules import clean_text, is_blank
from consulta.submissions.states import SubmissionKind
from consulta.windows.queries import list_windows
from tests.builders import SECRET, TEXT, World, a_delivery, a_published, a_submission, an_answered, get_submission
from tests.clock import START
from tests.conftest import SHARED

pytestmark = pytest.mark.usefixtures("scope")

BLNS = SHARED / "bad-input" / "blns.json"
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example")',
    "＝1+1",
    "+52 473",
    "-",
]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read_csv(client: FlaskClient, name: str) -> list[dict[str, str]]:
    """Return the rows of a download as CSV."""
    response = client.get(f"/datos/{name}.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def read_json(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    """Return the rows of a download as JSON Lines."""
    response = client.get(f"/datos/{name}.json")
    return [json.loads(line) for line in response.data.decode("utf-8").split("\n") if line]


def read_xlsx(client: FlaskClient, name: str) -> list[dict[str, Any]]:
    """Return the rows of a download as a workbook; fail on any cell that is a formula."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/datos/{name}.xlsx").data))
    assert book.sheetnames == ["datos", "diccionario"]
    names, *rows = list(book["datos"].iter_rows())
    for row in rows:
        assert {cell.data_type for cell in row} <= {"s", "n", "inlineStr"}, [cell.value for cell in row]
    assert [cell.value for cell in names] == [cell.value for cell in book["diccionario"]["A"]]
    return [{head.value: cell.value for head, cell in zip(names, row, strict=True)} for row in rows]


def unguarded(value: str) -> str:
    """Return a cell of the CSV without the apostrophe that keeps it from being a formula."""
    return value[1:] if value.startswith("'") and value[1:].startswith(STARTS) else value


def as_text(row: dict[str, Any]) -> dict[str, str]:
    """Return a row with its cells as the CSV writes them."""
    return {name: "" if value is None else str(value) for name, value in row.items()}


@pytest.fixture
def every_kind(world: World) -> dict[str, str]:
    """Submissions of every kind of publication: their folios by what they are."""
    moderator = world.actors["moderator"]
    named = {"author_name": "Beto Visible", "name_is_public": True}
    withheld = a_published(world, START)
    with unit_of_work():
        withhold_text(submission=withheld, ground="personal_data", reason="Trae datos.", actor=moderator, now=START)
    folios = {
        "withheld": withheld.folio,
        "answered": an_answered(world, START).submission.folio,
        "named": a_published(world, START, draft=named).folio,
        "waiting": a_submission(world.topics["open"], START).folio,
        "late": a_submission(world.topics["closed"], START).folio,
    }
    for kind in SubmissionKind:
        draft = {"kind": kind, "text": f"Texto de {kind}"}
        folios[kind.value] = a_submission(world.topics["mailbox"], START, draft=draft).folio
    return folios


def test_submissions_equal_what_the_api_shows(client: FlaskClient, every_kind: dict[str, str]) -> None:
    rows = {row["folio"]: row for row in read_json(client, "comentarios")}

    hidden = {every_kind["complaint"], every_kind["report"]}
    assert set(rows) == set(every_kind.values()) - hidden
    for folio, row in rows.items():
        shown = client.get(f"/api/v1/submissions/{folio}").get_json()
        assert (row["texto"], row["autor"]) == (shown["text"], shown["author"])
        answer = shown["answer"] or {"text": None}
        assert row["respuesta"] == answer["text"]
    for folio in hidden:
        assert client.get(f"/api/v1/submissions/{folio}").status_code == 404


def test_text_is_empty_unless_it_is_public(client: FlaskClient, every_kind: dict[str, str]) -> None:
    rows = {row["folio"]: row for row in read_json(client, "comentarios")}

    with_text = {name for name, folio in every_kind.items() if folio in rows and rows[folio]["texto"]}
    assert with_text == {"answered", "named"}
    assert rows[every_kind["answered"]]["texto"] == TEXT
    assert rows[every_kind["named"]]["autor"] == "Beto Visible"
    assert rows[every_kind["withheld"]]["publicacion"] == "No publicado"
    assert rows[every_kind["late"]]["plazo"] == "Recibida fuera de plazo (extemporánea)"
    assert rows[every_kind["answered"]]["situacion"] == "Respondido"
    assert rows[every_kind["answered"]]["sentido"] == "Procedente"


@pytest.mark.parametrize("name", ["comentarios", "consultas"])
def test_three_formats_hold_the_same(client: FlaskClient, every_kind: dict[str, str], name: str) -> None:
    lines = [as_text(row) for row in read_json(client, name)]

    assert lines
    assert read_csv(client, name) == lines
    assert [as_text(row) for row in read_xlsx(client, name)] == lines


def test_windows_equal_what_the_pages_list(client: FlaskClient, world: World) -> None:
    rows = read_csv(client, "consultas")

    assert {row["consulta"] for row in rows} == set(world.slugs.values())
    listed = {window.slug for window in list_windows(now=START)}
    assert listed == {row["consulta"] for row in rows if row["cierra"]}
    shown = {row["consulta"]: row["estado"] for row in rows}
    assert shown[world.slugs["closed"]] == "Cerrada, en respuesta"
    api = {item["slug"]: item["closes_at"] for item in client.get("/api/v1/windows").get_json()["items"]}
    assert api == {row["consulta"]: row["cierra"] for row in rows if row["cierra"]}


def test_counts_of_the_dataset_equal_the_board(client: FlaskClient, every_kind: dict[str, str], world: World) -> None:
    rows = [row for row in read_json(client, "comentarios") if row["consulta"] == world.slugs["open"]]

    counters = client.get(f"/api/v1/windows/{world.slugs['open']}").get_json()["counters"]

    assert len(rows) == counters["received"]
    assert len([row for row in rows if row["publicacion"] == "Publicado"]) == counters["published"]
    assert len([row for row in rows if row["situacion"] == "Respondido"]) == counters["answered"]


def bad_texts() -> Iterator[str]:
    """Yield texts that a spreadsheet could run, and the naughty ones where the list is at hand."""
    yield from FORMULAS
    if BLNS.exists():
        for text in json.loads(BLNS.read_text("utf-8")):
            kept = clean_text(text)[0].strip()
            if not is_blank(kept):
                yield kept


def test_no_cell_is_ever_a_formula(client: FlaskClient, world: World) -> None:
    texts = list(bad_texts())
    names = {"name_is_public": True}
    deliveries = [
        a_delivery(
            world.topics["open"], START, draft={"text": text, "author_name": " ".join(text.split())[:200], **names}
        )
        for text in texts
    ]
    with unit_of_work():
        folios = [receipt.folio for receipt in receive_batch(deliveries, secret=SECRET, clock=lambda: START)]
    publish_all(world)

    rows = read_csv(client, "comentarios")
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(STARTS), cell
    assert {row["folio"]: unguarded(row["texto"]) for row in rows} == dict(zip(folios, texts, strict=True))
    by_folio = {row["folio"]: row["texto"] for row in read_json(client, "comentarios")}
    assert by_folio == dict(zip(folios, texts, strict=True))
    sheet = {row["folio"]: row["texto"] for row in read_xlsx(client, "comentarios")}
    assert set(sheet) == set(folios)
    assert [sheet[folio] for folio in folios[: len(FORMULAS)]] == FORMULAS


def publish_all(world: World) -> None:
    """Publish every text at once."""
    with unit_of_work():
        session().execute(
            update(Submission)
            .where(Submission.state == "received")
            .values(state="published", reviewed_at=START, reviewed_by_post_id=world.actors["moderator"].post_id)
        )
    session().expunge_all()


def test_rows_cross_the_boundary_of_a_batch_once_each(client: FlaskClient, world: World) -> None:
    for size in (BATCH - 1, 1, 1):
        with unit_of_work():
            receive_batch(
                [a_delivery(world.topics["open"], START) for _ in range(size)], secret=SECRET, clock=lambda: START
            )
        rows = read_csv(client, "comentarios")
        assert len({row["folio"] for row in rows}) == len(rows)
        assert len(rows) == session().scalar(select(func.count()).select_from(Submission))


def test_exports_hold_one_batch_in_memory(world: World) -> None:
    with unit_of_work():
        receive_batch([a_delivery(world.topics["open"], START) for _ in range(50)], secret=SECRET, clock=lambda: START)
    session().expunge_all()

    rows = DATASETS["submissions"].rows(None, START)
    next(rows)

    assert not [item for item in session().identity_map.values() if isinstance(item, Submission)]
    assert len(list(rows)) == 49


def test_streams_come_in_pieces(world: World) -> None:
    with unit_of_work():
        receive_batch(
            [a_delivery(world.topics["open"], START) for _ in range(2 * AT_ONCE + 1)],
            secret=SECRET,
            clock=lambda: START,
        )
    submissions = DATASETS["submissions"]

    pieces = list(csv_lines(submissions.rows(None, START)))

    assert len(pieces) == 3
    assert len(list(json_lines(submissions, submissions.rows(None, START)))) == 2 * AT_ONCE + 1


def test_unknown_dataset_or_format_does_not_exist(client: FlaskClient, world: World) -> None:
    for address in ("/datos/personas.csv", "/datos/comentarios.exe", "/datos/submissions.csv", "/datos/.csv"):
        assert client.get(address).status_code == 404


def test_answer_of_a_kind_that_is_not_public_stays_out(client: FlaskClient, world: World) -> None:
    folio = a_submission(world.topics["mailbox"], START, draft={"kind": SubmissionKind.PETITION}).folio
    suggestion = a_submission(
        world.topics["mailbox"], START, draft={"kind": SubmissionKind.SUGGESTION, "text_consent": True}
    ).folio
    with unit_of_work():
        publish_text(submission=get_submission(suggestion), actor=world.actors["moderator"], now=START)

    rows = {row["folio"]: row for row in read_csv(client, "comentarios")}

    assert (rows[folio]["texto"], rows[folio]["tipo"]) == ("", "Petición")
    assert rows[suggestion]["texto"] == TEXT
