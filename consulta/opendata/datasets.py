"""The datasets: their columns, and their rows in batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.db import session
from consulta.i18n.labels import official
from consulta.i18n.text import N_
from consulta.referrals.queries import PartAnswer, map_answers
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public, is_shown, public_author
from consulta.submissions.queries import visible
from consulta.submissions.redaction import public_quote, public_text
from consulta.submissions.states import Standing, SubmissionKind
from consulta.windows.models import Topic, Window
from consulta.windows.operations import status_of
from consulta.windows.states import WindowState

Cell = str | int | None
BATCH = 1000


@dataclass(frozen=True)
class Dataset:
    """A dataset: name, title, columns with their meaning, and its rows."""

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[datetime], Iterator[tuple[Cell, ...]]]


def _windows(now: datetime) -> Iterator[tuple[Cell, ...]]:
    found = (
        select(Window)
        .options(joinedload(Window.instrument), joinedload(Window.government))
        .where(Window.state != WindowState.DRAFT)
        .order_by(Window.id)
    )
    for window in session().scalars(found):
        yield (
            window.slug,
            window.title,
            window.instrument.name,
            window.government.name,
            official("window_status", status_of(window, now)),
            _iso(window.opens_at),
            _iso(window.closes_at),
            len(window.extensions),
        )


def _submissions(_now: datetime) -> Iterator[tuple[Cell, ...]]:
    last_id = 0
    while True:
        found = (
            select(Submission)
            .options(joinedload(Submission.topic).joinedload(Topic.window))
            .where(Submission.id > last_id)
            .order_by(Submission.id)
            .limit(BATCH)
        )
        batch = session().scalars(visible(found)).all()
        if not batch:
            return
        last_id = batch[-1].id
        answers = map_answers([item.id for item in batch])
        rows = [_submission(item, answers.get(item.id, [])) for item in batch]
        # Forget the rows that were read, so that memory stays the same however many there are.
        session().expunge_all()
        yield from rows


def _submission(item: Submission, answers: list[PartAnswer]) -> tuple[Cell, ...]:
    shows_text, name = is_shown(item), public_author(item)
    shown = answers if is_answer_public(SubmissionKind(item.kind)) else []
    published_at = max((given.answer.published_at for given in answers if given.answer.published_at), default=None)
    return (
        item.folio,
        item.topic.window.slug,
        item.topic.number,
        item.topic.title,
        official("kind", item.kind),
        official("channel", item.channel),
        _iso(item.received_at),
        official("timeliness", item.timeliness),
        official("admission", item.admission),
        official("late_decision", item.late_decision) if item.late_decision else None,
        official("submission_state", item.state),
        *(public_text(item, field) or None for field in ("text", "article", "says", "should_say")),
        (name or None) if shows_text else None,
        _situation(item),
        " | ".join(official("disposition", given.answer.disposition) for given in shown) or None,
        "\n\n".join(_answer_text(item, given) for given in shown) or None,
        _iso(published_at),
    )


def _situation(item: Submission) -> str:
    if item.standing != Standing.STANDS:
        return official("standing", item.standing)
    return "Respondido" if item.is_answered else "Por responder"


def _answer_text(item: Submission, given: PartAnswer) -> str:
    """Return an answer; one to a part begins with the passage that it answers, where everybody may read that."""
    quote = public_quote(given.part.quote, item) if given.part else ""
    return f"A «{quote}»: {given.answer.text}" if quote else given.answer.text


def _iso(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None


DATASETS: dict[str, Dataset] = {
    "windows": Dataset(
        "windows",
        N_("Consultas y buzones"),
        (
            ("consulta", N_("Clave pública de la consulta o del buzón")),
            ("titulo", N_("Título")),
            ("instrumento", N_("Instrumento")),
            ("gobierno", N_("Gobierno que consulta")),
            ("estado", N_("Estado el día de la descarga")),
            ("abre", N_("Instante en que abre, UTC, ISO 8601")),
            ("cierra", N_("Instante en que cierra, UTC, ISO 8601; vacío en buzones")),
            ("ampliaciones", N_("Número de ampliaciones del plazo")),
        ),
        _windows,
    ),
    "submissions": Dataset(
        "submissions",
        N_("Comentarios y respuestas"),
        (
            ("folio", N_("Folio")),
            ("consulta", N_("Clave pública de la consulta o del buzón")),
            ("tema_numero", N_("Número del tema en su consulta")),
            ("tema", N_("Título del tema")),
            ("tipo", N_("Qué se envió")),
            ("canal", N_("Cómo llegó")),
            ("recibido", N_("Instante en que se recibió, UTC, ISO 8601")),
            ("plazo", N_("Si llegó en plazo")),
            ("admision", N_("Cómo se admitió: en plazo, sellado antes y capturado después, formulario abierto antes")),
            ("decision", N_("Si llegó tarde, lo que decidió la coordinación")),
            ("publicacion", N_("Si el texto es público")),
            ("texto", N_("Texto; vacío cuando no es público")),
            ("articulo", N_("Artículo para el que se propone otra redacción")),
            ("dice", N_("Lo que dice hoy, según quien opina")),
            ("debe_decir", N_("Lo que debería decir, según quien opina; las razones están en el texto")),
            ("autor", N_("Nombre, solo si la persona quiso publicarlo")),
            ("situacion", N_("Si ya tiene respuesta publicada, o si su autora o autor lo retiró o desconoció")),
            ("sentido", N_("Sentido de la respuesta; varios, separados por una barra, si se respondió por partes")),
            ("respuesta", N_("Texto de la respuesta")),
            ("respondido", N_("Instante de publicación de la respuesta, UTC, ISO 8601")),
        ),
        _submissions,
    ),
}
