"""The board page."""

from flask import Blueprint, render_template, request

from consulta.agencies.queries import find_government_by_key, list_governments
from consulta.board.figures import unit_bars
from consulta.participation.drawing import MAP_HEIGHT, MAP_WIDTH, draw_places
from consulta.participation.queries import list_latest
from consulta.participation.reach import people_of
from consulta.participation.years import sum_year
from consulta.referrals.queries import list_latest_answers
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government
from consulta.windows.counters import read_totals, read_unit_counts, read_window_counts
from consulta.windows.operations import status_of
from consulta.windows.queries import list_windows

blueprint = Blueprint("board", __name__)


@blueprint.get("/tablero")
@access(EVERYBODY)
def board() -> str:
    """Show the totals, units, places and latest answers, of the instance or of one government."""
    now = arrived_at()
    government = find_government_by_key(request.args.get("gobierno", ""))
    if government is not None:
        show_government(government)
    only = government.id if government else None
    windows = list_windows(now=now, government_id=only, limit=20)
    return render_template(
        "board/board.html",
        only=government,
        governments=list_governments(),
        totals=read_totals(only),
        windows=[(window, status_of(window, now)) for window in windows],
        counts=read_window_counts([window.id for window in windows]),
        bars=unit_bars(read_unit_counts(only)),
        places=draw_places(people_of(""), sum_year(list_latest()).get("municipality", {})) if only is None else [],
        map_size=(MAP_WIDTH, MAP_HEIGHT),
        latest=list_latest_answers(government_id=only),
    )
