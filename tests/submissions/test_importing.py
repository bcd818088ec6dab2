"""Batch capture: good rows go in, bad ones are named with line and reason, and nothing happens twice."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from consulta.cli import main
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Refused
from consulta.submissions.importing import Mapping, Report, Source, import_rows, read_mapping, topic_finder_by_column
from consulta.submissions.models import Submission
from consulta.submissions.states import Channel, SubmissionKind
from consulta.tables import RowProblem, read_rows
from consulta.windows.models import Topic
from consulta.windows.queries import map_topics
from tests.builders import SECRET, World, a_world, buffered, get_window
from tests.clock import START

COLUMNS = {"text": "comentario", "received_on": "fecha", "received_time": "hora", "id": "id", "email": "correo"}
HEADER = "tema,id,fecha,hora,correo,comentario"


@pytest.fixture
def source(world: World, scope: None) -> Source:
    """A source whose column «tema» names a topic by reference."""
    return a_source(world)


def a_source(world: World, mapping: Mapping | None = None) -> Source:
    """Build the source of a file."""
    mapping = mapping or Mapping(COLUMNS, SubmissionKind.COMMENT)
    return Source(
        mapping=mapping,
        channel=Channel.PAPER,
        find_topic=topic_finder_by_column("tema", map_topics(mapping.window)),
        post_id=world.actors["operator"].post_id,
        notice_version="2026-1",
        secret=SECRET,
        clock=lambda: START,
    )


def a_file(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a CSV."""
    path = folder / "comentarios.csv"
    path.write_text("\n".join([header, *rows, ""]), "utf-8")
    return path


def run(path: Path, source: Source, *, dry_run: bool = False) -> Report:
    """Import a file."""
    return import_rows(read_rows(path, {"tema", *source.mapping.columns.values()}), source, dry_run=dry_run)


def count() -> int:
    """Return how many submissions there are."""
    session().rollback()
    return session().scalar(select(func.count()).select_from(Submission)) or 0


def test_good_rows_go_in_and_bad_ones_are_named(tmp_path: Path, source: Source) -> None:
    path = a_file(
        tmp_path,
        "agenda-regulatoria/1,a,2026-06-09,09:30,,Que se revise cada tres meses",
        "agenda-regulatoria/9,b,2026-06-09,09:30,,Tema que no existe",
        "agenda-regulatoria/1,c,2026-06-09,09:30,,  ",
        "agenda-regulatoria/1,d,2026-06-31,09:30,,Día que no existe",
        "agenda-regulatoria/1,e,2026-06-09,25:00,,Hora que no existe",
        "agenda-regulatoria/1,f,2026-06-11,09:30,,Del futuro",
        "agenda-regulatoria/1,g,2026-06-01,09:30,,De antes de abrir",
        "agenda-regulatoria/1,h,2026-06-09,09:30,no es correo,Con mal correo",
        "agenda-regulatoria/1,i,2026-06-09,09:30,,Sin comillas, con coma",
        "agenda-pasada/1,j,2026-06-09,09:30,,Llegó tarde",
        'agenda-regulatoria/2,k,,,,"Con comillas, coma\ny dos líneas"',
        f"agenda-regulatoria/1,l,2026-06-09,09:30,,{'x' * 10_001}",
    )

    report = run(path, source)

    assert (report.rows, report.accepted, report.late, report.repeated) == (12, 3, 1, 0)
    assert [(problem.line, problem.field) for problem in report.problems] == [
        (3, "topic"),
        (4, "text"),
        (5, "received_on"),
        (6, "received_time"),
        (7, "received_on"),
        (8, "received_on"),
        (9, "email"),
        (10, "received_on"),
        (14, "text"),
    ]
    assert report.problems[7].message.startswith("Tiene más celdas que el encabezado")
    assert all(problem.message.endswith(".") for problem in report.problems)
    stored = {row.text: row for row in session().scalars(select(Submission))}
    assert set(stored) == {"Que se revise cada tres meses", "Llegó tarde", "Con comillas, coma\ny dos líneas"}
    first = stored["Que se revise cada tres meses"]
    assert (first.received_at, first.recorded_at) == (datetime(2026, 6, 9, 15, 30, tzinfo=UTC), START)
    assert (first.channel, first.captured_by_post_id) == ("paper", source.post_id)
    assert stored["Llegó tarde"].timeliness == "late"
    assert stored["Con comillas, coma\ny dos líneas"].received_at == START


