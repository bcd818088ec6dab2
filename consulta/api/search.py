"""Search for machines: the same hits as the page, read again before they are given."""

from typing import Any

from apiflask import APIBlueprint

from consulta.api.schemas import SearchQuery
from consulta.api.serializers import utc
from consulta.finding.asking import LAST_PAGE, Asked, read_day
from consulta.finding.results import Result, search
from consulta.finding.states import FoundKind
from consulta.referrals.states import Disposition
from consulta.search.current import current_index
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.web.errors import problem
from consulta.web.pagination import decode_cursor, encode_cursor

blueprint = APIBlueprint("api_search", __name__, url_prefix="/api/v1")
ORDERS = ("relevance", "newest")


@blueprint.get("/search")
@access(EVERYBODY)
@blueprint.input(SearchQuery, location="query", arg_name="query")
def find(query: dict[str, str]) -> Any:
    """Look for words in what is public: `total` counts up to 5,000; comments carry their folio."""
    errors = _errors(query)
    cursor = decode_cursor(query["cursor"], int)
    page = cursor[0] if cursor else 1
    if errors or not 1 <= page <= LAST_PAGE:
        return problem(422, "Hay campos que corregir.", errors=errors or [_field("cursor", "No es de esta lista.")])
    asked = Asked(
        text=query["q"],
        instrument=query["instrument"],
        government=query["government"],
        disposition=query["disposition"],
        since=read_day(query["since"]),
        until=read_day(query["until"]),
        newest_first=query["order"] == "newest",
        page=page,
    )
    found = search(current_index(), asked.request(services().settings.timezone))
    following = encode_cursor(page + 1) if found.has_more and page < LAST_PAGE else None
    return {"total": found.total, "items": [_json(item) for item in found.items], "next": following}


def _errors(query: dict[str, str]) -> list[dict[str, str]]:
    """Return what must be corrected, by field."""
    errors = []
    for name in ("since", "until"):
        try:
            read_day(query[name])
        except ValueError:
            errors.append(_field(name, "Escriba el día como AAAA-MM-DD."))
    if query["order"] not in ORDERS:
        errors.append(_field("order", f"Debe ser uno de: {', '.join(ORDERS)}."))
    if query["disposition"] and query["disposition"] not in list(Disposition):
        errors.append(_field("disposition", f"Debe ser uno de: {', '.join(Disposition)}."))
    return errors


def _field(name: str, message: str) -> dict[str, str]:
    return {"field": name, "message": message}


def _json(result: Result) -> dict[str, Any]:
    found = result.found
    return {
        "kind": found.kind.value,
        "title": found.title,
        "folio": found.row.folio if found.kind == FoundKind.COMMENT else None,
        "window": found.window.slug,
        "at": utc(found.at),
        "dispositions": [answer.disposition for answer in found.answers],
        "snippet": "".join(piece.text for piece in result.snippet),
        "url": services().settings.public_url + found.address,
    }
