"""Calls that read: discovery, services and their definitions, requests and tokens."""

from flask import Blueprint, Response, request

from consulta.agencies.models import Government
from consulta.agencies.queries import find_main_government
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.open311.answers import answer, refuse
from consulta.open311.queries import (
    find_jurisdictions,
    find_last_change,
    find_request,
    find_service,
    list_requests,
    list_services,
)
from consulta.open311.rules import parse_code, read_wanted
from consulta.open311.serializers import definition_json, discovery_json, request_json, service_json
from consulta.open311.states import AnswerFormat
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
NO_REQUEST = N_("No hay una solicitud pública con ese service_request_id.")


@blueprint.get("/discovery.<extension>")
@access(EVERYBODY)
def discovery(extension: str) -> Response:
    """Say where the calls are."""
    form = answer_form(extension)
    main = find_main_government()
    body = discovery_json(
        root=services().settings.public_url,
        contact=main.contact if main else "",
        changed_at=find_last_change(),
        is_test=services().settings.demo,
    )
    return answer("discovery", body, form)


@blueprint.get("/services.<extension>")
@access(EVERYBODY)
def service_list(extension: str) -> Response:
    """List what can be asked for."""
    form = answer_form(extension)
    found = list_services(jurisdiction(request.args.get("jurisdiction_id")).id, arrived_at())
    return answer("services", [service_json(topic) for topic in found], form)


@blueprint.get("/services/<service>.<extension>")
@access(EVERYBODY)
def service_definition(service: str, extension: str) -> Response:
    """Return what a service asks for."""
    form = answer_form(extension)
    found = find_service(jurisdiction(request.args.get("jurisdiction_id")).id, parse_code(service))
    if found is None:
        raise NotFound(_("No existe ese service_code."))
    return answer("service_definition", definition_json(found), form)


@blueprint.get("/requests.<extension>")
@access(EVERYBODY)
def request_list(extension: str) -> Response:
    """List the requests that are asked for, newest first."""
    form = answer_form(extension)
    government = jurisdiction(request.args.get("jurisdiction_id"))
    try:
        wanted = read_wanted(request.args, arrived_at())
    except Refused as refused:
        return refuse(400, refused.message)
    found = list_requests(government.id, wanted)
    return answer("service_requests", [request_json(row) for row in found], form)


@blueprint.get("/requests/<folio>.<extension>")
@access(EVERYBODY)
def request_status(folio: str, extension: str) -> Response:
    """Return one request."""
    form = answer_form(extension)
    found = find_request(jurisdiction(request.args.get("jurisdiction_id")).id, folio.upper())
    if found is None:
        raise NotFound(_(NO_REQUEST))
    return answer("service_requests", [request_json(found)], form)


@blueprint.get("/tokens/<folio>.<extension>")
@access(EVERYBODY)
def token(folio: str, extension: str) -> Response:
    """Return the request of a token. The number is given at once and no token ever is: the folio stands for itself."""
    form = answer_form(extension)
    found = find_request(jurisdiction(request.args.get("jurisdiction_id")).id, folio.upper())
    if found is None:
        raise NotFound(_("No existe ese token."))
    told = {"service_request_id": found.submission.folio, "token": found.submission.folio}
    return answer("service_requests", [told], form)


def answer_form(extension: str) -> AnswerFormat:
    """Return the form of an extension. Raises NotFound for any other."""
    if extension not in list(AnswerFormat):
        raise NotFound(_("Pida .json o .xml."))
    return AnswerFormat(extension)


def jurisdiction(key: str | None) -> Government:
    """Return the government of a jurisdiction_id, which may be left out where there is one government alone.

    Raises Refused where it is needed and was not given, NotFound for one that does not exist.
    """
    known = find_jurisdictions()
    if not key and len(known) > 1:
        raise Refused(_("Falta jurisdiction_id. Hay: %(keys)s.", keys=", ".join(sorted(known))))
    if not known or (key and key not in known):
        raise NotFound(_("No existe ese jurisdiction_id."))
    return known[key] if key else next(iter(known.values()))
