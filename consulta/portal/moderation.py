"""Review in figures, by quarter, for everybody: how much was not shown, and why."""

import csv
import io

from flask import Blueprint, Response, abort, render_template, request

from consulta.agencies.models import Government
from consulta.agencies.queries import find_government_by_key, find_main_government, list_governments
from consulta.moderation.figures import read_quarters
from consulta.moderation.grounds import load_grounds, load_terms
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government

blueprint = Blueprint("public_moderation", __name__)
FIRST_YEAR = 2020


@blueprint.get("/moderacion")
@access(EVERYBODY)
def figures() -> str:
    """Show the figures of a year."""
    government, year = _chosen()
    return render_template(
        "portal/moderation.html",
        government=government,
        governments=list_governments(),
        year=year,
        quarters=read_quarters(government, year),
        grounds=load_grounds(),
        terms=load_terms(),
    )


@blueprint.get("/moderacion.csv")
@access(EVERYBODY)
def table() -> Response:
    """Give the figures of a year as a table."""
    government, year = _chosen()
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["anio", "trimestre", "concepto", "cuenta"])
    for quarter in read_quarters(government, year):
        counts = {
            **{f"acto_{name}": count for name, count in sorted(quarter.acts.items())},
            **{f"causa_{name}": count for name, count in sorted(quarter.grounds.items())},
            "fuera_de_plazo": quarter.late,
            **{f"impugnacion_{name}": count for name, count in sorted(quarter.appeals.items())},
        }
        rows.writerows([year, quarter.number, name, count] for name, count in counts.items())
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="moderacion-{government.key}-{year}.csv"'
    return response


def _chosen() -> tuple[Government, int]:
    government = find_government_by_key(request.args.get("gobierno", "")) or find_main_government()
    if government is None:
        abort(404)
    show_government(government)
    now = arrived_at().year
    asked = request.args.get("anio", type=int)
    return government, asked if asked is not None and FIRST_YEAR <= asked <= now else now
