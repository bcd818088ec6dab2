"""What is kept of a person, for who has folio and key: to see it, to take it, and to ask for something about it."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from wtforms import RadioField

from consulta.archives.held import describe_held
from consulta.archives.held_files import as_file, term_sentence
from consulta.clocks import load_rule
from consulta.data_rights.operations import file_request
from consulta.data_rights.rules import ANSWER_RULE, EFFECT_RULE, LONGEST_TEXT, DataRightsDraft
from consulta.data_rights.states import DataRightsKind
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.folio import parse_folio
from consulta.i18n.labels import label
from consulta.i18n.text import N_
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_own
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services, show_government
from consulta.web.forms import BaseForm, CleanHidden, CleanString, CleanText
from consulta.web.responses import no_store

blueprint = Blueprint("data_rights", __name__)
TYPES = {"json": "application/json", "txt": "text/plain; charset=utf-8"}


class DataRightsForm(BaseForm):
    """Folio and key, which right is exercised, and what for."""

    folio = CleanHidden()
    key = CleanHidden()
    kind = RadioField(
        N_("Qué pide"),
        choices=lambda: [(kind.value, label("data_rights_kind", kind)) for kind in DataRightsKind],
        validate_choice=False,
    )
    text = CleanText(N_("Diga qué pide y por qué"))
    new_email = CleanString(N_("Correo correcto"))
    new_phone = CleanString(N_("Teléfono correcto"))
    new_name = CleanString(N_("Nombre correcto, como se publica"))

    def draft(self) -> DataRightsDraft:
        """Return what the person asks for."""
        return DataRightsDraft(
            kind=self.kind.data or "",
            text=self.text.data or "",
            new_email=self.new_email.data or "",
            new_phone=self.new_phone.data or "",
            new_name=self.new_name.data or "",
        )


@blueprint.post("/seguimiento/mis-datos")
@access(EVERYBODY)
def own_data() -> Any:
    """Show everything that is kept about a folio to who has its key."""
    no_store()
    form = DataRightsForm(request.form)
    found = _own(form)
    return redirect("/seguimiento", 303) if found is None else _page(found, form)


@blueprint.post("/seguimiento/mis-datos/descargar")
@access(EVERYBODY)
def download() -> Any:
    """Give the same as a file: JSON or plain text, as `formato` says."""
    no_store()
    kind = request.form.get("formato", "json")
    found = _own(DataRightsForm(request.form))
    if found is None or kind not in TYPES:
        return redirect("/seguimiento", 303)
    content = as_file(describe_held(found), found.topic.window.government.timezone, kind)
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="mis-datos-{found.folio}.{kind}"'
    return response


@blueprint.post("/seguimiento/mis-datos/solicitar")
@access(EVERYBODY)
def ask() -> Any:
    """File a request, and acknowledge it on the page with the date by which it is answered."""
    no_store()
    form = DataRightsForm(request.form)
    found = _own(form)
    if found is None:
        return redirect("/seguimiento", 303)
    form.attach_removed()
    if form.has_problems():
        return _page(found, form), 422
    try:
        with unit_of_work():
            filed_id = file_request(submission=found, draft=form.draft(), now=arrived_at()).id
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(found, form), 422
    return _page(found, DataRightsForm(folio=form.folio.data, key=form.key.data), filed_id)


def _own(form: DataRightsForm) -> Submission | None:
    try:
        folio = parse_folio(form.folio.data or "")
    except Refused:
        return None
    found = find_own(folio=folio, key=(form.key.data or "")[:200], secret=services().secret)
    if found is not None:
        show_government(found.topic.window.government)
    return found


def _page(found: Submission, form: DataRightsForm, filed_id: int = 0) -> str:
    held = describe_held(found)
    return render_template(
        "portal/held.html",
        submission=found,
        held=held,
        form=form,
        filed=next((item for item in held.requests if item.id == filed_id), None),
        term=term_sentence(held.retention),
        rule=load_rule(ANSWER_RULE),
        effect=load_rule(EFFECT_RULE),
        longest=LONGEST_TEXT,
        zone=found.topic.window.government.timezone,
    )
