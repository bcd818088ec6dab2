"""The work of answering through its pages, without script: filter, split, begin with a text, many at once."""

from io import BytesIO

import openpyxl
import pytest
from flask import Flask

from consulta.db import Database, session_scope
from consulta.referrals.queries import find_referral, list_live_referrals
from consulta.referrals.sheets import COLUMNS
from tests.builders import World, a_referral
from tests.clock import START
from tests.pages import Page

ANSWER = "No procede, porque la ley ya lo ordena en su artículo 12."
SENT = {"disposition": "not_adopted", "text": ANSWER}


@pytest.fixture
def pages(app: Flask, world: World) -> dict[str, Page]:
    """A signed-in browser for each post that answers, signs and coordinates."""
    return {
        post: Page(app).sign_in(world.email(post))
        for post in ("respondent", "respondent-agua", "approver", "coordinator")
    }


def referred(world: World, database: Database, count: int = 1, **overrides: object) -> list[tuple[int, str]]:
    """Receive and refer comments; return the number of each referral with its folio."""
    with session_scope(database):
        made = [a_referral(world, START, **overrides) for _ in range(count)]
        return [(item.id, item.submission.folio) for item in made]


def test_filters_stay_in_the_address_and_narrow_the_tray(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(_, comment)] = referred(world, database)
    [(_, praise)] = referred(world, database, draft={"kind": "praise"})

    shown = pages["respondent"].get("/bandeja/turnos?tipo=praise&vence=semana").body

    assert praise not in shown or comment not in shown
    assert "Quitar los filtros" in shown
    assert comment in pages["respondent"].get(f"/bandeja/turnos?folio={comment.lower()}").body
    assert "Nada cumple esos filtros." in pages["respondent"].get("/bandeja/turnos?folio=nada").body


