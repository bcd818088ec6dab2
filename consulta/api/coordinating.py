"""Calls of the coordination: windows from preparation to conclusion, and the publication of answers."""

from typing import Any

from apiflask import APIBlueprint

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_unit_by_key, get_government
from consulta.api.acting import Result, acts
from consulta.api.answering import answer_state, get_answer
from consulta.api.answers import AnswerStateOut, WindowOut
from consulta.api.describing import ABSENT, gives
from consulta.api.schemas import CorrectionIn, ExtendIn, ScheduleIn, WindowIn
from consulta.api.serializers import window_json
from consulta.errors import NotFound, Refused
from consulta.referrals.conclusion import conclude_when_answered
from consulta.referrals.models import Answer
from consulta.referrals.operations import correct_answer, publish_answer
from consulta.referrals.rules import may_coordinate
from consulta.web.access import access, token
from consulta.web.context import arrived_at
from consulta.windows.counters import read_window_counts
from consulta.windows.dating import extend_window, schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument, get_window

blueprint = APIBlueprint("api_coordinating", __name__, url_prefix="/api/v1")
COORDINATES = token(("coordination",), Role.COORDINATOR)


def _as_answer(result: Result, _actor: Actor) -> dict[str, Any]:
    return answer_state(result["answer_id"])


def _as_window(result: Result, actor: Actor) -> dict[str, Any]:
    found = _window(result["slug"], actor)
    return window_json(found, arrived_at(), read_window_counts([found.id]).get(found.id, {}))


@blueprint.post("/answers/<int:answer_id>/publish")
@access(COORDINATES)
@blueprint.doc(
    summary="Publicar una respuesta firmada y notificarla",
    responses=gives(AnswerStateOut, "La respuesta publicada"),
    tags=["Coordinar"],
)
@acts(_as_answer)
def publish(answer_id: int, actor: Actor) -> Result:
    """Publish a signed answer and notify."""
    publish_answer(answer=_coordinated(answer_id, actor), actor=actor, now=arrived_at())
    return {"answer_id": answer_id}


@blueprint.post("/answers/<int:answer_id>/correct")
@access(COORDINATES)
@blueprint.doc(
    summary="Corregir una respuesta publicada, a la vista de todos",
    responses=gives(AnswerStateOut, "La respuesta corregida"),
    tags=["Coordinar"],
)
@blueprint.input(CorrectionIn, arg_name="body")
@acts(_as_answer)
def correct(answer_id: int, body: dict[str, str], actor: Actor) -> Result:
    """Correct a published answer openly."""
    correct_answer(
        answer=_coordinated(answer_id, actor),
        disposition=body["disposition"],
        text=body["text"],
        dataset_url=body["dataset_url"] or None,
        reason=body["reason"],
        actor=actor,
        now=arrived_at(),
    )
    return {"answer_id": answer_id}


@blueprint.post("/windows")
@access(COORDINATES)
@blueprint.doc(
    summary="Preparar una consulta con sus temas",
    responses=gives(WindowOut, "La consulta, en preparación", 201) | ABSENT,
    tags=["Coordinar"],
)
@blueprint.input(WindowIn, arg_name="body")
@acts(_as_window, status=201)
def create(body: dict[str, Any], actor: Actor) -> Result:
    """Create a window in preparation, with its topics."""
    government = get_government(actor.government_id)
    window = create_window(
        government=government,
        instrument=get_instrument(body["instrument"]),
        title=body["title"],
        summary=body["summary"],
        decides=body["decides"] or "",
        afterwards=body["afterwards"] or "",
        actor=actor,
        now=arrived_at(),
    )
    for number, item in enumerate(body["topics"]):
        unit = find_unit_by_key(government.id, item["unit"]) if item["unit"] else None
        if item["unit"] and unit is None:
            raise Refused(f"No existe la unidad «{item['unit']}».", field=f"topics.{number}.unit")
        add_topic(
            window=window,
            title=item["title"],
            summary=item["summary"] or "",
            unit=unit,
            actor=actor,
            now=arrived_at(),
        )
    return {"slug": window.slug}


@blueprint.post("/windows/<slug>/schedule")
@access(COORDINATES)
@blueprint.doc(
    summary="Fijar apertura y plazo",
    responses=gives(WindowOut, "La consulta con sus fechas y de dónde salen"),
    tags=["Coordinar"],
)
@blueprint.input(ScheduleIn, arg_name="body")
@acts(_as_window)
def schedule(slug: str, body: dict[str, Any], actor: Actor) -> Result:
    """Fix opening and closing."""
    schedule_window(window=_window(slug, actor), actor=actor, now=arrived_at(), **body)
    return {"slug": slug}


@blueprint.post("/windows/<slug>/extend")
@access(COORDINATES)
@blueprint.doc(
    summary="Ampliar el plazo",
    responses=gives(WindowOut, "La consulta con su nuevo cierre"),
    tags=["Coordinar"],
)
@blueprint.input(ExtendIn, arg_name="body")
@acts(_as_window)
def extend(slug: str, body: dict[str, Any], actor: Actor) -> Result:
    """Extend the term."""
    extend_window(window=_window(slug, actor), actor=actor, now=arrived_at(), **body)
    return {"slug": slug}


@blueprint.post("/windows/<slug>/conclude")
@access(COORDINATES)
@blueprint.doc(
    summary="Concluir una consulta cerrada y respondida",
    responses=gives(WindowOut, "La consulta concluida"),
    tags=["Coordinar"],
)
@acts(_as_window)
def conclude(slug: str, actor: Actor) -> Result:
    """Conclude a closed window."""
    conclude_when_answered(window=_window(slug, actor), actor=actor, now=arrived_at())
    return {"slug": slug}


def _coordinated(answer_id: int, actor: Actor) -> Answer:
    found = get_answer(answer_id)
    if not may_coordinate(actor, government_id=found.unit.agency.government_id):
        raise NotFound("No existe esa respuesta.")
    return found


def _window(slug: str, actor: Actor) -> Window:
    found = get_window(slug)
    if found.government_id != actor.government_id:
        raise NotFound("No existe esa consulta.")
    return found
