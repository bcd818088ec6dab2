"""The work of officials through their pages: forms that keep what was typed, and acts that lead where they should."""

import pytest
from flask import Flask

from consulta.db import Database, session_scope, unit_of_work
from consulta.jobs.worker import Worker
from consulta.referrals.drafting import draft_answer
from consulta.referrals.operations import submit_answer
from consulta.referrals.queries import list_referrals_by_ids
from consulta.storage.current import EXTENSION
from consulta.submissions.files import keep_waiting
from tests.builders import TEXT, World, a_referral, a_submission, get_submission
from tests.clock import START
from tests.inspection.inspected_files import a_png
from tests.pages import Page

ANSWER = "Procedente: se cambia el artículo 12 del proyecto."


@pytest.fixture
def pages(app: Flask, world: World) -> dict[str, Page]:
    """A signed-in browser for each post that answers, reviews and coordinates."""
    posts = ("respondent", "respondent-agua", "approver", "moderator", "coordinator")
    return {post: Page(app).sign_in(world.email(post)) for post in posts}


def referred(world: World, database: Database, count: int = 1, **overrides: object) -> list[tuple[int, str]]:
    """Receive and refer comments; return the number of each referral with its folio."""
    with session_scope(database):
        made = [a_referral(world, START, **overrides) for _ in range(count)]
        return [(item.id, item.submission.folio) for item in made]


def submitted(world: World, database: Database) -> int:
    """Send an answer to signature; return its number."""
    [(referral_id, _)] = referred(world, database)
    with session_scope(database), unit_of_work():
        actor = world.actors["respondent"]
        found = list_referrals_by_ids([referral_id])
        answer = draft_answer(referrals=found, disposition="adopted", text=ANSWER, actor=actor, now=START)
        submit_answer(answer=answer, actor=actor, now=START)
        return answer.id


def with_file(world: World, database: Database, app: Flask) -> tuple[int, str]:
    """Receive and refer a comment with a picture."""
    with session_scope(database):
        with unit_of_work():
            token, _ = keep_waiting(
                storage=app.extensions[EXTENSION], filename="croquis.png", content=a_png(), now=START
            )
        referral = a_referral(world, START, draft={"files": (token,)})
        return referral.id, referral.submission.folio


@pytest.mark.parametrize(
    ("post", "first"),
    [
        ("respondent", "/bandeja/turnos"),
        ("approver", "/bandeja/firma"),
        ("moderator", "/bandeja/revision"),
        ("operator", "/captura"),
        ("coordinator", "/coordinacion"),
        ("administrator", "/administracion"),
        ("auditor", "/mi-cuenta"),
    ],
)
def test_each_post_begins_at_its_own_work(app: Flask, world: World, post: str, first: str) -> None:
    page = Page(app).sign_in(world.email(post))

    assert page.get("/bandeja", status=302).location == first
    page.get(first)


def test_tray_lists_what_the_unit_must_answer(pages: dict[str, Page], world: World, database: Database) -> None:
    assert "No hay nada por responder." in pages["respondent"].get("/bandeja/turnos").body
    made = referred(world, database, 3)

    shown = pages["respondent"].get("/bandeja/turnos")

    assert [link for link in shown.links() if link.startswith("/bandeja/turnos/")] == [
        f"/bandeja/turnos/{number}" for number, _ in made
    ]
    assert made[0][1] not in pages["respondent-agua"].get("/bandeja/turnos").body
    for state in ("respondidos", "devueltos", "todos", "inventado"):
        pages["respondent"].get(f"/bandeja/turnos?estado={state}")
    pages["respondent"].get(f"/bandeja/turnos?tema={world.topics['open']}")
    pages["respondent"].get("/bandeja/turnos?tema=99999999999999999999")
    pages["respondent"].get("/bandeja/turnos?desde=ajeno", status=400)


