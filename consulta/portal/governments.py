"""The governments of the instance: each with its own front page, colours and shield."""

from flask import Blueprint, Response, abort, make_response

from consulta.agencies.models import Government
from consulta.agencies.queries import find_government_by_key
from consulta.agencies.themes import stylesheet
from consulta.portal.home import front_page
from consulta.storage.current import current_storage
from consulta.web.access import EVERYBODY, access
from consulta.web.context import show_government
from consulta.web.responses import keep_for_good

blueprint = Blueprint("governments", __name__)


@blueprint.get("/gobiernos/<key>")
@access(EVERYBODY)
def home(key: str) -> str:
    """Show the front page of one government."""
    government = _government(key)
    show_government(government)
    return front_page(government)


@blueprint.get("/tema/<key>.css")
@access(EVERYBODY)
def theme(key: str) -> Response:
    """Return the style sheet with the colours of one government. Its address carries a version."""
    response = make_response(stylesheet(_government(key).theme))
    response.content_type = "text/css; charset=utf-8"
    keep_for_good()
    return response


@blueprint.get("/tema/<key>/escudo")
@access(EVERYBODY)
def shield(key: str) -> Response:
    """Return the shield of one government. Its address carries a version."""
    kept = _government(key).theme
    if "shield_key" not in kept:
        abort(404)
    response = make_response(current_storage().read(kept["shield_key"]))
    response.content_type = kept["shield_type"]
    keep_for_good()
    return response


def _government(key: str) -> Government:
    found = find_government_by_key(key)
    if found is None:
        abort(404)
    return found
