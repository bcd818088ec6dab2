"""Campaigns in the open: which comments say nearly the same, how that was found, and what is each one's own."""

import csv
import io

from flask import Blueprint, Response, render_template, request

from consulta.analysis.clustering import load_parameters
from consulta.analysis.differences import find_differences
from consulta.analysis.operations import FEWEST
from consulta.analysis.queries import find_campaign, list_campaigns, list_public_members, map_public_sizes
from consulta.analysis.states import CampaignState
from consulta.errors import NotFound
from consulta.i18n.labels import official
from consulta.i18n.text import _
from consulta.submissions.policy import is_shown
from consulta.submissions.redaction import public_text
from consulta.web.access import EVERYBODY, access
from consulta.web.context import show_government
from consulta.web.pagination import decode_cursor, encode_cursor
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Window
from consulta.windows.queries import get_public_window

blueprint = Blueprint("public_campaigns", __name__)


@blueprint.get("/consultas/<slug>/parecidos")
@access(EVERYBODY)
def groups(slug: str) -> str:
    """List the groups of a window with both counts: comments, and different texts."""
    window = _window(slug)
    found = list_campaigns(window.id)
    received = read_window_counts([window.id]).get(window.id, {}).get("received", 0)
    return render_template(
        "portal/campaigns.html",
        window=window,
        found=[item for item in found if is_shown(item.representative)],
        sizes=map_public_sizes([item.id for item in found]),
        received=received,
        different=received - sum(item.size - 1 for item in found if item.state == CampaignState.CONFIRMED),
        fewest=FEWEST,
        parameters=load_parameters().as_json(),
    )


@blueprint.get("/consultas/<slug>/parecidos/<int:campaign_id>")
@access(EVERYBODY)
def group(slug: str, campaign_id: int) -> str:
    """Show the comments of a group, with what differs in each."""
    window, found = _window(slug), find_campaign(campaign_id)
    hidden = found is None or found.window_id != window.id or found.state == CampaignState.BROKEN
    if found is None or hidden or not is_shown(found.representative):
        raise NotFound(_("No existe ese grupo."))
    cursor = decode_cursor(request.args.get("desde"), int)
    members = list_public_members(found.id, after_id=cursor[0] if cursor else 0, limit=21)
    shown = members[:20]
    return render_template(
        "portal/campaign.html",
        window=window,
        campaign=found,
        members=[
            (item, find_differences(public_text(found.representative), public_text(item.submission))) for item in shown
        ],
        more=encode_cursor(shown[-1].submission_id) if len(members) > 20 else None,
    )


@blueprint.get("/consultas/<slug>/parecidos.csv")
@access(EVERYBODY)
def table(slug: str) -> Response:
    """Give which folio is in which group, for whoever wants to find the same groups again."""
    window = _window(slug)
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["grupo", "estado", "folio", "folio_representante", "parecido", "version_de_parametros"])
    for campaign in list_campaigns(window.id):
        for member in list_public_members(campaign.id, limit=100_000):
            row = (
                campaign.id,
                official("campaign_state", campaign.state),
                member.submission.folio,
                campaign.representative.folio,
                member.similarity,
                campaign.parameters.get("version", ""),
            )
            rows.writerow(row)
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="parecidos-{window.slug}.csv"'
    return response


def _window(slug: str) -> Window:
    found = get_public_window(slug)
    show_government(found.government)
    return found
