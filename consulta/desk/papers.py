"""The papers of a closing for the coordination: prepared in one step, reviewed, issued; and how they are worded."""

import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request

from consulta.actors import Actor, Role
from consulta.agencies.queries import get_government
from consulta.db import unit_of_work
from consulta.desk.control_page import own_window
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.papers.docx import as_docx
from consulta.papers.pdf import as_pdf
from consulta.reports.matrix import iterate_matrix, write_matrix
from consulta.reports.models import ClosingPaper
from consulta.reports.operations import edit_paper, issue_paper, list_missing, prepare_papers
from consulta.reports.queries import find_paper, list_papers
from consulta.reports.states import PaperKind
from consulta.reports.wordings import LONGEST_BODY, PLACES, Wording, word_paper, wording_of
from consulta.reports.writing import write_matrix_paper, write_paper
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.windows.operations import status_of

blueprint = Blueprint("papers", __name__)
COORDINATES = roles(Role.COORDINATOR)
READS = roles(Role.COORDINATOR, Role.AUDITOR)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PaperForm(BaseForm):
    """Number, texts and signer of a paper."""

    number = CleanString(N_("Número"))
    subject = CleanString(N_("Asunto"))
    legal_basis = CleanText(N_("Fundamento"))
    body = CleanText(N_("Texto"))
    signer_name = CleanString(N_("Quién firma"))
    signer_post = CleanString(N_("Cargo de quien firma"))
    copies = CleanText(N_("Con copia para"))

    def wording(self) -> Wording:
        """Return what was typed, but for the number."""
        return Wording(**{field.name: self[field.name].data or "" for field in fields(Wording)})


@blueprint.get("/coordinacion/papeles")
@access(COORDINATES)
def wordings(actor: Actor) -> str:
    """Show how each kind of paper is worded."""
    return _wordings_page(actor)


