"""Continuity of office: who holds each post, and the paper that lists what a post has open when its holder leaves.

Work belongs to posts, so nothing moves when somebody goes; the paper is for whoever arrives. It names folios and dates
and never what was written: who administers reads no content.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, render_template

from consulta.actors import Actor, Role
from consulta.agencies.models import Post, Tenure
from consulta.agencies.queries import find_post, get_government, list_posts, list_tenures
from consulta.errors import NotFound
from consulta.i18n.labels import label
from consulta.i18n.text import TAGS, _, language
from consulta.moderation.appeals import list_open_appeals
from consulta.moderation.queries import list_to_review
from consulta.papers import Paper, PaperTable
from consulta.papers.docx import as_docx
from consulta.papers.pdf import as_pdf
from consulta.referrals.queries import list_answers, list_unrouted
from consulta.referrals.states import AnswerState
from consulta.referrals.tray import list_tray
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.windows.operations import status_of
from consulta.windows.queries import list_windows_of_government
from consulta.windows.states import WindowStatus

blueprint = Blueprint("continuity", __name__)
READS = roles(Role.COORDINATOR, Role.ADMINISTRATOR)
MOST = 2_000
OPEN = (WindowStatus.DRAFT, WindowStatus.UPCOMING, WindowStatus.OPEN, WindowStatus.CLOSED)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/coordinacion/cargos")
@access(READS)
def posts(actor: Actor) -> str:
    """List the posts with who holds each today, vacant ones first."""
    today = arrived_at().astimezone(ZoneInfo(get_government(actor.government_id).timezone)).date()
    holders: dict[int, list[Tenure]] = {}
    for tenure in list_tenures(actor.government_id):
        if tenure.from_on <= today and (tenure.to_on is None or today < tenure.to_on):
            holders.setdefault(tenure.post_id, []).append(tenure)
    found = sorted(list_posts(actor.government_id), key=lambda post: post.id in holders)
    return render_template("desk/posts.html", posts=found, holders=holders)


@blueprint.get("/coordinacion/cargos/<int:post_id>/entrega.<extension>")
@access(READS)
def handing_on(post_id: int, extension: str, actor: Actor) -> Response:
    """Give the paper of what a post has open (*entrega-recepción*)."""
    found = find_post(actor.government_id, post_id) if post_id < 2**62 else None
    if found is None:
        raise NotFound(_("No existe ese cargo."))
    if extension not in TYPES:
        abort(404)
    paper = _paper(found, actor.government_id, arrived_at())
    body = as_pdf(paper) if extension == "pdf" else as_docx(paper, arrived_at())
    response = Response(body, mimetype=TYPES[extension])
    response.headers["Content-Disposition"] = f'attachment; filename="entrega-{found.key}.{extension}"'
    return response


def _paper(post: Post, government_id: int, now: datetime) -> Paper:
    government = get_government(government_id)
    zone = ZoneInfo(government.timezone)
    tables = tuple(table for table in _tables(post, government_id, zone, now) if table.rows)
    return Paper(
        issuer=government.name,
        title=_("Entrega-recepción de un cargo"),
        language=TAGS[language()],
        facts=(
            (_("Cargo"), post.title),
            (_("Qué hace"), label("role", post.role)),
            (_("Unidad"), f"{post.unit.name}, {post.unit.agency.name}"),
            (_("A la fecha"), f"{now.astimezone(zone):%d/%m/%Y %H:%M}"),
        ),
        paragraphs=(
            _("El trabajo es del cargo: quien llega lo encuentra en su bandeja, con las mismas fechas.")
            if tables
            else _("Este cargo no tiene nada pendiente."),
        ),
        tables=tables,
        notes=(_("Entrega: ____________________     Recibe: ____________________     Testigo: ____________________"),),
    )


def _tables(post: Post, government_id: int, zone: ZoneInfo, now: datetime) -> list[PaperTable]:
    role = Role(post.role)
    if role in (Role.RESPONDENT, Role.CONTROL):
        return [_referrals(post, zone, is_control=role == Role.CONTROL)]
    if role == Role.APPROVER:
        return [_answers(_("Respuestas por firmar"), AnswerState.SUBMITTED, zone, agency_id=post.unit.agency_id)]
    if role == Role.MODERATOR:
        return [_review(government_id, zone), _appeals(government_id, zone)]
    if role == Role.COORDINATOR:
        return [
            _windows(government_id, zone, now),
            _unrouted(government_id, zone),
            _answers(_("Respuestas por publicar"), AnswerState.SIGNED_OFF, zone, government_id=government_id),
            _appeals(government_id, zone),
        ]
    return []


def _referrals(post: Post, zone: ZoneInfo, *, is_control: bool) -> PaperTable:
    own = [post.unit_id]
    found = list_tray(unit_ids=[] if is_control else own, control_unit_ids=own if is_control else [], limit=MOST)
    rows = tuple(
        (
            item.submission.folio,
            item.submission.topic.title,
            _last_day(item.due_at, zone),
            label("answer_state", item.answer.state) if item.answer else _("Sin empezar"),
        )
        for item in found
    )
    return PaperTable(_("Turnos por responder"), (_("Folio"), _("Tema"), _("Vence"), _("Respuesta")), rows)


def _answers(title: str, state: AnswerState, zone: ZoneInfo, **whose: Any) -> PaperTable:
    if "agency_id" in whose:
        whose = {"agency_ids": [whose["agency_id"]]}
    rows = tuple(
        (", ".join(item.submission.folio for item in answer.referrals[:5]), answer.unit.name, _first_due(answer, zone))
        for answer in list_answers(state=state, limit=MOST, **whose)
    )
    return PaperTable(title, (_("Folio"), _("Unidad"), _("Vence")), rows)


def _review(government_id: int, zone: ZoneInfo) -> PaperTable:
    rows = tuple(
        (item.folio, item.topic.title, _day(item.received_at, zone))
        for item in list_to_review(government_id, limit=MOST)
    )
    return PaperTable(_("Textos por revisar"), (_("Folio"), _("Tema"), _("Recibido")), rows)


def _appeals(government_id: int, zone: ZoneInfo) -> PaperTable:
    rows = tuple(
        (item.submission.folio, _day(item.filed_at, zone), _last_day(item.clock.due_at if item.clock else None, zone))
        for item in list_open_appeals(government_id)
    )
    return PaperTable(_("Impugnaciones"), (_("Folio"), _("Recibido"), _("Vence")), rows)


def _windows(government_id: int, zone: ZoneInfo, now: datetime) -> PaperTable:
    found = [(item, status_of(item, now)) for item in list_windows_of_government(government_id)]
    rows = tuple(
        (item.title, label("window_status", status), _last_day(item.closes_at, zone))
        for item, status in found
        if status in OPEN and not item.instrument.permanent
    )
    return PaperTable(_("Consultas"), (_("Título"), _("Estado"), _("Cierra")), rows)


def _unrouted(government_id: int, zone: ZoneInfo) -> PaperTable:
    rows = tuple(
        (item.folio, item.topic.title, _day(item.received_at, zone))
        for item in list_unrouted(government_id, limit=MOST)
    )
    return PaperTable(_("Comentarios sin turnar"), (_("Folio"), _("Tema"), _("Recibido")), rows)


def _first_due(answer: Any, zone: ZoneInfo) -> str:
    return _last_day(min((item.due_at for item in answer.referrals), default=None), zone)


def _day(instant: datetime | None, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%d/%m/%Y}" if instant else ""


def _last_day(instant: datetime | None, zone: ZoneInfo) -> str:
    """Return the day at whose 24:00 h something falls due."""
    return _day(instant - timedelta(microseconds=1) if instant else None, zone)
