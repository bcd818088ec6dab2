"""Who took part: the page of a consultation or mailbox, by year, to be shared and to be put into other sites."""

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, render_template

from consulta.disclosure import PublishableTable
from consulta.errors import NotFound
from consulta.i18n.labels import label
from consulta.i18n.text import _
from consulta.participation.drawing import MAP_HEIGHT, MAP_WIDTH, draw_places, draw_shared, has_font
from consulta.participation.models import PeopleRelease
from consulta.participation.queries import find_latest, list_releases, tables_of
from consulta.participation.reach import compare, people_of
from consulta.participation.wording import headline, person_value, question_title, share
from consulta.participation.years import list_years, sum_year
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, show_government
from consulta.windows.counters import read_window_counts
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.queries import get_public_window

blueprint = Blueprint("participation", __name__)
EMBEDDED = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)
BRAND = "#0b5d4e"


@blueprint.get("/consultas/<slug>/participacion")
@access(EVERYBODY)
def window_people(slug: str) -> str:
    """Show who took part in a consultation, beside the census, or when that will be published."""
    window = _window(slug)
    return render_template("portal/participation.html", **_values(window, find_latest(window.id)))


@blueprint.get("/buzones/<slug>/participacion")
@access(EVERYBODY)
def mailbox_people(slug: str) -> str:
    """Show the same of a mailbox."""
    window = _window(slug, permanent=True)
    return render_template("portal/participation.html", **_values(window, find_latest(window.id)))


@blueprint.get("/consultas/<slug>/participacion.png")
@access(EVERYBODY)
def shared(slug: str) -> Response:
    """Give the picture of a result, for whoever shares its address."""
    window = _window(slug)
    release = find_latest(window.id)
    if not has_font():
        raise NotFound(_("Aquí no se puede dibujar: falta una tipografía en el servidor."))
    people = tables_of(release)[0] if release else None
    colours = window.government.theme or {}
    picture = draw_shared(
        government=window.government.name,
        title=window.title,
        lines=[headline(people) if people else label("window_status", status_of(window, arrived_at()))],
        shares=_shares(people) if people else [],
        colour=colours.get("brand", BRAND),
    )
    return Response(picture, mimetype="image/png")


@blueprint.get("/incrustar/consultas/<slug>")
@access(EVERYBODY)
def embedded(slug: str) -> Response:
    """Show a consultation as a card that other sites may put into their pages: no script, no cookies."""
    window = _window(slug)
    page = render_template(
        "portal/embedded.html",
        counts=read_window_counts([window.id]).get(window.id, {}),
        status=status_of(window, arrived_at()),
        **_values(window, find_latest(window.id)),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = EMBEDDED
    return response


@blueprint.get("/resultados/participacion")
@blueprint.get("/resultados/participacion/<int:year>")
@access(EVERYBODY)
def by_year(year: int | None = None) -> str:
    """Show what was released in a year, consultation by consultation, with its sums; the latest year by itself."""
    years = list_years()
    chosen = year if year is not None else (years[0] if years else None)
    if year is not None and year not in years:
        raise NotFound(_("De ese año no se ha publicado ninguna cifra de participación."))
    releases = list_releases(year=chosen) if chosen else []
    summed = sum_year(releases)
    places = people_of("")
    return render_template(
        "portal/participation_year.html",
        years=years,
        year=chosen,
        rows=[(item.window, tables_of(item)[0]) for item in releases],
        summed=summed,
        places=draw_places(places, summed.get("municipality", {})),
        map_size=(MAP_WIDTH, MAP_HEIGHT),
        **_words(),
    )


def _values(window: Window, release: PeopleRelease | None) -> dict[str, object]:
    people, organizations = tables_of(release) if release else (None, None)
    territory = window.government.territory
    found = people.find("municipality") if people else None
    has_map = found is not None and not found.is_empty and len(territory) < 5
    places: Sequence[object] = draw_places(people_of(territory), found.figures) if found and has_map else []
    return {
        "window": window,
        "release": release,
        "people": people,
        "organizations": organizations,
        "reach": compare(people, territory) if people else [],
        "places": places,
        "map_size": (MAP_WIDTH, MAP_HEIGHT),
        "can_draw": has_font(),
        **_words(),
    }


def _shares(people: PublishableTable) -> list[tuple[str, int]]:
    sex = people.find("sex")
    return [(person_value("sex", value), share(count, people.total)) for value, count in sex.shown()] if sex else []


def _words() -> dict[str, object]:
    return {"headline": headline, "person_value": person_value, "question_title": question_title, "share": share}


def _window(slug: str, *, permanent: bool = False) -> Window:
    found = get_public_window(slug, permanent=permanent)
    show_government(found.government)
    return found
