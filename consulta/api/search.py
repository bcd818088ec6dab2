"""Search for machines: the same hits as the page, read again before they are given."""

from typing import Any

from apiflask import APIBlueprint
from flask import abort

from consulta.api.answers import HitsOut
from consulta.api.describing import gives
from consulta.api.filters import SearchQuery
from consulta.api.serializers import utc
from consulta.errors import Refused
from consulta.finding.asking import LAST_PAGE, Asked, is_day
from consulta.finding.findables import HANDED_IN
from consulta.finding.results import Result, search
from consulta.search.current import current_index
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.web.pagination import FOREIGN, decode_cursor, encode_cursor

blueprint = APIBlueprint("api_search", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
@access(EVERYBODY)
@blueprint.doc(
    summary="Buscar en lo público",
    responses=gives(HitsOut, "Una página de resultados, leídos otra vez al darlos"),
    tags=["Consultas"],
)
@blueprint.input(SearchQuery, location="query", arg_name="query")
def find(query: dict[str, Any]) -> Any:
    """Look for words in what is public: `total` counts up to 5,000; comments carry their folio."""
    cursor = decode_cursor(query["cursor"], int)
    page = cursor[0] if cursor else 1
    if not 1 <= page <= LAST_PAGE:
        abort(400, description=FOREIGN)
    for name in ("since", "until"):
        if query[name] is not None and not is_day(query[name]):
            raise Refused("Escriba un día de este siglo o del pasado.", field=name)
    asked = Asked(
        text=query["q"],
        instrument=query["instrument"],
        government=query["government"],
        agency=query["agency"],
        disposition=query["disposition"] or "",
        since=query["since"],
        until=query["until"],
        newest_first=query["order"] == "newest",
        page=page,
    )
    found = search(current_index(), asked.request(services().settings.timezone))
    following = encode_cursor(page + 1) if found.has_more and page < LAST_PAGE else None
    return {
        "total": found.total,
        "meant": dict(found.meant),
        "items": [_json(item) for item in found.items],
        "next": following,
    }


def _json(result: Result) -> dict[str, Any]:
    found = result.found
    return {
        "kind": found.kind.value,
        "title": found.title,
        "folio": found.row.folio if found.kind in HANDED_IN else None,
        "window": found.window.slug,
        "at": utc(found.at),
        "dispositions": [answer.disposition for answer in found.answers],
        "snippet": "".join(piece.text for piece in result.snippet),
        "url": services().settings.public_url + found.address,
    }
