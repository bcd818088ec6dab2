"""Documents under consultation: readable with anchors, versioned, and remembered by each comment."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.documents.operations import prepare_file, publish_document, publish_version
from consulta.documents.queries import find_version, list_current_versions
from consulta.errors import Forbidden, Refused
from consulta.inspection.reading import DOCX, PDF, read_document
from consulta.storage.folder import FolderStorage
from consulta.windows.models import Topic
from tests.builders import World, a_submission
from tests.clock import Clock
from tests.inspection.inspected_files import a_docx, a_pdf, a_written_docx, a_written_pdf

LAW = (
    "# Reglamento de transporte escolar",
    "Capítulo I. Disposiciones generales",
    "Artículo 1. Este reglamento es de orden público.",
    "ARTÍCULO SEGUNDO.- Las unidades se revisan <cada> seis meses & sin costo.",
    "Artículo 3 Bis. Se prohíbe lo demás.",
    "Transitorios",
)


# Once: a zip holds the second in which it was made.
LAW_FILE = a_written_docx(*LAW)


@pytest.fixture
def storage(tmp_path) -> FolderStorage:  # type: ignore[no-untyped-def]
    return FolderStorage(tmp_path / "uploads")


def _publish(world: World, storage: FolderStorage, clock: Clock, *paragraphs: str) -> None:
    content = a_written_docx(*paragraphs) if paragraphs else LAW_FILE
    with unit_of_work():
        publish_document(
            topic=session().get_one(Topic, world.topics["open"]),
            title="Proyecto",
            file=prepare_file(filename="proyecto.docx", content=content, storage=storage),
            actor=world.actors["coordinator"],
            now=clock.now,
        )


def test_docx_becomes_a_page_with_an_anchor_per_article_and_chapter() -> None:
    found = read_document("ley.docx", DOCX, a_written_docx(*LAW))

    assert [(item["id"], item["title"]) for item in found.anchors] == [
        ("reglamento-de-transporte-escolar", "Reglamento de transporte escolar"),
        ("capitulo-i-disposiciones-generales", "Capítulo I. Disposiciones generales"),
        ("articulo-1", "Artículo 1"),
        ("articulo-segundo", "Artículo Segundo"),
        ("articulo-3-bis", "Artículo 3 Bis"),
        ("transitorios", "Transitorios"),
    ]
    assert "&lt;cada&gt; seis meses &amp; sin costo" in found.html
    assert '<p id="articulo-1">' in found.html


def test_repeated_articles_get_different_anchors() -> None:
    found = read_document("ley.docx", DOCX, a_written_docx("Artículo 1. Uno.", "Artículo 1. Otra vez."))

    assert [item["id"] for item in found.anchors] == ["articulo-1", "articulo-1-2"]


def test_text_of_a_pdf_becomes_a_page_too() -> None:
    lines = ("Articulo 1. Este reglamento es de orden publico y de interes social.", "Sigue la misma frase aqui.")

    found = read_document("ley.pdf", PDF, a_written_pdf(*lines))

    assert [item["id"] for item in found.anchors] == ["articulo-1"]
    assert "Sigue la misma frase aqui." in found.html


def test_pdf_without_text_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(Refused, match="es una imagen") as caught:
        read_document("escaneo.pdf", PDF, a_pdf())

    assert caught.value.field == "file"
    assert "DOCX" in caught.value.message


def test_empty_document_is_refused() -> None:
    with pytest.raises(Refused, match="no trae texto"):
        read_document("vacio.docx", DOCX, a_written_docx("  "))


def test_docx_with_macros_is_refused(world: World, scope: None, storage: FolderStorage, clock: Clock) -> None:
    macros = a_docx(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"})

    with pytest.raises(Refused, match="macros") as caught, unit_of_work():
        publish_document(
            topic=session().get_one(Topic, world.topics["open"]),
            title="Proyecto",
            file=prepare_file(filename="proyecto.docx", content=macros, storage=storage),
            actor=world.actors["coordinator"],
            now=clock.now,
        )

    assert caught.value.field == "file"


def test_only_the_coordination_of_its_government_publishes(
    world: World, scope: None, storage: FolderStorage, clock: Clock
) -> None:
    with pytest.raises(Forbidden), unit_of_work():
        publish_document(
            topic=session().get_one(Topic, world.topics["open"]),
            title="Proyecto",
            file=prepare_file(filename="proyecto.docx", content=LAW_FILE, storage=storage),
            actor=world.actors["respondent"],
            now=clock.now,
        )


def test_document_of_a_closed_window_does_not_change(
    world: World, scope: None, storage: FolderStorage, clock: Clock
) -> None:
    with pytest.raises(Refused, match="ya cerró"), unit_of_work():
        publish_document(
            topic=session().get_one(Topic, world.topics["closed"]),
            title="Proyecto",
            file=prepare_file(filename="proyecto.docx", content=LAW_FILE, storage=storage),
            actor=world.actors["coordinator"],
            now=clock.now,
        )


def test_comment_remembers_the_version_it_saw(world: World, scope: None, storage: FolderStorage, clock: Clock) -> None:
    topic_id = world.topics["open"]
    _publish(world, storage, clock)
    seen = tuple(version.id for version in list_current_versions(topic_id))
    with unit_of_work():
        version = find_version(topic_id, 1)
        assert version is not None
        changed = a_written_docx("Artículo 1. Otra cosa.")
        second = prepare_file(filename="proyecto.docx", content=changed, storage=storage)
        publish_version(
            document=version.document,
            file=second,
            note="Cambió el artículo 1.",
            actor=world.actors["coordinator"],
            now=clock.now + timedelta(minutes=1),
        )

    submission = a_submission(topic_id, clock.now + timedelta(minutes=2), draft={"seen_versions": seen})

    assert [(item["document"], item["version"]) for item in submission.seen_documents] == [(1, 1)]
    current = find_version(topic_id, 1)
    assert current is not None
    assert current.number == 2


def test_versions_of_another_topic_are_not_taken(
    world: World, scope: None, storage: FolderStorage, clock: Clock
) -> None:
    _publish(world, storage, clock)
    seen = tuple(version.id for version in list_current_versions(world.topics["open"]))

    submission = a_submission(world.topics["open-unrouted"], clock.now, draft={"seen_versions": seen})

    assert submission.seen_documents == []


def test_next_version_needs_a_note_and_another_file(
    world: World, scope: None, storage: FolderStorage, clock: Clock
) -> None:
    _publish(world, storage, clock)
    version = find_version(world.topics["open"], 1)
    assert version is not None
    document = version.document
    common = {"document": document, "actor": world.actors["coordinator"], "now": clock.now}
    other = prepare_file(filename="proyecto.docx", content=a_written_docx("Otro."), storage=storage)
    same = prepare_file(filename="proyecto.docx", content=LAW_FILE, storage=storage)

    with pytest.raises(Refused) as without_note, unit_of_work():
        publish_version(file=other, note=" ", **common)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="mismo archivo") as same_file, unit_of_work():
        publish_version(file=same, note="Nada", **common)  # type: ignore[arg-type]

    assert without_note.value.field == "note"
    assert same_file.value.field == "file"


def test_page_of_a_document_shows_its_text_and_nothing_that_runs(
    client: FlaskClient, database: Database, world: World, clock: Clock, settings
) -> None:  # type: ignore[no-untyped-def]
    storage = FolderStorage(settings.uploads)
    with session_scope(database):
        _publish(world, storage, clock, "Artículo 1. Dice <script>alert(1)</script> así.", "Artículo 2. Más.")
    address = f"/consultas/{world.slugs['open']}/temas/1/documentos/1"

    page = client.get(address)
    file = client.get(f"{address}/1/archivo", buffered=True)

    assert page.status_code == 200
    assert '<p id="articulo-1">Artículo 1. Dice &lt;script&gt;' in page.text
    assert "<script>alert" not in page.text
    assert file.status_code == 200
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{address}?version=7").status_code == 404


def test_form_offers_another_wording_only_where_there_is_a_text(
    client: FlaskClient, database: Database, world: World, clock: Clock, settings
) -> None:  # type: ignore[no-untyped-def]
    address = f"/consultas/{world.slugs['open']}/temas/1/opinar"
    before = client.get(address).text
    with session_scope(database):
        _publish(world, FolderStorage(settings.uploads), clock)

    after = client.get(address).text

    assert "Debe decir" not in before
    assert "Debe decir" in after
    assert 'name="seen"' in after


def test_text_of_a_heading_is_never_taken_for_markup_nor_for_an_id_of_the_page() -> None:
    hostile = ("# <form action=https://malo.example><input name=clave>", "# Contenido", "Artículo 1. Uno.")

    found = read_document("ley.docx", DOCX, a_written_docx(*hostile))

    assert "<form" not in found.html
    assert "&lt;form" in found.html
    assert [item["id"] for item in found.anchors][1:] == ["contenido-2", "articulo-1"]


def test_thousands_of_articles_are_read_in_linear_steps_or_refused() -> None:
    found = read_document("ley.docx", DOCX, a_written_docx(*["Artículo 1. Igual."] * 2000))

    assert len({item["id"] for item in found.anchors}) == 2000
    with pytest.raises(Refused, match="demasiados artículos"):
        read_document("ley.docx", DOCX, a_written_docx(*["Artículo 1. Igual."] * 3001))
