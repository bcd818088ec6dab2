"""The board page."""

from flask import Blueprint, render_template

from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at
from consulta.windows.counters import read_totals, read_window_counts
from consulta.windows.operations import status_of
from consulta.windows.queries import list_windows

blueprint = Blueprint("board", __name__)


@blueprint.get("/tablero")
@access(EVERYBODY)
def board() -> str:
    """Show the totals of the instance and the latest windows with theirs."""
    now = arrived_at()
    windows = list_windows(now=now, limit=20)
    return render_template(
        "board/board.html",
        totals=read_totals(),
        windows=[(window, status_of(window, now)) for window in windows],
        counts=read_window_counts([window.id for window in windows]),
    )
