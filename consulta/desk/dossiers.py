"""The file of a case, for who has to hand it in: of a folio, or of a whole window."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file

from consulta.actors import Actor, Role
from consulta.agencies.models import Post
from consulta.archives.dossiers import MOST_AT_ONCE, Source, write_submission, write_window
from consulta.archives.rules import may_read_file
from consulta.db import session
from consulta.errors import NotFound, Refused
from consulta.folio import parse_folio
from consulta.i18n.text import _
from consulta.record.signing import load_key
from consulta.storage.current import current_storage
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.web.access import access, roles
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.windows.counters import read_window_counts
from consulta.windows.queries import find_window
from consulta.windows.states import CounterName

blueprint = Blueprint("desk_dossiers", __name__)
READS = roles(Role.COORDINATOR, Role.TRANSPARENCY, Role.CONTROL, Role.AUDITOR)


@blueprint.get("/coordinacion/expedientes")
@access(READS)
def choose_file(actor: Actor) -> Any:
    """Ask for a folio or a window and go to its file."""
    typed = request.args.get("folio", "")[:80].strip()
    if not typed:
        return render_template("desk/dossiers.html", typed="", problem="")
    window = find_window(typed.rsplit("/", 1)[-1])
    if window is not None and window.government_id == actor.government_id:
        return redirect(f"/coordinacion/consultas/{window.slug}/expediente.zip")
    try:
        folio = parse_folio(typed)
    except Refused as refused:
        return render_template("desk/dossiers.html", typed=typed, problem=refused.message), 422
    if _readable(folio, actor) is None:
        problem = _("No hay un expediente de este gobierno con ese folio.")
        return render_template("desk/dossiers.html", typed=typed, problem=problem), 422
    return redirect(f"/coordinacion/expedientes/{folio}.zip")


@blueprint.get("/coordinacion/expedientes/<folio>.zip")
@access(READS)
def submission_file(folio: str, actor: Actor) -> Response:
    """Download the whole file of a submission; what is reserved, for the control body alone."""
    found = _readable(folio, actor)
    if found is None:
        raise NotFound(_("No existe ese folio."))
    target = BytesIO()
    write_submission(target, found, _source(actor))
    return _sent(target, found.folio)


@blueprint.get("/coordinacion/consultas/<slug>/expediente.zip")
@access(READS)
def window_file(slug: str, actor: Actor) -> Any:
    """Download the whole file of a window; a big one is written with the command."""
    found = find_window(slug)
    if found is None or found.government_id != actor.government_id:
        raise NotFound(_("No existe esa consulta."))
    received = read_window_counts([found.id]).get(found.id, {}).get(CounterName.RECEIVED, 0)
    if received > MOST_AT_ONCE:
        message = _(
            "Son %(n)s folios: pida a quien administra el equipo «consulta expediente %(slug)s».",
            n=f"{received:,}",
            slug=slug,
        )
        flash(message)
        return redirect(f"/coordinacion/consultas/{slug}")
    target = BytesIO()
    write_window(target, found, _source(actor))
    return _sent(target, slug)


def _readable(folio: str, actor: Actor) -> Submission | None:
    found = find_by_folio(folio)
    if found is None or not may_read_file(actor, holder_id=holder_of(found), reserved=found.reserved):
        return None
    return found


def _sent(target: BytesIO, about: str) -> Response:
    target.seek(0)
    return send_file(
        target, mimetype="application/zip", as_attachment=True, download_name=f"expediente-{about}.zip", max_age=0
    )


def _source(actor: Actor) -> Source:
    settings = services().settings
    title = session().get_one(Post, actor.post_id).title
    return Source(
        origin=settings.record_origin,
        key=load_key(settings.instance / "keys"),
        read=current_storage().read,
        post_title=title,
        now=arrived_at(),
    )
