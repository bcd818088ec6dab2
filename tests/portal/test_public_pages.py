"""The public addresses, each in every state it can be in: what they say, and what they never say."""

import gzip
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consulta.actors import Role
from consulta.agencies.models import Government
from consulta.agencies.operations import create_agency, create_unit, publish_privacy_notice
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.folio import new_folio
from consulta.moderation.operations import publish_text, withhold_text
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Referral
from consulta.referrals.operations import close_reserved, publish_answer, sign_off, submit_answer
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.models import Submission
from consulta.submissions.states import Behalf, SubmissionKind
from consulta.windows.dating import conclude_window, extend_window, schedule_window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument
from tests.builders import (
    TEXT,
    World,
    a_government,
    a_holder,
    a_published,
    a_receipt,
    a_submission,
    a_window,
    an_answered,
    get_submission,
    get_window,
)
from tests.clock import START, Clock
from tests.html_check import Page

SECRETS = {"email": "secreta@ejemplo.mx", "phone": "473 555 0199", "author_name": "Nombre Reservado"}
TEXT_PAGES = ("/ayuda", "/accesibilidad", "/carta-compromiso")
PUBLIC = ("/", "/consultas", "/buzones", "/tablero", "/datos", "/estrados", "/privacidad", *TEXT_PAGES)