def test_tray_goes_on_to_the_next_page(pages: dict[str, Page], world: World, database: Database) -> None:
    made = referred(world, database, 51)

    first = pages["respondent"].get("/bandeja/turnos")
    [following] = [str(link["href"]) for link in first.soup.select("a[rel=next]")]
    second = pages["respondent"].get(following)

    assert made[-1][1] not in first.body
    assert made[-1][1] in second.body
    assert made[0][1] not in second.body


def test_editor_saves_a_draft_and_sends_it_to_signature(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(number, folio)] = referred(world, database)
    page, address = pages["respondent"], f"/bandeja/turnos/{number}"
    assert TEXT in page.get(address).body

    half = {"turno": number, "disposition": "noted", "text": "A medias", "accion": "guardar"}
    saved = page.follow("/bandeja/responder", half)
    assert "Borrador guardado." in saved.body
    assert (saved.value("disposition"), saved.value("text")) == ("noted", "A medias")
    fields = {"turno": number, "disposition": "adopted", "text": ANSWER, "accion": "firmar"}
    sent = page.follow("/bandeja/responder", fields)

    assert "Enviada a firma." in sent.body
    after = page.get(address)
    assert after.soup.find("textarea") is None
    assert "puede recuperarla" in after.body
    assert "ya está en firma" in page.post("/bandeja/responder", fields, status=422).errors[0]
    assert folio in after.body


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"disposition": "adopted", "text": "Corta"}, "#text"),
        ({"disposition": "", "text": ANSWER}, "#disposition"),
        ({"text": ANSWER}, "#disposition"),
        ({"disposition": "adopted", "text": "x" * 20_001}, "#text"),
        ({"disposition": "adopted", "text": ANSWER + "\x00"}, "#text"),
    ],
)
def test_editor_keeps_what_was_typed_and_points_at_the_field(
    pages: dict[str, Page], world: World, database: Database, fields: dict[str, str], anchor: str
) -> None:
    [(number, _)] = referred(world, database)
    pages["respondent"].get(f"/bandeja/turnos/{number}")

    shown = pages["respondent"].post("/bandeja/responder", {"turno": number, "accion": "firmar", **fields}, status=422)

    assert len(shown.errors) == 1
    assert shown.soup.select_one(f'.error-summary a[href="{anchor}"]') is not None
    assert shown.value("text") == fields["text"].replace("\x00", "")
    assert shown.value("disposition") == fields.get("disposition", "")


def test_refused_return_keeps_the_draft_on_the_page(pages: dict[str, Page], world: World, database: Database) -> None:
    [(number, folio)] = referred(world, database)
    page = pages["respondent"]
    page.post(
        "/bandeja/responder",
        {"turno": number, "disposition": "noted", "text": "A medias", "accion": "guardar"},
        status=302,
    )

    shown = page.post(f"/bandeja/turnos/{number}/devolver", {"reason": " "}, status=422)

    assert shown.errors == ["Escriba el motivo: sin él no se puede."]
    assert (shown.value("disposition"), shown.value("text")) == ("noted", "A medias")
    done = page.follow(f"/bandeja/turnos/{number}/devolver", {"reason": "Toca a Redes."})
    assert f"Devuelto a la coordinación: {folio}." in done.body
    assert "Toca a Redes." in page.get(f"/bandeja/turnos/{number}").body
    again = page.post(f"/bandeja/turnos/{number}/devolver", {"reason": "Otra vez."}, status=422)
    assert "está devuelto" in again.errors[0]


def test_one_text_answers_many(pages: dict[str, Page], world: World, database: Database) -> None:
    made = referred(world, database, 3)
    page, numbers = pages["respondent"], [number for number, _ in made]
    none = page.get("/bandeja/responder", status=302)
    assert "Marque al menos un comentario" in page.get(none.location).body

    shown = page.get("/bandeja/responder?" + "&".join(f"turno={number}" for number in numbers))
    assert shown.heading == "Responder 3 turnos con un mismo texto"
    page.post(
        "/bandeja/responder",
        {"turno": numbers, "disposition": "adopted", "text": ANSWER, "accion": "firmar"},
        status=302,
    )

    waiting = pages["approver"].get("/bandeja/firma")
    [address] = {link for link in waiting.links() if link.startswith("/bandeja/respuestas/")}
    body = pages["approver"].get(address).body
    assert all(folio in body for _, folio in made)
    page.get("/bandeja/responder?turno=1&turno=99999999999999999999", status=404)


