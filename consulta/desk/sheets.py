"""The tray as a spreadsheet: down with its filters, up again; first a report, and then, when confirmed, the answers."""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import FileStorage

from consulta.actors import Actor, Role
from consulta.db import unit_of_work
from consulta.desk.tray import chosen_filter
from consulta.errors import ConsultaError, Refused
from consulta.i18n.text import _
from consulta.referrals.models import Referral
from consulta.referrals.sheets import MOST_ROWS, SheetReport, apply_sheet, check_sheet, write_sheet
from consulta.referrals.tray import list_tray
from consulta.storage.current import current_storage
from consulta.submissions.files import keep_waiting, list_waiting
from consulta.web.access import access, held_posts, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash

blueprint = Blueprint("sheets", __name__)
# What is reserved never leaves for a file.
FILLS_IN = roles(Role.RESPONDENT, Role.APPROVER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT_ONCE = 500


@blueprint.get("/bandeja/hoja")
@access(FILLS_IN)
def download(actor: Actor) -> Response:
    """Download what the tray shows with these filters."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turnos.xlsx"
        write_sheet(_all_shown(actor), path)
        response = Response(path.read_bytes(), mimetype=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="turnos.xlsx"'
    return response


@blueprint.get("/bandeja/hoja/subir")
@access(FILLS_IN)
def choose(actor: Actor) -> str:  # noqa: ARG001 - any post may
    """Ask for the filled in sheet."""
    return _page()


@blueprint.post("/bandeja/hoja/subir")
@access(FILLS_IN)
def upload(actor: Actor) -> Any:  # noqa: ARG001 - every post of the person
    """Report what the sheet would do; nothing is written until it is confirmed."""
    chosen = request.files.get("file")
    try:
        if chosen is None or not chosen.filename:
            raise Refused(_("Elija la hoja llena: un archivo XLSX."))
        token, report = _keep(chosen)
    except ConsultaError as refused:
        return _page(refusal=refused.message), 422
    return _page(report=report, token=token), 422 if report.problems else 200


@blueprint.post("/bandeja/hoja/aplicar")
@access(FILLS_IN)
def apply(actor: Actor) -> Any:  # noqa: ARG001 - every post of the person
    """Write the answers of the good rows of a sheet that was checked."""
    found = list_waiting([request.form.get("hoja", "")[:64]])
    if not found:
        return _page(refusal=_("La hoja ya no está: súbala otra vez.")), 422
    content = current_storage().read(found[0][1].original_key)
    try:
        report = _check(content)
    except ConsultaError as refused:
        return _page(refusal=refused.message), 422
    submits = request.form.get("accion") == "firmar"
    apply_sheet(report, posts=_posts(), now=arrived_at(), submits=submits)
    flash(
        _("Respuestas enviadas a firma: %(done)s.", done=report.applied)
        if submits
        else _("Borradores guardados: %(done)s.", done=report.applied)
    )
    return (_page(report=report), 422) if report.problems else redirect("/bandeja/turnos")


def _keep(chosen: FileStorage) -> tuple[str, SheetReport]:
    content = chosen.read()
    report = _check(content)
    with unit_of_work():
        token, _waiting = keep_waiting(
            storage=current_storage(), filename=chosen.filename or "", content=content, now=arrived_at()
        )
    return token, report


def _check(content: bytes) -> SheetReport:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turnos.xlsx"
        path.write_bytes(content)
        return check_sheet(path, posts=_posts())


def _posts() -> tuple[Actor, ...]:
    return held_posts(Role.RESPONDENT, Role.APPROVER)


def _all_shown(actor: Actor) -> Iterator[Referral]:
    """Yield the referrals that the tray shows, page after page, up to what a sheet may hold."""
    after: tuple[datetime, int] | None = None
    units = {post.unit_id for post in _posts()}
    for _page_number in range(MOST_ROWS // AT_ONCE):
        found = list_tray(unit_ids=units, shown=chosen_filter(actor), after=after, limit=AT_ONCE)
        yield from found
        if len(found) < AT_ONCE:
            return
        after = (found[-1].due_at, found[-1].id)


def _page(report: SheetReport | None = None, token: str = "", refusal: str = "") -> str:
    return render_template("desk/sheet.html", report=report, token=token, refusal=refusal, most=MOST_ROWS)
