"""The call that hands in a service request: through the one intake, like a form of the pages."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from consulta.agencies.queries import current_notice
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.inspection.files import MAX_FILES
from consulta.open311.answers import answer, refuse
from consulta.open311.queries import find_service
from consulta.open311.routes import answer_form, jurisdiction
from consulta.open311.rules import KIND, parse_code
from consulta.open311.states import AnswerFormat
from consulta.storage.current import current_storage
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Delivery, Draft, LateReceipt, NonceReused, Problem, Receipt
from consulta.submissions.files import keep_waiting
from consulta.submissions.operations import receive
from consulta.submissions.places import draft_place
from consulta.submissions.rules import clean_text
from consulta.submissions.states import Channel
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.hand_ins import LONGEST_KEY, SHORTEST_KEY, nonce_of_request
from consulta.web.responses import no_store
from consulta.windows.models import Topic

blueprint = Blueprint("open311_posting", __name__, url_prefix="/open311/v2")
ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](?:\[\])?")
PLACE = {"latitude": "lat", "longitude": "long", "address": "address_string", "address_key": "address_id"}
# Where a problem of intake is told: the parameter that carried the field.
PARAMETERS = PLACE | {"text": "description", "author_name": "first_name", "files": "media"}
LONGEST_URL = 2_000
NOT_KEPT = N_("Trae bytes que no son UTF-8, o caracteres que no se pueden guardar: corríjalo y envíe otra vez.")
NOT_READ = N_("El cuerpo debe ser application/x-www-form-urlencoded o multipart/form-data, en UTF-8.")


@blueprint.post("/requests.<extension>")
@access(EVERYBODY)
def submit(extension: str) -> Response:
    """Receive a service request. What comes after closing is received and kept too, and it is told so."""
    no_store()
    form = answer_form(extension)
    if request.content_length and not request.form and not request.files:
        raise Refused(_(NOT_READ))
    topic = _service(jurisdiction(given("jurisdiction_id")).id)
    draft, problems = _draft(topic)
    nonce = nonce_of_request(f"open311:{topic.id}")
    if nonce is None:
        problems.append(Problem("Idempotency-Key", _length_of_key()))
    tokens = _media(problems)
    problems += check_draft(draft, kinds=[KIND])
    if problems or nonce is None:
        told = (f"{PARAMETERS.get(item.field, item.field)}: {item.message}" for item in problems)
        return refuse(400, *dict.fromkeys(told))
    delivery = Delivery(
        topic_id=topic.id,
        draft=replace(draft, files=tokens),
        channel=Channel.WEB,
        nonce=nonce,
        received_at=arrived_at(),
    )
    with unit_of_work():
        outcome = receive(delivery, secret=services().secret, clock=services().clock)
    if isinstance(outcome, NonceReused):
        return refuse(400, _("Esa Idempotency-Key ya se usó: es la del folio %(folio)s.", folio=outcome.folio))
    return _told(outcome, form)


def given(name: str) -> str:
    """Return a parameter of the body or, as the description of the standard has them, of the address; empty: none."""
    return (request.form.get(name) or request.args.get(name) or "").strip()


def _told(outcome: Receipt, form: AnswerFormat) -> Response:
    """Return the number of the request with the key of who asked, told here and nowhere else."""
    words = {
        "folio": outcome.folio,
        "key": outcome.tracking_key,
        "url": f"{services().settings.public_url}/seguimiento",
    }
    notice = _(
        "Guarde su clave de seguimiento, que solo se muestra aquí: «%(key)s». Con ella y su folio %(folio)s puede ver "
        "qué pasa con su solicitud en %(url)s.",
        **words,
    )
    if isinstance(outcome, LateReceipt):
        notice += " " + _("Llegó después del cierre: queda guardada y la coordinación decide si se admite.")
    told = {"service_request_id": outcome.folio, "service_notice": notice}
    return answer("service_requests", [told], form)


def _service(government_id: int) -> Topic:
    code = given("service_code")
    if not code:
        raise Refused(_("Falta service_code: está en la lista de servicios."))
    found = find_service(government_id, parse_code(code))
    if found is None:
        raise NotFound(_("No existe ese service_code."))
    return found


def _draft(topic: Topic) -> tuple[Draft, list[Problem]]:
    problems: list[Problem] = []

    def read(name: str) -> str:
        kept, removed = clean_text(given(name))
        if removed or "\ufffd" in kept:
            problems.append(Problem(name, _(NOT_KEPT)))
        return kept.strip()

    place = draft_place({field: read(name) for field, name in PLACE.items()})
    if place is None:
        problems.append(Problem("lat", _("Falta el lugar: envíe lat y long, o address_string, o address_id.")))
    draft = Draft(
        text=_text(topic, read, problems),
        kind=KIND,
        author_name=" ".join(f"{read('first_name')} {read('last_name')}".split()),
        email=read("email"),
        phone=" ".join(read("phone").split()),
        notice_version=current_notice(topic.window.government_id).version,
        place=place,
    )
    return draft, problems


def _text(topic: Topic, read: Any, problems: list[Problem]) -> str:
    """Return what the person wrote, and below it what else she sent that has no place of its own.

    The standard lets the description out: then the text is the name of the service. The address of media is kept as
    text and never opened. Numbers of devices and accounts are not kept: nothing here needs them.
    """
    text = read("description") or _("%(service)s. Se pidió sin descripción.", service=topic.title)
    extras = []
    url = read("media_url")
    if url and not _is_web_address(url):
        problems.append(Problem("media_url", _("Debe empezar con http:// o https:// y tener hasta 2,000 caracteres.")))
    elif url:
        extras.append(f"media_url: {url}")
    for name in dict.fromkeys([*request.form, *request.args]):
        found = ATTRIBUTE.fullmatch(name)
        if found is not None:
            values = [*request.form.getlist(name), *request.args.getlist(name)]
            extras.append(f"{clean_text(found[1])[0]}: {clean_text(', '.join(values))[0]}")
    return "\n\n".join([text, *(["\n".join(extras)] if extras else [])])


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_short = len(url) <= LONGEST_URL and not any(character.isspace() for character in url)
    return is_short and parts.scheme in ("http", "https") and bool(parts.hostname)


def _media(problems: list[Problem]) -> tuple[str, ...]:
    """Keep the files that came along, as a form of the pages does; name the bad ones."""
    chosen = [item for item in request.files.getlist("media") if item.filename]
    if len(chosen) > MAX_FILES:
        message = _("Se pueden adjuntar hasta %(max_files)s archivos: quite alguno.", max_files=MAX_FILES)
        problems.append(Problem("media", message))
        return ()
    tokens = []
    for item in chosen:
        try:
            with unit_of_work():
                token, _row = keep_waiting(
                    storage=current_storage(), filename=item.filename or "", content=item.read(), now=arrived_at()
                )
            tokens.append(token)
        except Refused as refused:
            problems.append(Problem("media", refused.message))
    return tuple(tokens)


def _length_of_key() -> str:
    return _("La clave debe tener de %(least)s a %(most)s caracteres.", least=SHORTEST_KEY, most=LONGEST_KEY)
