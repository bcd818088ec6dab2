"""A window from its form to its conclusion."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.builders import World
from tests.clock import Clock
from tests.pages import Page

WINDOW = {
    "instrument": "agenda_regulatoria",
    "title": "Agenda de 2027",
    "summary": "Se consultan dos propuestas.",
    "decides": "La Secretaría.",
    "afterwards": "Se responde.",
}
# What only a person can answer before it is scheduled.
ANSWERS = {"affects_peoples": "no", "electoral_ban": "no"}
GROUNDS = {"days": "5", "legal_basis": "Artículo 28", "reason": "Lo pidieron.", "agreement": "A-1"}


@pytest.fixture
def coordinator(app: Flask, world: World) -> Page:
    return Page(app).sign_in(world.email("coordinator"))


def test_window_is_created_filled_calculated_scheduled_extended_and_concluded(
    coordinator: Page, world: World, clock: Clock
) -> None:
    address = "/coordinacion/consultas/agenda-de-2027"
    coordinator.get("/coordinacion/consultas/nueva")
    assert "Consulta creada." in coordinator.follow("/coordinacion/consultas/nueva", WINDOW).body

    term = {"opens_on": "2026-06-15", "days": "20", **ANSWERS}
    empty = coordinator.post(f"{address}/programar", {**term, "accion": "programar"}, status=422)
    assert empty.errors == ["Agregue al menos un tema antes de programar la consulta."]
    topic = {"title": "Mercados", "summary": "Horario.", "unit_id": str(world.units["transito"])}
    assert "Tema agregado." in coordinator.follow(f"{address}/temas", topic).body

    preview = coordinator.post(f"{address}/programar", {**term, "accion": "calcular"})
    assert "cierra a las 24:00 h del lunes 13 de julio de 2026" in preview.body
    assert "preparación" in preview.body.lower()
    confirmed = {name: preview.soup.select(f".panel input[name={name}]")[0]["value"] for name in term}
    assert confirmed == term
    assert (
        "Consulta programada" in coordinator.follow(f"{address}/programar", {**confirmed, "accion": "programar"}).body
    )
    again = coordinator.post(f"{address}/programar", {**term, "accion": "programar"}, status=422)
    assert "está programada" in again.errors[0]

    extended = coordinator.follow(f"{address}/ampliar", GROUNDS)
    assert "Plazo ampliado." in extended.body
    assert "Acuerdo A-1" in extended.body
    assert "lunes 20 de julio de 2026" in coordinator.get("/consultas/agenda-de-2027").body
    early = coordinator.post(f"{address}/concluir", status=422)
    assert "todavía recibe comentarios" in early.body
    clock.now = datetime(2026, 7, 21, 6, 0, tzinfo=UTC)
    coordinator.sign_in(world.email("coordinator"))
    assert "Consulta concluida." in coordinator.follow(f"{address}/concluir").body


@pytest.mark.parametrize(
    ("change", "anchor"),
    [
        ({"title": ""}, "#title"),
        ({"title": "x" * 301}, "#title"),
        ({"title": "¿?"}, ""),
        ({"summary": " "}, "#summary"),
        ({"summary": "x" * 5001}, "#summary"),
        ({"instrument": "no_hay"}, "#instrument"),
        ({"instrument": ""}, "#instrument"),
        ({"decides": "a\x00b"}, "#decides"),
    ],
)
def test_new_window_keeps_what_was_typed(coordinator: Page, change: dict[str, str], anchor: str) -> None:
    typed = {**WINDOW, **change}

    shown = coordinator.post("/coordinacion/consultas/nueva", typed, status=422)

    assert len(shown.errors) == 1
    assert not anchor or shown.soup.select_one(f'.error-summary a[href="{anchor}"]') is not None
    for name in ("title", "summary", "decides", "afterwards"):
        kept = typed[name].replace("\x00", "")
        assert shown.value(name) == (" ".join(kept.split()) if name == "title" else kept)


@pytest.mark.parametrize(
    ("fields", "anchors"),
    [
        ({"opens_on": "", "days": ""}, {"#opens_on", "#days"}),
        ({"opens_on": "mañana", "days": "veinte"}, {"#opens_on", "#days"}),
        ({"opens_on": "2026-06-09", "days": "20", "accion": "programar"}, {"#opens_on"}),
        ({"opens_on": "2026-06-15", "days": "0"}, None),
        ({"opens_on": "2026-06-15", "days": "-4"}, None),
        ({"opens_on": "2026-06-15", "days": "9" * 40}, None),
        ({"opens_on": "9999-12-31", "days": "20"}, None),
        ({"opens_on": "0001-01-01", "days": "20", "accion": "programar"}, {"#opens_on"}),
    ],
)
def test_term_that_cannot_be_is_explained(coordinator: Page, fields: dict[str, str], anchors: set[str] | None) -> None:
    coordinator.post("/coordinacion/consultas/nueva", WINDOW, status=302)
    address = "/coordinacion/consultas/agenda-de-2027"
    coordinator.post(f"{address}/temas", {"title": "Uno"}, status=302)

    shown = coordinator.post(f"{address}/programar", {"accion": "calcular", **ANSWERS, **fields}, status=422)

    assert shown.errors
    found = {str(link["href"]) for link in shown.soup.select(".error-summary a")}
    assert anchors is None or found == anchors


def test_questions_of_the_checklist_are_asked_at_their_field(coordinator: Page) -> None:
    coordinator.post("/coordinacion/consultas/nueva", WINDOW, status=302)
    address = "/coordinacion/consultas/agenda-de-2027"
    coordinator.post(f"{address}/temas", {"title": "Uno"}, status=302)

    shown = coordinator.post(f"{address}/programar", {"opens_on": "2026-06-15", "days": "20"}, status=422)

    assert shown.errors == ["Conteste sí o no: sin eso no se puede programar la consulta."]
    assert shown.soup.select_one('.error-summary a[href="#affects_peoples"]') is not None


def test_a_yes_is_told_on_the_public_page(coordinator: Page) -> None:
    coordinator.post("/coordinacion/consultas/nueva", WINDOW, status=302)
    address = "/coordinacion/consultas/agenda-de-2027"
    coordinator.post(f"{address}/temas", {"title": "Uno"}, status=302)
    sent = {"opens_on": "2026-06-15", "days": "20", **ANSWERS, "affects_peoples": "yes", "accion": "programar"}

    coordinator.post(f"{address}/programar", sent, status=302)

    assert "no sustituye la consulta previa" in coordinator.get("/consultas/agenda-de-2027").body


@pytest.mark.parametrize("missing", ["days", "legal_basis", "reason", "agreement"])
def test_extension_needs_every_ground_and_keeps_the_others(coordinator: Page, world: World, missing: str) -> None:
    address = f"/coordinacion/consultas/{world.slugs['open']}"

    shown = coordinator.post(f"{address}/ampliar", {**GROUNDS, missing: ""}, status=422)

    assert [str(link["href"]) for link in shown.soup.select(".error-summary a")] == [f"#{missing}"]
    assert {name: shown.value(name) for name in GROUNDS if name != missing} == {
        name: value for name, value in GROUNDS.items() if name != missing
    }
    assert (
        "abierta que tenga cierre"
        in coordinator.post(f"/coordinacion/consultas/{world.slugs['closed']}/ampliar", GROUNDS, status=422).errors[0]
    )


def test_topic_keeps_what_was_typed_and_comes_too_late_after_closing(coordinator: Page, world: World) -> None:
    typed = {"title": "", "summary": "Una explicación.", "unit_id": str(world.units["redes"])}

    shown = coordinator.post(f"/coordinacion/consultas/{world.slugs['open']}/temas", typed, status=422)

    assert len(shown.errors) == 1
    assert (shown.value("summary"), shown.value("unit_id")) == ("Una explicación.", typed["unit_id"])
    late = {**typed, "title": "Tarde"}
    refused = coordinator.post(f"/coordinacion/consultas/{world.slugs['closed']}/temas", late, status=422)
    assert "ya cerró" in refused.body


def test_mailbox_opens_without_a_closing(coordinator: Page) -> None:
    coordinator.post("/coordinacion/consultas/nueva", {**WINDOW, "instrument": "atencion_ciudadana"}, status=302)
    address = "/coordinacion/consultas/agenda-de-2027"
    coordinator.post(f"{address}/temas", {"title": "Escriba"}, status=302)

    done = coordinator.follow(f"{address}/programar", {"opens_on": "2026-06-10", "accion": "programar"})

    assert "No cierra: es un buzón permanente" in done.body
    coordinator.get("/buzones/agenda-de-2027")


def test_extension_without_anything_tells_every_field_at_once(coordinator: Page, world: World) -> None:
    shown = coordinator.post(f"/coordinacion/consultas/{world.slugs['open']}/ampliar", {}, status=422)

    anchors = [str(link["href"]) for link in shown.soup.select(".error-summary a")]
    assert anchors == ["#days", "#legal_basis", "#reason", "#agreement"]


def test_list_for_opening_calls_nothing_done_of_topics_that_are_not_there(coordinator: Page) -> None:
    control = coordinator.follow("/coordinacion/consultas/nueva", WINDOW)

    lines = [line.get_text(" ", strip=True) for line in control.soup.select(".checks > li")]
    about_topics = [line for line in lines if "tema" in line]
    assert len(about_topics) >= 3
    assert all(line.startswith("Falta") for line in about_topics)


def test_derivation_names_its_calendar_and_its_law(coordinator: Page, world: World) -> None:
    page = coordinator.get(f"/consultas/{world.slugs['open']}")

    [derivation] = page.soup.select("details.derivation > p:first-of-type")
    words = " ".join(derivation.get_text().split())
    assert "Calendario: Ley Federal del Trabajo (artículo 74)." in words
    assert "Fundamento: LNETB 28 (Ley Nacional para Eliminar Trámites Burocráticos)." in words