def test_same_file_twice_adds_nothing(tmp_path: Path, source: Source) -> None:
    path = a_file(
        tmp_path,
        "agenda-regulatoria/1,a,2026-06-09,09:30,,Uno",
        "agenda-regulatoria/1,,2026-06-09,09:30,,Sin identificador",
    )
    run(path, source)

    again = run(path, source)

    assert (again.rows, again.accepted, again.repeated, again.problems) == (2, 0, 2, [])
    assert count() == 2


def test_equal_rows_without_identifier_are_two_comments_once_each(tmp_path: Path, source: Source) -> None:
    row = "agenda-regulatoria/1,,2026-06-09,09:30,,Estoy de acuerdo"
    path = a_file(tmp_path, row, row)

    first, again = run(path, source), run(path, source)

    assert (first.accepted, again.accepted, again.repeated) == (2, 0, 2)
    assert count() == 2


def test_equal_rows_under_one_identifier_are_one_comment(tmp_path: Path, source: Source) -> None:
    row = "agenda-regulatoria/1,a,2026-06-09,09:30,,Estoy de acuerdo"

    report = run(a_file(tmp_path, row, row), source)

    assert (report.rows, report.accepted, report.repeated) == (2, 1, 1)


def test_another_text_under_a_known_identifier_is_told(tmp_path: Path, source: Source) -> None:
    run(a_file(tmp_path, "agenda-regulatoria/1,a,2026-06-09,09:30,,Uno"), source)

    report = run(a_file(tmp_path, "agenda-regulatoria/1,a,2026-06-09,09:30,,Otro"), source)

    folio = session().scalars(select(Submission.folio)).one()
    assert report.problems == [RowProblem(2, "id", f"Su identificador ya se usó para otro texto, con folio {folio}.")]
    assert count() == 1


def test_dry_run_writes_nothing(tmp_path: Path, source: Source) -> None:
    path = a_file(tmp_path, "agenda-regulatoria/1,a,2026-06-09,09:30,,Uno", "x,b,,,,Dos")

    report = run(path, source, dry_run=True)

    assert (report.accepted, [problem.line for problem in report.problems]) == (1, [3])
    assert count() == 0


def test_bytes_that_are_not_utf_8_stop_their_row_only(tmp_path: Path, source: Source) -> None:
    path = tmp_path / "comentarios.csv"
    row = "agenda-regulatoria/1,{},2026-06-09,09:30,,{}\n"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + (HEADER + "\n" + row.format("a", "Año nuevo")).encode("utf-8")
        + row.format("b", "Año viejo").encode("latin-1")
        + row.format("c", "con\0nulo").encode()
    )

    report = run(path, source)

    assert report.accepted == 1
    assert [(problem.line, problem.field) for problem in report.problems] == [(3, "text"), (4, "text")]


def test_missing_column_and_broken_file_are_named(tmp_path: Path, source: Source) -> None:
    with pytest.raises(Refused, match=r"comentarios\.csv: falta la columna «correo» en la primera fila\."):
        run(a_file(tmp_path, header="tema,id,fecha,hora,comentario"), source)
    with pytest.raises(Refused, match=r"comentarios\.csv, línea 3: el CSV está roto"):
        run(a_file(tmp_path, "agenda-regulatoria/1,a,,,,Uno", 'agenda-regulatoria/1,b,,,,"Sin fin'), source)
    with pytest.raises(Refused, match="falta la columna"):
        run(a_file(tmp_path, header=""), source)
    assert count() == 0


def test_topics_may_be_named_by_their_key_in_the_source(tmp_path: Path, world: World, scope: None) -> None:
    with unit_of_work():
        session().get_one(Topic, world.topics["open"]).source_key = "REG-17"
    mapping = Mapping({"text": "comentario"}, SubmissionKind.COMMENT, window=world.slugs["open"])

    report = run(a_file(tmp_path, "REG-17,,,,,Uno", "REG-18,,,,,Dos"), a_source(world, mapping))

    assert (report.accepted, [problem.field for problem in report.problems]) == (1, ["topic"])


