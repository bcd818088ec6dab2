"""The coordinator's page of a topic: its plain page, its unit, its documents and their versions."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from wtforms import SelectField

from consulta.actors import Actor, Role
from consulta.agencies.queries import find_unit, list_units
from consulta.db import unit_of_work
from consulta.documents.models import Document
from consulta.documents.operations import prepare_file, publish_document, publish_version
from consulta.documents.queries import list_documents
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.inspection import MAX_FILE_BYTES
from consulta.storage.current import current_storage
from consulta.web.access import access, roles
from consulta.web.context import arrived_at
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.windows.dockets import list_dockets, list_predecessors
from consulta.windows.likeness import find_likenesses
from consulta.windows.models import Topic
from consulta.windows.operations import status_of
from consulta.windows.preparing import edit_topic
from consulta.windows.queries import get_topic
from consulta.windows.states import SuccessionKind

blueprint = Blueprint("topics", __name__)
COORDINATES = roles(Role.COORDINATOR)


class TopicForm(BaseForm):
    """A topic."""

    title = CleanString(N_("Título"))
    summary = CleanText(N_("Explicación"))
    sheet = CleanText(N_("Cédula: una página en palabras sencillas"))
    unit_id = SelectField(N_("Unidad que responde"), validate_choice=False)


class DocumentForm(BaseForm):
    """A file to publish: a new document, or the next version of one."""

    document_title = CleanString(N_("Título del documento"))
    note = CleanText(N_("Qué cambió"))
    file = CleanString(N_("Archivo"))


@blueprint.get("/coordinacion/consultas/<slug>/temas/<int:number>")
@access(COORDINATES)
def topic(slug: str, number: int, actor: Actor) -> str:
    """Show a topic with its forms."""
    return _page(_own(slug, number, actor))


@blueprint.post("/coordinacion/consultas/<slug>/temas/<int:number>")
@access(COORDINATES)
def edit(slug: str, number: int, actor: Actor) -> Any:
    """Change a topic."""
    found, form = _own(slug, number, actor), TopicForm(request.form)
    form.attach_removed()
    unit_id = form.unit_id.data or ""
    try:
        if form.has_problems():
            return _page(found, form), 422
        with unit_of_work():
            edit_topic(
                topic=found,
                title=form.title.data or "",
                summary=form.summary.data or "",
                sheet=form.sheet.data or "",
                unit=find_unit(actor.government_id, int(unit_id)) if _is_number(unit_id) else None,
                actor=actor,
                now=arrived_at(),
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(_own(slug, number, actor), form), 422
    flash(_("Tema guardado."))
    return redirect(f"/coordinacion/consultas/{slug}/temas/{number}")


@blueprint.post("/coordinacion/consultas/<slug>/temas/<int:number>/documentos")
@access(COORDINATES)
def publish(slug: str, number: int, actor: Actor) -> Any:
    """Publish a new document of a topic."""
    return _publish(slug, number, None, actor)


@blueprint.post("/coordinacion/consultas/<slug>/temas/<int:number>/documentos/<int:document>")
@access(COORDINATES)
def publish_next(slug: str, number: int, document: int, actor: Actor) -> Any:
    """Publish the next version of a document."""
    return _publish(slug, number, document, actor)


def _publish(slug: str, number: int, document_number: int | None, actor: Actor) -> Any:
    found, form = _own(slug, number, actor), DocumentForm(request.form)
    form.attach_removed()
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        form.add_problem("file", _("Elija el archivo: DOCX, o PDF con texto."))
        return _page(found, document_form=form, at=document_number), 422
    try:
        file = prepare_file(
            filename=chosen.filename, content=chosen.read(MAX_FILE_BYTES + 1), storage=current_storage()
        )
        with unit_of_work():
            if document_number is None:
                title = form.document_title.data or ""
                publish_document(topic=found, title=title, file=file, actor=actor, now=arrived_at())
            else:
                document, note = _document(found, document_number), form.note.data or ""
                publish_version(document=document, file=file, note=note, actor=actor, now=arrived_at())
    except Refused as refused:
        form.add_problem("document_title" if refused.field == "title" else refused.field, refused.message)
        return _page(_own(slug, number, actor), document_form=form, at=document_number), 422
    flash(_("Documento publicado. Revise cómo se lee en su página."))
    return redirect(f"/coordinacion/consultas/{slug}/temas/{number}#documentos")


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 18


def _document(topic: Topic, number: int) -> Document:
    for document in list_documents(topic.id):
        if document.number == number:
            return document
    raise NotFound(_("No existe ese documento."))


def _own(slug: str, number: int, actor: Actor) -> Topic:
    found = get_topic(slug, number) if number < 10**9 else None
    if found is None or found.window.government_id != actor.government_id:
        raise NotFound(_("No existe ese tema."))
    return found


def _page(
    found: Topic, form: TopicForm | None = None, *, document_form: DocumentForm | None = None, at: int | None = None
) -> str:
    if form is None:
        values = {"title": found.title, "summary": found.summary, "sheet": found.sheet}
        form = TopicForm(data={**values, "unit_id": str(found.unit_id or "")})
    units = [(str(unit.id), f"{unit.name} ({unit.agency.name})") for unit in list_units(found.window.government_id)]
    form.unit_id.choices = [("", _("La decide la coordinación después")), *units]
    return render_template(
        "desk/topic.html",
        topic=found,
        status=status_of(found.window, arrived_at()),
        documents=list_documents(found.id),
        form=form,
        document_form=document_form or DocumentForm(),
        at=at,
        likenesses=find_likenesses(found) if found.docket and not list_predecessors(found.docket.id) else [],
        predecessors=list_predecessors(found.docket.id) if found.docket else [],
        dockets=[item for item in list_dockets(found.window.government_id) if item.id != found.docket_id],
        successions=list(SuccessionKind),
    )
