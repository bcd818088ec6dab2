"""What a consultation gives back: the results page, as PDF and CSV; the record of its closing and the certificate."""

import csv
import io

from flask import Blueprint, Response, abort, render_template

from consulta.errors import NotFound
from consulta.i18n.labels import official
from consulta.i18n.text import _
from consulta.papers.docx import as_docx
from consulta.papers.pdf import as_pdf
from consulta.participation.queries import find_latest, tables_of
from consulta.participation.wording import headline, person_value, question_title, released_rows, share
from consulta.reports.feedback import read_results
from consulta.reports.models import ClosingPaper
from consulta.reports.queries import find_issued, list_issued_kinds
from consulta.reports.states import PaperKind
from consulta.reports.writing import write_paper
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.queries import get_public_window

blueprint = Blueprint("results", __name__)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
PUBLIC_PAPERS = {"acta": PaperKind.MINUTES, "constancia": PaperKind.NO_COMMENTS, "resultados": PaperKind.FEEDBACK}


@blueprint.get("/consultas/<slug>/resultados")
@access(EVERYBODY)
def results(slug: str) -> str:
    """Show what was asked, who took part, what was said, decided and changed; or when that will be here."""
    window = _window(slug)
    found = find_issued(window.id, PaperKind.FEEDBACK)
    release = find_latest(window.id)
    people = tables_of(release)[0] if release else None
    return render_template(
        "portal/results.html",
        window=window,
        status=status_of(window, arrived_at()),
        paper=found,
        topics=read_results(found) if found else [],
        issued=list_issued_kinds(window.id),
        totals=read_window_counts([window.id]).get(window.id, {}),
        people=people,
        headline=headline,
        person_value=person_value,
        question_title=question_title,
        share=share,
    )


@blueprint.get("/consultas/<slug>/<any(acta, constancia, resultados):name>.<extension>")
@access(EVERYBODY)
def paper(slug: str, name: str, extension: str) -> Response:
    """Give an issued paper as PDF or DOCX, and the results as CSV too."""
    found = find_issued(_window(slug).id, PUBLIC_PAPERS[name])
    if found is None:
        raise NotFound(_("Todavía no se emite: vuelva después del cierre."))
    if extension == "csv" and found.kind == PaperKind.FEEDBACK:
        return _file(_as_csv(found), "text/csv", f"{name}-{slug}.csv")
    if extension not in TYPES:
        abort(404)
    written = write_paper(found)
    body = as_pdf(written) if extension == "pdf" else as_docx(written, found.issued_at or found.counted_at)
    return _file(body, TYPES[extension], f"{name}-{slug}.{extension}")


def _as_csv(found: ClosingPaper) -> str:
    """Return the figures of an edition, one per row, without rows of totals."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["seccion", "tema", "concepto", "desde", "hasta"])
    for channel, count in found.content.get("by_channel", {}).items():
        rows.writerow(["recibidos_por_canal", "", official("channel", channel), count, count])
    for channel, count in found.content.get("late_by_channel", {}).items():
        rows.writerow(["fuera_de_plazo_por_canal", "", official("channel", channel), count, count])
    for question, value, count in released_rows(found.content.get("participation") or {}):
        rows.writerow([f"opiniones_por_{question}", "", value, count, count])
    for topic in read_results(found):
        rows.writerow(["recibidos", topic.title, "", topic.received, topic.received])
        rows.writerow(["respondidos", topic.title, "", topic.answered, topic.answered])
        for disposition, count in topic.dispositions:
            rows.writerow(["respuestas", topic.title, official("disposition", disposition), count, count])
    return written.getvalue()


def _file(body: str | bytes, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _window(slug: str) -> Window:
    found = get_public_window(slug)
    show_government(found.government)
    return found