def test_answer_is_signed_published_and_corrected(pages: dict[str, Page], world: World, database: Database) -> None:
    address = f"/bandeja/respuestas/{submitted(world, database)}"
    approver, coordinator = pages["approver"], pages["coordinator"]
    assert "Firmar la respuesta" in approver.get(address).body
    assert "Firmar la respuesta" not in pages["respondent"].get(address).body

    assert "Respuesta firmada." in approver.follow(f"{address}/firmar").body
    assert "está firmada" in approver.post(f"{address}/firmar", status=422).errors[0]
    assert "Publicar la respuesta" in coordinator.get(address).body
    assert address in coordinator.get("/coordinacion/publicar").links()
    assert "Respuesta publicada y notificada." in coordinator.follow(f"{address}/publicar").body
    assert "está publicada" in coordinator.post(f"{address}/publicar", status=422).errors[0]

    form = coordinator.get(address)
    assert (form.value("disposition"), form.value("text")) == ("adopted", ANSWER)
    typed = {"disposition": "not_adopted", "text": "No procedente, porque ya está en otra norma.", "reason": ""}
    refused = coordinator.post(f"{address}/corregir", typed, status=422)
    assert refused.errors == ["Escriba el motivo: sin él no se puede."]
    assert (refused.value("disposition"), refused.value("text")) == (typed["disposition"], typed["text"])
    corrected = coordinator.follow(f"{address}/corregir", {**typed, "reason": "Había un error."})
    assert "Corrección publicada" in corrected.body
    assert ANSWER in corrected.body, "the earlier wording stays beside it"


@pytest.mark.parametrize("post", ["approver", "coordinator"])
def test_answer_is_sent_back_with_its_reason(
    pages: dict[str, Page], world: World, database: Database, post: str
) -> None:
    answer_id = submitted(world, database)
    page, address = pages[post], f"/bandeja/respuestas/{answer_id}"
    page.get(address)

    assert page.post(f"{address}/regresar", {"reason": ""}, status=422).errors == [
        "Escriba el motivo: sin él no se puede."
    ]
    assert "Respuesta regresada" in page.follow(f"{address}/regresar", {"reason": "Falta el artículo."}).body

    [editor] = [link for link in pages["respondent"].get("/bandeja/turnos").links() if "/bandeja/turnos/" in link]
    assert "Falta el artículo." in pages["respondent"].get(editor).body


def test_files_are_linked_and_handed_out_before_publication(
    app: Flask, pages: dict[str, Page], world: World, database: Database
) -> None:
    number, folio = with_file(world, database, app)
    address = f"/bandeja/archivos/{folio}/1"
    respondent, moderator = pages["respondent"], pages["moderator"]

    assert address in respondent.get(f"/bandeja/turnos/{number}").links()
    assert address in moderator.get("/bandeja/revision").links()
    assert address in moderator.get(f"/bandeja/revision/{folio}").links()
    fields = {"turno": number, "disposition": "adopted", "text": ANSWER, "accion": "firmar"}
    respondent.post("/bandeja/responder", fields, status=302)
    [answer] = {link for link in pages["approver"].get("/bandeja/firma").links() if "respuestas/" in link}
    assert address in pages["approver"].get(answer).links()

    pages["auditor"] = Page(app).sign_in(world.email("auditor"))
    for post in ("respondent", "approver", "moderator", "coordinator", "auditor"):
        response = pages[post].client.get(address, buffered=True)
        assert (response.status_code, response.mimetype) == (200, "image/png")
        assert response.headers["Content-Disposition"] == "attachment; filename=croquis.png"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "no-store"
    pages["respondent-agua"].get(address, status=404)
    respondent.get(f"/bandeja/archivos/{folio}/2", status=404)
    Page(app).get(f"/folio/{folio}/archivos/1", status=404)


