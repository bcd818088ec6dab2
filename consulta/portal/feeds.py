"""Feeds: what happens in a window, where an agency answers, in a search, and in the whole instance."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, request

from consulta.finding.findables import Findable
from consulta.finding.results import search as find_results
from consulta.finding.states import FoundKind
from consulta.following.feeds import MOST, last_act_at, list_agency_news, list_all_news, list_window_news
from consulta.following.news import News, about_comment, newest
from consulta.following.queries import find_agency
from consulta.following.states import HappeningKind
from consulta.i18n.text import TAGS, _, language
from consulta.portal.atom import MEDIA_TYPE, Feed, as_atom
from consulta.portal.search import FIELDS, read_asked
from consulta.search.current import current_index
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.languages import prefix
from consulta.windows.queries import get_public_window

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/consultas/atom.xml")
@access(EVERYBODY)
def everything() -> Response:
    """Give the windows of the instance that opened, moved or ended."""
    feed = _feed("all", _("Consultas públicas"), "Consulta", "/consultas")
    return _answer(feed, list_all_news(arrived_at()))


@blueprint.get("/consultas/<slug>/atom.xml")
@access(EVERYBODY)
def window(slug: str) -> Response:
    """Give what happens in a window: dates, documents, papers, published comments and their answers."""
    found = get_public_window(slug)
    feed = _feed(f"window:{slug}", found.title, found.government.name, f"/consultas/{slug}")
    return _answer(feed, list_window_news(found, arrived_at()))


@blueprint.get("/gobiernos/<key>/dependencias/<agency>/atom.xml")
@access(EVERYBODY)
def agency(key: str, agency: str) -> Response:
    """Give what happens where an agency answers: windows that opened, moved or ended, and its answers."""
    found = find_agency(key, agency)
    if found is None:
        abort(404)
    page = urlencode({"dependencia": f"{key}/{agency}"}, safe="/")
    feed = _feed(f"agency:{key}/{agency}", found.name, found.government.name, f"/avisos?{page}")
    return _answer(feed, list_agency_news(found.id, arrived_at()))


@blueprint.get("/buscar/atom.xml")
@access(EVERYBODY)
def search() -> Response:
    """Give what a search finds, newest first; the same fields as its page."""
    errors: dict[str, str] = {}
    asked = read_asked({**request.args, "orden": "fecha", "pagina": ""}, errors)
    if errors:
        abort(400, description=" ".join(errors.values()))
    wanted = asked.request(services().settings.timezone, limit=MOST)
    found = find_results(current_index(), wanted).items if wanted.query else ()
    kept = urlencode({name: request.args[name] for name in FIELDS if request.args.get(name) and name != "orden"})
    title = _("Buscar: %(words)s", words=asked.text) if asked.text else _("Buscar")
    feed = _feed(f"search:{kept}", title, "Consulta", f"/buscar?{kept}" if kept else "/buscar", query=kept)
    return _answer(feed, newest([_as_news(result.found) for result in found], MOST))


def _as_news(found: Findable) -> News:
    if found.kind == FoundKind.COMMENT:
        return about_comment(found.row)
    window, is_topic = found.window, found.kind == FoundKind.TOPIC
    # A window that has not opened yet was put here when it was last written to.
    at = min(found.at, window.updated_at)
    return News(
        HappeningKind.OPENED,
        f"topic:{found.row.reference}" if is_topic else f"window:{window.slug}",
        window,
        found.title,
        found.row.summary,
        found.address,
        window.government.name,
        at,
        window.updated_at,
    )


def _feed(key: str, title: str, author: str, page: str, *, query: str = "") -> Feed:
    """Return a feed at the address of the request; each language has its own."""
    public_url = services().settings.public_url
    spoken = f"{prefix().strip('/')}:" if prefix() else ""
    return Feed(
        key=f"{spoken}{key}",
        title=title,
        author=author,
        self_address=f"{public_url}{prefix()}{request.path}{f'?{query}' if query else ''}",
        page_address=f"{public_url}{prefix()}{page}",
        language=TAGS[language()],
        public_url=public_url,
        base=public_url + prefix(),
    )


def _answer(feed: Feed, news: Sequence[News]) -> Response:
    """Return a feed that readers ask for again cheaply: by its content, or by when anything last changed."""
    response = make_response(as_atom(feed, news))
    response.content_type = f"{MEDIA_TYPE}; charset=utf-8"
    changes: list[datetime] = [one.updated_at for one in news]
    last = last_act_at()
    response.last_modified = max([*changes, *([last] if last else [])], default=None)
    return response