def test_batches_keep_their_order_and_every_row(tmp_path: Path, source: Source) -> None:
    rows = [f"agenda-regulatoria/1,r{n},2026-06-09,09:30,,Comentario {n}" for n in range(601)]

    report = run(a_file(tmp_path, *rows), source)

    assert (report.rows, report.accepted, report.problems) == (601, 601, [])
    texts = session().scalars(select(Submission.text).order_by(Submission.id)).all()
    assert texts == [f"Comentario {n}" for n in range(601)]


def test_demographics_and_organization_come_along(tmp_path: Path, world: World, scope: None) -> None:
    columns = {"text": "t", "sex": "s", "age_group": "e", "organization": "o", "representative": "r", "evidence": "v"}
    path = a_file(
        tmp_path,
        "agenda-regulatoria/1,Uno,woman,30-44,Cámara,Eva,Oficio 1",
        "agenda-regulatoria/1,Dos,mujer,,,,",
        "agenda-regulatoria/1,Tres,,,Cámara,,",
        f"agenda-regulatoria/1,Cuatro,,,,,{'x' * 301}",
        header="tema,t,s,e,o,r,v",
    )

    report = run(path, a_source(world, Mapping(columns, SubmissionKind.COMMENT)))

    assert [problem.field for problem in report.problems] == ["sex", "representative", "evidence"]
    [row] = session().scalars(select(Submission))
    assert (row.behalf, row.organization, row.evidence) == ("organization", "Cámara", "Oficio 1")
    # Of an organisation nothing is kept about who represents it.
    assert buffered(get_window("agenda-regulatoria").id) == [{"behalf": "organization"}]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[columns", "no se puede leer"),
        ("[columns]\nid = 'x'", "falta «text»"),
        ("[columns]\ntext = 't'\ntexto = 't'", "sobra «texto»"),
        ("columns = 3", "debe ser una tabla"),
        ("kind = 'x'\n[columns]\ntext = 't'", "«kind» debe ser uno de"),
        ("timezone = 'Marte/Olimpo'\n[columns]\ntext = 't'", "la zona horaria «Marte/Olimpo» no existe"),
    ],
)
def test_map_that_cannot_be_used_says_why(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "mapa.toml"
    path.write_text(text, "utf-8")

    with pytest.raises(Refused, match=complaint):
        read_mapping(path)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance made by the command, with a world in it."""
    for name in ("DATABASE_URL", "SECRET_KEY", "TIMEZONE", "PUBLIC_URL", "SMTP_URL", "DEMO"):
        monkeypatch.delenv(f"CONSULTA_{name}", raising=False)
    folder = tmp_path / "instancia"
    monkeypatch.setenv("CONSULTA_INSTANCE", str(folder))
    assert consulta("init").exit_code == 0
    database = Database(f"sqlite:///{folder / 'consulta.sqlite3'}")
    with session_scope(database):
        a_world(datetime.now(UTC))
    database.dispose()
    return folder


def consulta(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, arguments)


def a_map(folder: Path) -> Path:
    """Write the map of a file of three columns."""
    path = folder / "mapa.toml"
    path.write_text("[columns]\ntext = 'comentario'\nid = 'id'\n", "utf-8")
    return path


def test_command_imports_once_and_says_so(instance: Path, tmp_path: Path) -> None:
    path = a_file(tmp_path, "1,Uno", "2,Dos", header="id,comentario")
    arguments = ("import", "submissions", str(path), "--topic", "agenda-regulatoria/1", "--channel", "paper")
    arguments = (*arguments, "--map", str(a_map(tmp_path)))

    tried, first, again = consulta(*arguments, "--dry-run"), consulta(*arguments), consulta(*arguments, "--json")

    assert (tried.exit_code, first.exit_code, again.exit_code) == (0, 0, 0)
    assert "Se aceptarían: 2" in tried.stdout
    assert first.stdout == "Filas: 2. Aceptadas: 2 (fuera de plazo: 0). Ya estaban: 0. Con problemas: 0.\n"
    report = json.loads(again.stdout)
    assert report == {"rows": 2, "accepted": 0, "late": 0, "repeated": 2, "problems": [], "dry_run": False}


def test_command_exits_1_with_bad_rows_and_2_when_it_cannot_begin(instance: Path, tmp_path: Path) -> None:
    path = a_file(tmp_path, "1,Uno", "2,", header="id,comentario")
    common = (str(path), "--channel", "paper", "--map", str(a_map(tmp_path)))

    bad_rows = consulta("import", "submissions", *common, "--topic", "agenda-regulatoria/1")
    no_topic = consulta("import", "submissions", *common, "--topic", "no-existe/1")
    neither = consulta("import", "submissions", *common)
    no_file = consulta("import", "submissions", "no-existe.csv", *common[1:], "--topic", "agenda-regulatoria/1")
    no_column = consulta("import", "submissions", *common, "--topic-column", "tema")

    assert bad_rows.exit_code == 1
    assert "línea 3, text: Escriba su comentario: el campo está vacío." in bad_rows.stderr
    assert [item.exit_code for item in (no_topic, neither, no_file, no_column)] == [2, 2, 2, 2]
    assert "No existe el tema «no-existe/1»" in no_topic.stderr
    assert "falta la columna «tema»" in no_column.stderr


def test_commands_of_the_instance(instance: Path) -> None:
    again, upgrade = consulta("init"), consulta("upgrade")
    doctor = consulta("doctor", "--json")

    assert (again.exit_code, upgrade.exit_code) == (2, 0)
    assert "Esta instancia ya existe" in again.stderr
    assert upgrade.stdout == "La base ya estaba al día.\n"
    assert doctor.exit_code == 1
    assert [check["name"] for check in json.loads(doctor.stdout) if not check["holds"]] == ["Correo"]
    assert consulta("accounts").exit_code == 2
    assert consulta("no-existe").exit_code == 2


def test_commands_refuse_an_instance_that_was_not_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTA_INSTANCE", str(tmp_path / "nueva"))

    result = consulta("export", "submissions")

    assert result.exit_code == 2
    assert "ejecute «consulta init»" in result.stderr
    assert consulta("doctor").exit_code == 1


def test_accounts_are_shown_in_a_demonstration_only(instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULTA_DEMO", "1")

    assert consulta("accounts", "--json").exit_code == 0
    assert consulta("doctor").exit_code == 0


def test_token_is_issued_for_a_post(instance: Path) -> None:
    good = consulta("token", "--post", "respondent", "--scope", "desk", "--json")
    results = [
        consulta("token", "--post", "nadie", "--scope", "desk"),
        consulta("token", "--post", "respondent", "--scope", "desk", "--expires", "mañana"),
        consulta("token", "--post", "respondent", "--scope", "todo"),
    ]

    assert good.exit_code == 0
    assert len(json.loads(good.stdout)["token"]) >= 32
    assert [item.exit_code for item in results] == [2, 2, 2]


def test_export_writes_each_format(instance: Path, tmp_path: Path) -> None:
    shown = consulta("export", "windows")
    files = [
        consulta("export", "windows", "--format", form, "-o", str(tmp_path / f"w.{form}"))
        for form in ("csv", "json", "xlsx")
    ]

    assert shown.exit_code == 0
    assert shown.stdout.lstrip("\ufeff").startswith("consulta,titulo,instrumento")
    assert [item.exit_code for item in files] == [0, 0, 0]
    assert (tmp_path / "w.csv").read_text("utf-8-sig") == shown.stdout.lstrip("\ufeff").replace("\r\n", "\n")
    assert consulta("export", "windows", "--format", "xlsx").exit_code == 2
    assert consulta("export", "windows", "-o", str(tmp_path / "no" / "hay" / "w.csv")).exit_code == 2
    assert consulta("export", "personas").exit_code == 2


def test_catalogues_are_imported_by_command(instance: Path, tmp_path: Path) -> None:
    chart = tmp_path / "organigrama.csv"
    chart.write_text("dependencia,unidad\nObras,Calles\nObras,Parques\n", "utf-8")
    topics = tmp_path / "temas.csv"
    topics.write_text("titulo,clave\nBanquetas,B-1\n,B-2\n", "utf-8")

    agencies = consulta("import", "agencies", str(chart), "--json")
    first = consulta("import", "topics", str(topics), "--window", "agenda-regulatoria", "--json")

    assert json.loads(agencies.stdout)["added"] == 2
    assert (agencies.exit_code, first.exit_code) == (0, 1)
    assert [(item["line"], item["field"]) for item in json.loads(first.stdout)["problems"]] == [(3, "title")]
    assert consulta("import", "topics", str(topics), "--window", "no-existe").exit_code == 2