def test_comment_is_split_by_marking_where_a_part_begins(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    text = "Buenas tardes. Pongan semáforo en Hidalgo. Y bajen la tarifa."
    [(referral_id, folio)] = referred(world, database, draft={"text": text})
    page = pages["respondent"]

    assert f"/bandeja/dividir/{folio}" in page.get(f"/bandeja/turnos/{referral_id}").links()
    page.get(f"/bandeja/dividir/{folio}")
    parts = page.post(f"/bandeja/dividir/{folio}", {"empieza": ["1", "2"], "accion": "partes"}, status=200)
    assert "Parte 3" in parts.body
    page.post(
        f"/bandeja/dividir/{folio}",
        {
            "pasaje": ["Buenas tardes.", "Pongan semáforo en Hidalgo.", "Y bajen la tarifa."],
            "articulo": ["", "Artículo 4", ""],
            "unidad": ["nada", "", ""],
            "accion": "dividir",
        },
        status=302,
    )

    with session_scope(database):
        referral = find_referral(referral_id)
        assert referral is not None
        live = list_live_referrals(referral.submission_id)
        assert [(item.part.quote, item.part.article) for item in live if item.part] == [
            ("Pongan semáforo en Hidalgo.", "Artículo 4"),
            ("Y bajen la tarifa.", ""),
        ]
    page.post(f"/bandeja/dividir/{folio}/juntar", {}, status=302)
    with session_scope(database):
        [whole] = list_live_referrals(referral.submission_id)
        assert whole.part_id is None


def test_changed_passage_is_refused_and_what_was_typed_stays(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(_, folio)] = referred(world, database, draft={"text": "Pongan semáforo. Y bajen la tarifa."})

    shown = pages["respondent"].post(
        f"/bandeja/dividir/{folio}",
        {
            "pasaje": ["Pongan semáforos.", "Y bajen la tarifa."],
            "articulo": ["4", ""],
            "unidad": ["", ""],
            "accion": "dividir",
        },
        status=422,
    )

    assert "cópiela sin cambiar nada" in shown.body
    assert "Pongan semáforos." in shown.body


def test_answer_begins_with_a_kept_text(pages: dict[str, Page], world: World, database: Database) -> None:
    [(referral_id, _)] = referred(world, database)
    page = pages["respondent"]
    page.post(
        "/bandeja/textos",
        {"title": "Ya en la ley", "disposition": "already_covered", "text": "Sobre {nada}"},
        status=422,
    )
    page.post(
        "/bandeja/textos",
        {"title": "Ya en la ley", "disposition": "already_covered", "text": "Sobre «{tema}»: ya está."},
        status=302,
    )

    editor = page.get(f"/bandeja/turnos/{referral_id}").body
    begun = page.get(f"/bandeja/turnos/{referral_id}?base=1").body

    assert "Ya en la ley" in editor
    assert "Sobre «Transporte escolar»: ya está." in begun
    assert "Ya en la ley" not in pages["respondent-agua"].get("/bandeja/textos").body


def test_many_are_answered_after_seeing_who_receives_what(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    made = referred(world, database, 3)
    page = pages["respondent"]
    ids = [str(item) for item, _ in made]

    page.get("/bandeja/turnos?marcar=todos")
    page.get("/bandeja/responder?" + "&".join(f"turno={item}" for item in ids))
    where = page.post("/bandeja/responder", {**SENT, "turno": ids, "accion": "ver"}, status=302).location
    shown = page.get(where).body
    page.post(f"/bandeja/turnos/{ids[2]}/sacar", {}, status=302)
    page.post(where.replace("destinatarios", "firmar"), {}, status=302)

    assert all(folio in shown for _, folio in made)
    signing = pages["approver"].get("/bandeja/firma?marcar=todas").body
    assert "sirve para" not in signing
    assert "responde a 2 folios" in signing
    pages["approver"].post("/bandeja/firma", {"respuesta": where.split("/")[3]}, status=302)
    pages["coordinator"].post("/coordinacion/publicar", {"respuesta": where.split("/")[3]}, status=302)
    with session_scope(database):
        states = [found.state for item, _ in made if (found := find_referral(item)) is not None]
    assert states == ["answered", "answered", "referred"]


def test_answer_in_signature_is_taken_back_and_thrown_away(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(referral_id, _)] = referred(world, database)
    page = pages["respondent"]
    page.post("/bandeja/responder", {**SENT, "turno": str(referral_id), "accion": "firmar"}, status=302)
    with session_scope(database):
        found = find_referral(referral_id)
        assert found is not None
        answer_id = found.answer_id

    page.post(f"/bandeja/borradores/{answer_id}/recuperar", {}, status=302)
    assert ANSWER in page.get(f"/bandeja/borradores/{answer_id}/redacciones").body
    page.post(f"/bandeja/borradores/{answer_id}/descartar", {}, status=302)

    with session_scope(database):
        again = find_referral(referral_id)
        assert again is not None
        assert (again.state, again.answer_id) == ("referred", None)


def test_typing_saves_itself_without_a_wording_for_each_letter(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    [(referral_id, _)] = referred(world, database)
    page = pages["respondent"]

    saved = page.post("/bandeja/responder", {"text": "No pro", "turno": str(referral_id), "accion": "solo"})

    assert "saved_at" in saved.response.get_json()
    with session_scope(database):
        found = find_referral(referral_id)
        assert found is not None
        assert found.answer is not None
        answer_id = found.answer.id
        assert found.answer.text == "No pro"
    assert "Todavía no se guarda ninguna." in page.get(f"/bandeja/borradores/{answer_id}/redacciones").body


def test_after_sending_one_the_next_that_waits_is_shown(
    pages: dict[str, Page], world: World, database: Database
) -> None:
    (first, _), (second, _) = referred(world, database, 2)

    sent = pages["respondent"].post("/bandeja/responder", {**SENT, "turno": str(first), "accion": "firmar"}, status=302)

    assert sent.location == f"/bandeja/turnos/{second}"


def test_sheet_goes_down_and_comes_back(pages: dict[str, Page], world: World, database: Database) -> None:
    made = referred(world, database, 2)
    page = pages["respondent"]
    book = openpyxl.load_workbook(BytesIO(page.get("/bandeja/hoja").response.data))
    names = [name for name, _ in COLUMNS]
    for row in (2, 3):
        book.active.cell(row, names.index("sentido") + 1).value = "No procedente"
        book.active.cell(row, names.index("respuesta") + 1).value = ANSWER if row == 2 else "Corta."
    filled = BytesIO()
    book.save(filled)

    report = page.post("/bandeja/hoja/subir", {"file": (BytesIO(filled.getvalue()), "turnos.xlsx")}, status=422)
    token = report.value("hoja")
    page.post("/bandeja/hoja/aplicar", {"hoja": token, "accion": "firmar"}, status=422)

    assert "M3" in report.body
    with session_scope(database):
        found = [find_referral(item) for item, _ in made]
        states = [item.answer.state if item and item.answer else None for item in found]
    assert states == ["submitted", None]


def test_part_that_its_unit_gave_back_is_routed_again(pages: dict[str, Page], world: World, database: Database) -> None:
    [(referral_id, folio)] = referred(world, database, draft={"text": "Pongan semáforo. Y bajen la tarifa."})
    passages = {"pasaje": ["Pongan semáforo.", "Y bajen la tarifa."], "articulo": ["", ""], "unidad": ["", ""]}
    pages["respondent"].post(f"/bandeja/dividir/{folio}", {**passages, "accion": "dividir"}, status=302)
    with session_scope(database):
        referral = find_referral(referral_id)
        assert referral is not None
        second = list_live_referrals(referral.submission_id)[1].id
    pages["respondent"].post(f"/bandeja/turnos/{second}/devolver", {"reason": "Toca a Redes."}, status=302)

    shown = pages["coordinator"].get("/coordinacion/sin-turnar")
    sent = {"parte": shown.value("parte"), "unit_id": str(world.units["redes"])}
    pages["coordinator"].post("/coordinacion/sin-turnar", sent, status=302)

    assert "Y bajen la tarifa." in shown.body
    assert "Pongan semáforo." not in shown.body
    assert folio in pages["respondent-agua"].get("/bandeja/turnos").body