def test_file_handed_out_is_the_copy_without_metadata(
    app: Flask, pages: dict[str, Page], world: World, database: Database
) -> None:
    _, folio = with_file(world, database, app)

    content = pages["respondent"].client.get(f"/bandeja/archivos/{folio}/1", buffered=True).data

    assert content.startswith(b"\x89PNG")
    with session_scope(database):
        [item] = get_submission(folio).attachments
        assert content == app.extensions[EXTENSION].read(item.public_key)


def test_review_publishes_what_is_marked_and_withholds_with_a_reason(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    page = pages["moderator"]
    assert "No hay textos por revisar." in page.get("/bandeja/revision").body
    with session_scope(database):
        plain = a_submission(world.topics["open"], START).folio
        told = a_submission(world.topics["open"], START, draft={"text": "Llámeme al 55 1234 5678 por favor."}).folio

    shown = page.get("/bandeja/revision")
    assert "Parece contener: teléfono" in shown.body
    assert [box["value"] for box in shown.soup.select("input[name=folio][checked]")] == [plain]
    assert "Textos publicados: 1." in page.follow("/bandeja/revision", {"folio": [plain]}).body
    assert "ya fue revisado" in page.follow("/bandeja/revision", {"folio": [plain]}).body
    assert "Marque al menos un texto." in page.follow("/bandeja/revision").body
    page.post("/bandeja/revision", {"folio": ["GTO-no-hay", "\x00"]}, status=404)

    refused = page.post(f"/bandeja/revision/{told}/no-publicar", {"reason": "", "ground": "personal_data"}, status=422)
    assert refused.errors == ["Escriba el motivo por el que no se publica."]
    done = page.follow(
        f"/bandeja/revision/{told}/no-publicar", {"reason": "Muestra un teléfono.", "ground": "personal_data"}
    )
    assert "el motivo queda a la vista" in done.body
    assert "Muestra un teléfono." in page.get(f"/bandeja/revision/{told}").body
    assert "Muestra un teléfono." in page.get(f"/folio/{told}").body


def test_unrouted_ones_are_marked_and_sent(
    pages: dict[str, Page], world: World, database: Database, worker: Worker
) -> None:
    page = pages["coordinator"]
    assert page.get("/coordinacion/sin-turnar").heading == "Comentarios sin turnar"
    with session_scope(database):
        folios = [a_submission(world.topics["open-unrouted"], START).folio for _ in range(2)]
    worker.drain()
    unit = world.units["redes"]

    assert all(folio in page.get("/coordinacion/sin-turnar").body for folio in folios)
    for fields in ({}, {"folio": folios}, {"unit_id": unit}, {"folio": folios, "unit_id": "9" * 30}):
        assert "Marque los comentarios" in page.post("/coordinacion/sin-turnar", fields, status=422).body
    done = page.follow("/coordinacion/sin-turnar", {"folio": folios, "unit_id": unit})
    assert "Turnados a Dirección de Redes: 2." in done.body
    again = page.post("/coordinacion/sin-turnar", {"folio": folios[:1], "unit_id": unit}, status=422)
    assert f"{folios[0]}: Ya está turnado a una unidad." in again.body

    tray = pages["respondent-agua"].get("/bandeja/turnos").body
    assert all(folio in tray for folio in folios)


def test_returned_one_comes_back_to_the_coordinator_with_its_reason(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(number, folio)] = referred(world, database)
    pages["respondent"].post(f"/bandeja/turnos/{number}/devolver", {"reason": "Toca a Redes."}, status=302)

    body = pages["coordinator"].get("/coordinacion/sin-turnar").body

    assert folio in body
    assert "Toca a Redes." in body
    assert "El plazo no se reinicia" in body


def test_late_ones_are_listed_apart(pages: dict[str, Page], world: World, database: Database) -> None:
    with session_scope(database):
        folio = a_submission(world.topics["closed"], START).folio

    assert folio in pages["coordinator"].get("/coordinacion/extemporaneas").body
    assert folio not in pages["moderator"].get("/bandeja/revision").body
    pages["coordinator"].get("/coordinacion")