def read(client: FlaskClient, address: str, status: int = 200) -> Page:
    """Get a page and check that it is a good one."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return Page(response.text)


def an_upcoming_window(world: World) -> str:
    """Build a window that opens in ten days."""
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title="Agenda que viene",
            summary="Se consultará.",
            decides="El cabildo.",
            afterwards="Se publica en el periódico oficial.",
            actor=actor,
            now=START,
        )
        add_topic(window=window, title="Mercados", summary="Uno.\n\nDos.", unit=None, actor=actor, now=START)
        schedule_window(window=window, opens_on=date(2026, 6, 20), days=20, actor=actor, now=START)
        return window.slug


def a_draft(world: World, title: str = "En secreto") -> str:
    """Build a window that is still in preparation."""
    actor = world.actors["coordinator"]
    with unit_of_work():
        window = create_window(
            government=session().get_one(Government, world.government_id),
            instrument=get_instrument("agenda_regulatoria"),
            title=title,
            summary="Todavía no.",
            actor=actor,
            now=START,
        )
        add_topic(window=window, title="Tema secreto", summary="", unit=None, actor=actor, now=START)
        return window.slug


def another_government(now: Clock) -> World:
    """Build a second government with its coordinator."""
    with unit_of_work():
        government = a_government(now=now.now, key="queretaro", prefix="QRO")
        agency = create_agency(government=government, key="obras", name="Obras de Querétaro", now=now.now)
        unit = create_unit(agency=agency, key="calles", name="Calles", now=now.now)
        actor = a_holder(government, unit, Role.COORDINATOR, "coordinator-qro", now.now)
        return World(government.id, {"coordinator": actor}, {"transito": unit.id})


def test_home_of_an_empty_instance_says_what_will_come(client: FlaskClient) -> None:
    page = read(client, "/")

    assert page.heading == "Opine antes de que se decida"
    assert "Hoy no hay consultas abiertas. Cuando se abra una aparecerá aquí." in page.main
    for address in ("/consultas", "/buzones", "/tablero", "/datos", "/estrados", "/seguimiento", *TEXT_PAGES):
        read(client, address)
    assert read(client, "/privacidad", 404).heading == "No encontramos esa página"


def test_home_lists_open_upcoming_and_closed_windows(client: FlaskClient, world: World, scope: None) -> None:
    upcoming = an_upcoming_window(world)
    a_receipt(world.topics["open"], START)

    page = read(client, "/")

    headings = ["".join(element.itertext()) for element in page.all("h2", "h3")]
    assert headings == [
        "Abiertas ahora",
        "Agenda regulatoria",
        "Próximas",
        "Agenda que viene",
        "Cerradas, en respuesta",
        "Agenda pasada",
        "¿Ya participó?",
        "Buzones",
    ]
    assert "Abierta hasta las 24:00 h del viernes 3 de julio de 2026, hora del centro" in page.main
    assert "faltan 17 días hábiles" in page.main
    assert "1 comentario recibido" in page.main
    assert f"/consultas/{upcoming}" in page.links
    assert f"/buzones/{world.slugs['mailbox']}" in page.links


def test_home_without_open_windows_names_the_next_one(client: FlaskClient, world: World, clock: Clock) -> None:
    clock.now = START + timedelta(days=60)

    page = read(client, "/")

    assert "Hoy no hay consultas abiertas." in page.main


def test_home_names_the_opening_that_comes_first(
    client: FlaskClient, world: World, clock: Clock, database: Database
) -> None:
    clock.now = START + timedelta(days=60)
    with session_scope(database):
        openings = {"Antes": date(2026, 9, 3), "Después": date(2026, 10, 1), "Primera": date(2026, 9, 1)}
        for title, opens_on in openings.items():
            actor = world.actors["coordinator"]
            with unit_of_work():
                window = create_window(
                    government=session().get_one(Government, world.government_id),
                    instrument=get_instrument("agenda_regulatoria"),
                    title=title,
                    summary="Viene.",
                    actor=actor,
                    now=clock.now,
                )
                add_topic(window=window, title="Uno", summary="", unit=None, actor=actor, now=clock.now)
                schedule_window(window=window, opens_on=opens_on, days=20, actor=actor, now=clock.now)

    page = read(client, "/")

    assert "La próxima abre el martes 1 de septiembre de 2026." in page.main
    assert [words for words in page.main.split() if words in ("Antes", "Después", "Primera")] == [
        "Primera",
        "Antes",
        "Después",
    ]


def test_window_page_in_every_status(client: FlaskClient, world: World, scope: None, clock: Clock) -> None:
    upcoming, address = an_upcoming_window(world), f"/consultas/{world.slugs['open']}"

    page = read(client, f"/consultas/{upcoming}")
    assert "Abre el sábado 20 de junio de 2026 · cierra a las 24:00 h del viernes 17 de julio de 2026" in page.main
    assert "Quién decide El cabildo. Qué pasa después Se publica en el periódico oficial." in page.main
    assert not [link for link in page.links if link.endswith("/opinar")]

    page = read(client, address)
    assert page.heading == "Agenda regulatoria"
    assert "Abierta hasta las 24:00 h del viernes 3 de julio de 2026" in page.main
    assert "¿Por qué esta fecha?" in page.main
    assert f"{address}/temas/1/opinar" in page.links

    page = read(client, f"/consultas/{world.slugs['closed']}")
    assert "Cerrada, en respuesta" in page.main
    assert "Cerró a las 24:00 h del" in page.main
    assert not [link for link in page.links if link.endswith("/opinar")]

    with unit_of_work():
        conclude_window(window=get_window(world.slugs["closed"]), actor=world.actors["coordinator"], now=START)
    page = read(client, f"/consultas/{world.slugs['closed']}")
    assert "Concluida" in page.main


def test_window_closes_exactly_at_its_instant(client: FlaskClient, world: World, clock: Clock, scope: None) -> None:
    closes_at = get_window(world.slugs["open"]).closes_at
    assert closes_at is not None
    address = f"/consultas/{world.slugs['open']}"

    clock.now = closes_at - timedelta(microseconds=1)
    assert "cierra hoy" in read(client, address).main
    clock.now = closes_at
    assert "Cerró a las 24:00 h del viernes 3 de julio de 2026" in read(client, address).main


def test_extended_window_shows_the_old_closing_and_the_ground(client: FlaskClient, world: World, scope: None) -> None:
    with unit_of_work():
        extend_window(
            window=get_window(world.slugs["open"]),
            days=5,
            legal_basis="Artículo 28",
            reason="Pidieron más tiempo.",
            agreement="CMR/012",
            actor=world.actors["coordinator"],
            now=START,
        )

    page = read(client, f"/consultas/{world.slugs['open']}")

    assert "Abierta hasta las 24:00 h del viernes 10 de julio de 2026" in page.main
    assert (
        "El plazo se amplió: cerraba a las 24:00 h del viernes 3 de julio de 2026, hora del centro. "
        "Acuerdo CMR/012. Pidieron más tiempo. (Artículo 28)" in page.main
    )


def windows_in(links: list[str]) -> list[str]:
    """Return the links that lead to windows; the feed of all of them is none."""
    return [link for link in links if link.startswith("/consultas/") and link != "/consultas/atom.xml"]


def test_lists_are_filtered_and_keep_their_filters(client: FlaskClient, world: World, scope: None) -> None:
    upcoming = an_upcoming_window(world)
    shown = {
        "abiertas": [world.slugs["open"]],
        "proximas": [upcoming],
        "cerradas": [world.slugs["closed"]],
        "concluidas": [],
        "": [upcoming, world.slugs["closed"], world.slugs["open"]],
    }

    for status, slugs in shown.items():
        page = read(client, f"/consultas?estado={status}&instrumento=agenda_regulatoria")
        listed = [link.removeprefix("/consultas/") for link in windows_in(page.links)]
        assert sorted(set(listed)) == sorted(slugs), status
        assert page.fields() == {"estado": status, "instrumento": "agenda_regulatoria"}
        assert read(client, f"/consultas?estado={status}&instrumento=").links == page.links
    assert "No hay consultas así." in read(client, "/consultas?instrumento=cabildo_abierto").main
    assert read(client, "/agenda-regulatoria").fields()["instrumento"] == "agenda_regulatoria"
    assert "No hay consultas así." in read(client, "/cabildo-abierto").main
    read(client, "/no-existe", 404)


def test_list_of_windows_goes_on_after_twenty(client: FlaskClient, world: World, scope: None) -> None:
    for number in range(20):
        a_window(world, opened=START - timedelta(days=1), now=START, title=f"Consulta {number}")

    first = read(client, "/consultas?estado=abiertas")
    [older] = [link for link in first.links if "desde=" in link]
    second = read(client, f"/consultas{older}")

    assert len(set(first.links) & {f"/consultas/consulta-{number}" for number in range(20)}) == 20
    assert windows_in(second.links) == [f"/consultas/{world.slugs['open']}"] * 2
    assert not [link for link in second.links if "desde=" in link]


@pytest.mark.parametrize(
    ("published", "pages"), [(0, [0]), (1, [1]), (3, [3]), (20, [20]), (21, [20, 1]), (41, [20, 20, 1])]
)
def test_topic_lists_its_comments_newest_first(
    client: FlaskClient, world: World, scope: None, published: int, pages: list[int]
) -> None:
    folios = [a_published(world, START).folio for _ in range(published)]
    address = f"/consultas/{world.slugs['open']}/temas/1"

    seen, sizes, link = [], [], ""
    while True:
        page = read(client, address + link)
        comments = page.by_class("comment")
        seen += [comment.attrib["id"] for comment in comments]
        sizes.append(len(comments))
        link = next((item.removesuffix("#comentarios") for item in page.links if item.startswith("?desde=")), "")
        if not link:
            break

    assert sizes == pages
    assert seen == folios[::-1]
    assert ("Volver al principio" in page.main) is (len(pages) > 1)


def test_topic_without_comments_invites_and_with_waiting_ones_explains(
    client: FlaskClient, world: World, scope: None
) -> None:
    address = f"/consultas/{world.slugs['open']}/temas/1"

    assert "Todavía no hay comentarios. El suyo puede ser el primero." in read(client, address).main
    a_receipt(world.topics["open"], START)
    page = read(client, address)

    assert "se publican después de revisar que no contengan datos personales" in page.main
    assert TEXT not in page.html
    assert "1 recibido · 0 publicados · 0 respondidos" in page.main


def test_topic_shows_each_answer_below_its_comment(client: FlaskClient, world: World, scope: None) -> None:
    waiting = a_published(world, START).folio
    answered = an_answered(world, START).submission.folio

    page = read(client, f"/consultas/{world.slugs['open']}/temas/1")

    assert "Por responder" in "".join(page.by_id(waiting).itertext())
    answer = "".join(page.by_id(answered).itertext())
    assert "Respuesta: Procedente" in answer
    assert "Procedente: se cambia el artículo 12." in answer
    assert "Dirección de Tránsito · miércoles 10 de junio de 2026" in answer


def test_closed_topic_still_takes_a_late_comment(client: FlaskClient, world: World) -> None:
    page = read(client, f"/consultas/{world.slugs['closed']}/temas/1")

    assert f"/consultas/{world.slugs['closed']}/temas/1/opinar" in page.links
    assert "Entregar un comentario fuera de plazo" in page.main


def test_mailbox_has_no_closing(client: FlaskClient, world: World) -> None:
    slug = world.slugs["mailbox"]

    page = read(client, f"/buzones/{slug}")
    topic = read(client, f"/buzones/{slug}/temas/1")

    assert "¿Por qué esta fecha?" not in page.main
    assert "Escribir" in topic.main
    assert f"/buzones/{slug}/temas/1/opinar" in topic.links
    assert f"/buzones/{slug}" in read(client, "/buzones").links
    read(client, f"/consultas/{slug}", 404)
    read(client, f"/consultas/{slug}/temas/1", 404)
    read(client, f"/buzones/{world.slugs['open']}", 404)
    read(client, f"/buzones/{world.slugs['open']}/temas/1/opinar", 404)


@pytest.mark.parametrize("suffix", ["", "/temas/1", "/temas/1/opinar"])
def test_drafts_do_not_exist_for_the_public(
    client: FlaskClient, world: World, clock: Clock, scope: None, suffix: str
) -> None:
    own = a_draft(world)
    other = a_draft(another_government(clock), "Secreto ajeno")

    for slug in (own, other):
        page = read(client, f"/consultas/{slug}{suffix}", 404)
        assert page.heading == "No encontramos esa página"
        assert client.post(f"/consultas/{slug}{suffix}").status_code in (404, 405)
    for address in ("/", "/consultas", "/tablero", "/datos/consultas.csv", "/api/v1/windows"):
        assert "ecreto" not in client.get(address).text
    assert client.get(f"/api/v1/windows/{own}").status_code == 404


def test_names_are_shown_only_with_consent(client: FlaskClient, world: World, scope: None) -> None:
    drafts = (
        {"author_name": "Ana Callada"},
        {"author_name": "Beto Visible", "name_is_public": True},
        {"behalf": Behalf.ORGANIZATION, "organization": "Cámara Visible", "representative": "Carla Callada"},
    )
    folios = [a_published(world, START, draft=draft).folio for draft in drafts]

    page = read(client, f"/consultas/{world.slugs['open']}/temas/1")
    shown = [read(client, f"/folio/{folio}") for folio in folios]

    authors = [("".join(page.by_id(folio).itertext())).split("·")[0].strip() for folio in folios]
    assert authors == ["Una persona que no publicó su nombre", "Beto Visible", "Cámara Visible"]
    assert "Una persona que no publicó su nombre" in shown[0].main
    for found in (page, *shown):
        assert "Callada" not in found.html


@pytest.mark.parametrize(
    ("kind", "consent", "status", "words", "shows_text", "shows_answer"),
    [
        (SubmissionKind.COMMENT, False, 200, "", True, True),
        (SubmissionKind.SUGGESTION, True, 200, "", True, True),
        (SubmissionKind.SUGGESTION, False, 200, "El texto se está revisando.", False, True),
        (SubmissionKind.PETITION, True, 200, "El texto de este tipo de envío no es público.", False, False),
        (SubmissionKind.SERVICE_REQUEST, True, 200, "El texto de este tipo de envío no es público.", False, False),
        (SubmissionKind.COMPLAINT, True, 404, "", False, False),
        (SubmissionKind.REPORT, True, 404, "", False, False),
    ],
)
def test_public_view_of_a_folio_follows_the_policy_of_its_kind(
    client: FlaskClient,
    world: World,
    scope: None,
    kind: SubmissionKind,
    consent: bool,
    status: int,
    words: str,
    shows_text: bool,
    shows_answer: bool,
) -> None:
    folio = an_answered_kind(world, kind, consent)

    page = read(client, f"/folio/{folio}", status)

    assert words in page.main
    assert (TEXT in page.main) is shows_text
    assert ("Respuesta reservada a su tiempo" in page.main) is shows_answer
    assert (TEXT in client.get("/datos/comentarios.csv").text) is shows_text
    assert (folio in client.get("/datos/comentarios.csv").text) is (status == 200)
    assert client.get(f"/api/v1/submissions/{folio}").status_code == status


def an_answered_kind(world: World, kind: SubmissionKind, consent: bool) -> str:
    """Walk a submission of a kind to its answer, with its text published where the kind allows it."""
    submission = a_submission(world.topics["mailbox"], START, draft={"kind": kind, "text_consent": consent})
    folio, may_publish = submission.folio, kind == SubmissionKind.COMMENT or consent
    respondent = world.actors["respondent"]
    with unit_of_work():
        refer_by_topic({"folio": folio}, START)
    submission = get_submission(folio)
    with unit_of_work():
        if may_publish and kind in (SubmissionKind.COMMENT, SubmissionKind.SUGGESTION):
            publish_text(submission=submission, actor=world.actors["moderator"], now=START)
        referral = session().query(Referral).filter_by(submission_id=submission.id).one()
        words = "Respuesta reservada a su tiempo."
        if submission.reserved:
            control = world.actors["control"]
            close_reserved(referrals=[referral], disposition="noted", text=words, actor=control, now=START)
            return folio
        answer = draft_answer(
            referrals=[referral],
            disposition="adopted",
            text=words,
            actor=respondent,
            now=START,
        )
        submit_answer(answer=answer, actor=respondent, now=START)
        sign_off(answer=answer, actor=world.actors["approver"], now=START)
        publish_answer(answer=answer, actor=world.actors["coordinator"], now=START)
    return folio


def test_text_is_never_shown_before_review(client: FlaskClient, world: World, scope: None) -> None:
    folio = a_submission(world.topics["open"], START).folio

    for address in (f"/consultas/{world.slugs['open']}/temas/1", "/datos/comentarios.csv", "/datos/comentarios.json"):
        assert TEXT not in client.get(address).text
    page = read(client, f"/folio/{folio}")
    assert "El texto se está revisando." in page.main
    assert TEXT not in page.html
    assert client.get(f"/api/v1/submissions/{folio}").get_json()["text"] is None


def test_withheld_text_shows_its_reason_only(client: FlaskClient, world: World, scope: None) -> None:
    submission = a_published(world, START)
    folio = submission.folio
    with unit_of_work():
        withhold_text(
            submission=submission,
            ground="personal_data",
            reason="Trae un domicilio.",
            actor=world.actors["moderator"],
            now=START,
        )

    page = read(client, f"/folio/{folio}")

    assert "Motivo: Muestra datos personales de otra persona. Trae un domicilio." in page.main
    assert TEXT not in page.html
    assert folio not in client.get(f"/consultas/{world.slugs['open']}/temas/1").text


def test_late_folio_says_who_decides(client: FlaskClient, world: World, scope: None) -> None:
    folio = a_submission(world.topics["closed"], START).folio

    page = read(client, f"/folio/{folio}")

    assert "Recibido fuera de plazo" in page.main
    assert "Llegó fuera de plazo: su texto no es público mientras no se admita." in page.main
    assert "El texto se está revisando" not in page.main
    assert TEXT not in page.html


def test_folio_is_found_however_it_is_written(client: FlaskClient, world: World, scope: None) -> None:
    folio = a_published(world, START).folio

    moved = client.get(f"/folio/{folio.lower().replace('-', ' ')}")

    assert (moved.status_code, moved.headers["Location"]) == (301, f"/folio/{folio}")
    assert "no tiene la forma esperada" in read(client, "/folio/hola", 404).main
    unknown = new_folio("GTO", 2026, b"12345")
    assert "No hay nada público con ese folio" in read(client, f"/folio/{unknown}", 404).main


def test_tracking_asks_and_says_what_is_wrong(client: FlaskClient, world: World, scope: None) -> None:
    receipt = a_receipt(world.topics["open"], START)
    assert read(client, "/seguimiento").heading == "Seguimiento"

    bad = Page(client.post("/seguimiento", data={"folio": "GTO", "key": "seis palabras"}).text)
    wrong = client.post("/seguimiento", data={"folio": receipt.folio, "key": "otra cosa"})
    alone = client.post("/seguimiento", data={"folio": receipt.folio.lower(), "key": ""})

    assert [where for where, _ in bad.problems] == ["folio"]
    assert bad.fields() == {"folio": "GTO", "key": "seis palabras"}
    assert wrong.status_code == 422
    assert [where for where, _ in Page(wrong.text).problems] == ["key"]
    assert (alone.status_code, alone.headers["Location"]) == (303, f"/folio/{receipt.folio}")


def test_own_story_shows_everything_to_who_has_the_key(client: FlaskClient, world: World, scope: None) -> None:
    receipt = a_receipt(world.topics["open"], START, draft=SECRETS)
    with unit_of_work():
        refer_by_topic({"folio": receipt.folio}, START)

    response = client.post("/seguimiento", data={"folio": receipt.folio, "key": receipt.tracking_key.upper()})

    page = Page(response.text)
    assert response.headers["Cache-Control"] == "no-store"
    assert TEXT in page.main
    assert "Dirección de Tránsito, Secretaría de Movilidad" in page.main
    assert "A más tardar a las 24:00 h del" in page.main
    assert "Aviso de privacidad, versión 2026-1." in page.main


def test_own_story_shows_the_answer_whatever_the_kind(client: FlaskClient, world: World, scope: None) -> None:
    receipt = a_receipt(world.topics["mailbox"], START, draft={"kind": SubmissionKind.COMPLAINT})

    page = Page(client.post("/seguimiento", data={"folio": receipt.folio, "key": receipt.tracking_key}).text)

    assert TEXT in page.main
    read(client, f"/folio/{receipt.folio}", 404)


def test_notice_board_lists_answers_to_who_left_no_address(client: FlaskClient, world: World, scope: None) -> None:
    assert "Todavía no hay notificaciones." in read(client, "/estrados").main
    folio = an_answered(world, START).submission.folio

    page = read(client, "/estrados")

    assert folio in page.main
    assert "Procedente: se cambia el artículo 12." in page.main


def test_privacy_page_shows_the_version_in_force(client: FlaskClient, world: World, scope: None) -> None:
    government = session().get_one(Government, world.government_id)
    with unit_of_work():
        publish_privacy_notice(
            government=government, version="2026-2", summary="Cambió.", text="Uno.\n\nDos.", now=START
        )

    page = read(client, "/privacidad")

    assert "Versión 2026-2 Cambió. Uno. Dos." in page.main


def test_board_counts_what_pages_count(client: FlaskClient, world: World, scope: None) -> None:
    an_answered(world, START)
    a_receipt(world.topics["open"], START)
    a_receipt(world.topics["closed"], START)

    page = read(client, "/tablero")

    assert ["".join(element.itertext()) for element in page.all("dd")][:4] == ["2", "1", "1", "1"]
    rows = [[" ".join(" ".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")]
    assert rows[1] == ["Dirección de Tránsito Secretaría de Movilidad", "", "2", "1"]
    assert ["Abasolo", "—"] in rows
    assert rows[-2:] == [
        ["Agenda pasada", "Cerrada, en respuesta", "0", "0", "0"],
        ["Agenda regulatoria", "Abierta", "2", "1", "1"],
    ]


def test_contact_and_key_are_on_no_public_page(client: FlaskClient, world: World, scope: None) -> None:
    receipt = a_receipt(world.topics["open"], START, draft=SECRETS)
    submission = get_submission(receipt.folio)
    with unit_of_work():
        publish_text(submission=submission, actor=world.actors["moderator"], now=START)
    topic = f"/consultas/{world.slugs['open']}/temas/1"

    for address in (
        *PUBLIC,
        topic,
        f"/folio/{receipt.folio}",
        "/datos/comentarios.csv",
        "/datos/comentarios.json",
        f"/api/v1/topics/{world.topics['open']}/submissions",
        f"/api/v1/submissions/{receipt.folio}",
    ):
        shown = client.get(address).text
        for secret in (*SECRETS.values(), receipt.tracking_key):
            assert secret not in shown, (address, secret)


def public_addresses(world: World, folio: str) -> list[str]:
    """Return an address of every public page that may be kept by caches."""
    topics = (f"/consultas/{world.slugs['open']}/temas/1", f"/buzones/{world.slugs['mailbox']}/temas/1")
    windows = [topic.rpartition("/temas")[0] for topic in topics]
    return [*PUBLIC, *topics, *windows, f"/folio/{folio}", "/cabildo-abierto", "/api/v1/windows"]


def test_public_pages_are_revalidated_and_set_no_cookie(client: FlaskClient, world: World, scope: None) -> None:
    folio = a_published(world, START).folio

    for address in public_addresses(world, folio):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate", address
        assert (again.status_code, again.data) == (304, b""), address
        for response in (first, again):
            assert "Set-Cookie" not in response.headers, address
            check_security_headers(response)


def test_changed_page_is_sent_again(client: FlaskClient, world: World, scope: None) -> None:
    address = f"/consultas/{world.slugs['open']}/temas/1"
    tag = client.get(address).headers["ETag"]

    a_receipt(world.topics["open"], START)

    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_forms_and_errors_are_kept_nowhere(client: FlaskClient, world: World) -> None:
    topic = f"/consultas/{world.slugs['open']}/temas/1"
    responses = [
        client.get(f"{topic}/opinar"),
        client.post(f"{topic}/opinar", data={"accion": "continuar-1", "text": ""}),
        client.get("/seguimiento"),
        client.post("/seguimiento", data={"folio": "GTO"}),
        client.get("/no-existe"),
        client.get("/salud/vivo"),
        client.get("/salud/listo"),
        client.get("/entrar"),
    ]

    for response in responses:
        assert response.headers["Cache-Control"] == "no-store", response.request.path
        assert "ETag" not in response.headers
        assert "Set-Cookie" not in response.headers
        check_security_headers(response)


def check_security_headers(response: TestResponse) -> None:
    """Check the headers that every answer carries."""
    policy = dict(part.strip().partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_health_answers_in_words(client: FlaskClient) -> None:
    assert client.get("/salud/vivo").text == "vivo\n"
    assert client.get("/salud/listo").text == "listo\n"
    assert client.get("/desarrollo/correo").status_code == 404


def test_static_files_are_kept_for_good(client: FlaskClient) -> None:
    page = client.get("/").text
    for name in ("consulta.css", "consulta.js", "icon.svg"):
        address = next(part for part in page.split('"') if part.startswith(f"/static/{name}?v="))
        response = client.get(address)
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert len(gzip.compress(response.data)) < 20_000
        response.close()


def test_page_of_a_signed_in_person_is_kept_by_no_shared_cache(client: FlaskClient, world: World) -> None:
    client.set_cookie("cualquiera", "valor")

    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_submissions_of_every_state_leave_home_valid(client: FlaskClient, world: World, scope: None) -> None:
    for topic in ("open", "closed", "mailbox"):
        draft = {"kind": SubmissionKind.PETITION} if topic == "mailbox" else {}
        a_receipt(world.topics[topic], START, draft=draft)

    assert session().query(Submission).count() == 3
    for address in (*PUBLIC, "/seguimiento"):
        read(client, address)