@blueprint.post("/coordinacion/papeles/<kind>")
@access(COORDINATES)
def word(kind: str, actor: Actor) -> Any:
    """Word a kind of paper from now on."""
    if kind not in list(PaperKind):
        raise NotFound(_("No existe ese papel."))
    chosen, form = PaperKind(kind), PaperForm(request.form, prefix=f"{kind}-")
    form.attach_removed()
    try:
        if form.has_problems():
            return _wordings_page(actor, chosen, form), 422
        with unit_of_work():
            government = get_government(actor.government_id)
            word_paper(government=government, kind=chosen, wording=form.wording(), actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _wordings_page(actor, chosen, form), 422
    flash(_("Texto guardado: así saldrán los próximos. Lo ya preparado no cambia."))
    return redirect("/coordinacion/papeles")


@blueprint.get("/coordinacion/consultas/<slug>/papeles")
@access(READS)
def papers(slug: str, actor: Actor) -> str:
    """List the papers of a window."""
    return _list_page(slug, actor)


@blueprint.post("/coordinacion/consultas/<slug>/papeles")
@access(COORDINATES)
def prepare(slug: str, actor: Actor) -> Any:
    """Prepare every paper in one step, or count again those that are not issued."""
    try:
        with unit_of_work():
            prepare_papers(window=own_window(slug, actor), actor=actor, now=arrived_at())
    except Refused as refused:
        return _list_page(slug, actor, refused.message), 422
    flash(_("Papeles preparados: revíselos antes de emitirlos."))
    return redirect(f"/coordinacion/consultas/{slug}/papeles")


@blueprint.get("/coordinacion/consultas/<slug>/papeles/<int:paper_id>")
@access(READS)
def paper(slug: str, paper_id: int, actor: Actor) -> str:
    """Show a paper as it will be, with the form of what may be changed."""
    found = _own(slug, paper_id, actor)
    return _paper_page(found, PaperForm(obj=found), actor)


@blueprint.post("/coordinacion/consultas/<slug>/papeles/<int:paper_id>")
@access(COORDINATES)
def edit(slug: str, paper_id: int, actor: Actor) -> Any:
    """Keep what was written; `accion=emitir` issues it too."""
    form, found = PaperForm(request.form), _own(slug, paper_id, actor)
    form.attach_removed()
    issues = request.form.get("accion") == "emitir"
    try:
        if form.has_problems():
            return _paper_page(found, form, actor), 422
        with unit_of_work():
            number = form.number.data or ""
            edit_paper(paper=found, number=number, wording=form.wording(), actor=actor, now=arrived_at())
            for field, message in list_missing(found) if issues else []:
                form.add_problem(field, message)
            if form.has_problems():
                raise Refused(_("Falta algo para emitirlo; lo que escribió sigue aquí."))
            if issues:
                issue_paper(paper=found, actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _paper_page(_own(slug, paper_id, actor), form, actor), 422
    flash(_("Papel emitido: ya no cambia.") if issues else _("Guardado."))
    return redirect(f"/coordinacion/consultas/{slug}/papeles/{paper_id}")


@blueprint.get("/coordinacion/consultas/<slug>/papeles/<int:paper_id>/papel.<extension>")
@access(READS)
def download(slug: str, paper_id: int, extension: str, actor: Actor) -> Response:
    """Give a paper as PDF, or as DOCX to be put on letterhead."""
    found = _own(slug, paper_id, actor)
    if extension not in ("pdf", "docx"):
        abort(404)
    written = write_paper(found)
    body = as_pdf(written) if extension == "pdf" else as_docx(written, found.issued_at or found.counted_at)
    name = f"{found.kind}-{slug}-{found.id}.{extension}"
    return _file(body, "application/pdf" if extension == "pdf" else DOCX, name)


@blueprint.get("/coordinacion/consultas/<slug>/matriz.<extension>")
@access(READS)
def matrix(slug: str, extension: str, actor: Actor) -> Response:
    """Give the matrix of comments and answers."""
    window = own_window(slug, actor)
    if extension == "docx":
        written = write_matrix_paper(window, list(iterate_matrix(window)))
        return _file(as_docx(written, arrived_at()), DOCX, f"matriz-{slug}.docx")
    if extension != "xlsx":
        abort(404)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matriz.xlsx"
        write_matrix(window, path)
        return _file(path.read_bytes(), XLSX, f"matriz-{slug}.xlsx")


def _file(body: bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _own(slug: str, paper_id: int, actor: Actor) -> ClosingPaper:
    found = find_paper(own_window(slug, actor).id, paper_id)
    if found is None:
        raise NotFound(_("No existe ese papel."))
    return found


def _list_page(slug: str, actor: Actor, refusal: str = "") -> str:
    window = own_window(slug, actor)
    return render_template(
        "desk/papers.html",
        window=window,
        status=status_of(window, arrived_at()),
        papers=list_papers(window.id),
        writes=actor.role == Role.COORDINATOR,
        refusal=refusal,
    )


def _paper_page(found: ClosingPaper, form: PaperForm, actor: Actor) -> str:
    return render_template(
        "desk/paper.html",
        window=found.window,
        paper=found,
        written=write_paper(found),
        form=form,
        places=[f"{{{name}}}" for name in PLACES],
        longest=LONGEST_BODY,
        writes=actor.role == Role.COORDINATOR and found.issued_at is None,
    )


def _wordings_page(actor: Actor, chosen: PaperKind | None = None, refused: PaperForm | None = None) -> str:
    forms = {
        kind: refused
        if refused is not None and kind == chosen
        else PaperForm(obj=wording_of(actor.government_id, kind), prefix=f"{kind}-")
        for kind in PaperKind
    }
    return render_template(
        "desk/paper_wordings.html",
        forms=forms,
        chosen=chosen,
        places=[f"{{{name}}}" for name in PLACES],
        longest=LONGEST_BODY,
    )
