"""Everything that is kept about a submission, for the person who has its folio and key: each column, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.agencies.models import Government, Post
from consulta.archives.held_around import HeldNote, list_around
from consulta.archives.terms import Retention, Retentions
from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.queries import list_requests_of
from consulta.db import session
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.notices.models import Notice
from consulta.notices.queries import list_about
from consulta.record.queries import list_acts
from consulta.referrals.models import HandOver
from consulta.referrals.queries import list_referrals_of
from consulta.submissions.models import Submission
from consulta.submissions.places import coarse_place
from consulta.submissions.policy import is_shown, public_author
from consulta.submissions.states import SubmissionKind
from consulta.web.filters import moment
from consulta.windows.models import Topic

# Every column of a submission is here or below: a test holds both complete.
SHOWN: Mapping[str, str] = {
    "folio": N_("Folio"),
    "kind": N_("Qué es"),
    "topic_id": N_("Asunto"),
    "received_topic_id": N_("Asunto en que se recibió"),
    "text": N_("Su texto"),
    "article": N_("Artículo"),
    "says": N_("Dice"),
    "should_say": N_("Debe decir"),
    "author_name": N_("Nombre"),
    "name_is_public": N_("Pidió que se publique su nombre"),
    "published_name": N_("Nombre con que se publica, después de su solicitud"),
    "email": N_("Correo"),
    "phone": N_("Teléfono"),
    "contact_blocked_at": N_("Cuándo canceló su correo y teléfono"),
    "behalf": N_("A nombre de quién"),
    "organization": N_("Organización"),
    "representative": N_("Representante"),
    "representative_post": N_("Cargo de quien representa"),
    "text_consent": N_("Aceptó que se publique su texto"),
    "names_official": N_("Dijo que trata de una persona servidora pública"),
    "files": N_("Archivos"),
    "seen_documents": N_("Documentos que tuvo a la vista"),
    "language": N_("Idioma"),
    "notice_version": N_("Versión del aviso de privacidad que aceptó"),
    "channel": N_("Canal"),
    "evidence": N_("Constancia de quien lo capturó"),
    "captured_by_post_id": N_("Lo capturó"),
    "received_at": N_("Cuándo se recibió"),
    "recorded_at": N_("Cuándo se registró"),
    "closes_at_seen": N_("Cierre de la consulta al recibirlo"),
    "timeliness": N_("Si llegó en plazo"),
    "admission": N_("Cómo se admitió"),
    "is_admitted": N_("Cuenta como recibido"),
    "late_decision": N_("Qué se decidió si llegó tarde"),
    "late_reason": N_("Razones de esa decisión"),
    "late_decided_at": N_("Cuándo se decidió"),
    "late_decided_by_post_id": N_("Quién lo decidió"),
    "state": N_("Situación de su texto"),
    "reviewed_at": N_("Cuándo se revisó"),
    "reviewed_by_post_id": N_("Quién lo revisó"),
    "withheld_reason": N_("Por qué no se publica"),
    "redactions": N_("Pasajes que no se publican"),
    "reserved": N_("Lo lee solo el órgano interno de control"),
    "is_hidden": N_("Dejó de mostrarse"),
    "holder_id": N_("Gobierno al que se entregó"),
    "clock_id": N_("Fecha límite de la respuesta"),
    "is_answered": N_("Tiene respuesta publicada"),
    "is_traced": N_("Dio lugar a un proyecto de mejora"),
    "standing": N_("Si usted lo sostiene"),
    "standing_at": N_("Cuándo lo retiró o desconoció"),
    "standing_reason": N_("Por qué lo retiró o desconoció"),
}
# Of the place that she gave, where she gave one.
PLACE_SHOWN: Mapping[str, str] = {
    "latitude": N_("Latitud"),
    "longitude": N_("Longitud"),
    "address": N_("Dónde es"),
    "address_key": N_("Clave de la dirección"),
}
KEPT_INSIDE: Mapping[str, str] = {
    "id": N_("un número interno de la fila"),
    "nonce_hash": N_("una huella que evita recibir dos veces el mismo formulario"),
    "key_hash": N_("una huella de su clave; la clave no se guarda"),
    "committed_form": N_("qué campos asienta la bitácora"),
    "purged_at": N_("cuándo se destruyó, si se dio de baja"),
}
LABELLED = {
    "kind": "kind",
    "behalf": "behalf",
    "channel": "channel",
    "timeliness": "timeliness",
    "admission": "admission",
    "late_decision": "late_decision",
    "state": "submission_state",
    "standing": "standing",
}
NOT_LINKED = N_(
    "Si dio sexo, edad o municipio, se guardan aparte, sin folio, nombre, día ni hora, y se revuelven con las de otras "
    "personas: no se puede saber cuáles son suyas. Por eso no aparecen aquí, ni se pueden corregir o cancelar."
)


@dataclass(frozen=True)
class HeldField:
    """A column: its name, what it is called, what it holds, and how that reads. Empty where nothing is kept."""

    name: str
    title: str
    value: Any
    reading: str


@dataclass(frozen=True)
class Held:
    """What is kept about a submission, and who has it."""

    folio: str
    fields: tuple[HeldField, ...]
    inside: tuple[str, ...]
    shared: tuple[str, ...]
    retention: Retention
    messages: tuple[Notice, ...]
    requests: tuple[DataRightsRequest, ...]
    around: tuple[HeldNote, ...]
    acts: tuple[tuple[str, datetime], ...]
    not_linked: str


def describe_held(submission: Submission) -> Held:
    """Return everything that is kept about a submission. Reads only."""
    return Held(
        folio=submission.folio,
        fields=(
            *(_field(submission, name, _(title)) for name, title in SHOWN.items()),
            *(_place_field(submission, name, _(title)) for name, title in PLACE_SHOWN.items()),
        ),
        inside=tuple(_(reason) for reason in KEPT_INSIDE.values()),
        shared=tuple(_shared(submission)),
        retention=Retentions().of(submission),
        messages=tuple(list_about(submission.folio)),
        requests=tuple(list_requests_of(submission.id)),
        around=tuple(list_around(submission)),
        acts=tuple((leaf.kind, leaf.at) for leaf, _opening in list_acts(submission.folio)),
        not_linked=_(NOT_LINKED),
    )


def as_json(value: Any) -> Any:
    """Return a value as JSON keeps it, with instants in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _field(submission: Submission, name: str, title: str) -> HeldField:
    raw = getattr(submission, name)
    value = REFERRED[name](submission) if name in REFERRED and raw is not None else raw
    return HeldField(name, title, as_json(value), _reading(submission, name, value))


def _place_field(submission: Submission, name: str, title: str) -> HeldField:
    value = getattr(submission.place, name) if submission.place is not None else ""
    return HeldField(name, title, value, value)


def _reading(submission: Submission, name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, datetime):
        return moment(value, submission.topic.window.government.timezone)
    if name in LABELLED:
        return label(LABELLED[name], value)
    if isinstance(value, list):
        return "; ".join(" ".join(str(part) for part in item.values()) for item in value)
    return str(value)


def _post(number: int | None) -> str:
    found = session().get(Post, number)
    return found.title if found is not None else ""


def _topic(topic: Topic | None) -> str:
    return f"{topic.title} ({topic.window.title})" if topic is not None else ""


def _holder(submission: Submission) -> str:
    found = session().get(Government, submission.holder_id)
    return found.name if found is not None else ""


# What stands for the number of another row.
REFERRED: Mapping[str, Callable[[Submission], Any]] = {
    "topic_id": lambda row: _topic(row.topic),
    "received_topic_id": lambda row: _topic(row.received_topic),
    "captured_by_post_id": lambda row: _post(row.captured_by_post_id),
    "reviewed_by_post_id": lambda row: _post(row.reviewed_by_post_id),
    "late_decided_by_post_id": lambda row: _post(row.late_decided_by_post_id),
    "holder_id": _holder,
    "clock_id": lambda row: row.clock.due_at if row.clock is not None else None,
}


def _shared(submission: Submission) -> list[str]:
    """Say who has it: the offices that read it, where it was sent, and what everybody may read."""
    zone = submission.topic.window.government.timezone
    if submission.reserved:
        told = [_("El órgano interno de control, y nadie más en el gobierno.")]
    else:
        told = [
            _("Quien coordina y quien revisa los textos en %(name)s.", name=submission.topic.window.government.name)
        ]
    for referral in list_referrals_of(submission.id):
        unit, when = referral.unit, moment(referral.referred_at, zone)
        told.append(
            _(
                "%(unit)s (%(agency)s), que debe responder: %(when)s.",
                unit=unit.name,
                agency=unit.agency.name,
                when=when,
            )
        )
    moved = select(HandOver).options(joinedload(HandOver.to_government)).where(HandOver.submission_id == submission.id)
    for item in session().scalars(moved.order_by(HandOver.id)):
        told.append(_("%(name)s, a quien se entregó.", name=item.to_government.name))
    if is_shown(submission):
        author = public_author(submission)
        told.append(
            _("Todo el mundo: su texto está publicado, con el nombre «%(name)s».", name=author)
            if author
            else _("Todo el mundo: su texto está publicado, sin su nombre.")
        )
    told += _zone(submission)
    told.append(_("Su correo y su teléfono no se publican ni se entregan a nadie fuera del gobierno que responde."))
    return told


def _zone(submission: Submission) -> list[str]:
    """Say what of her place everybody may know: of a service request that she stands by, its square."""
    is_told = submission.kind == SubmissionKind.SERVICE_REQUEST and not submission.is_hidden and not submission.reserved
    if not is_told or coarse_place(submission.place) is None:
        return []
    return [_("Todo el mundo: la zona de un kilómetro donde dijo que es, no el punto ni la dirección.")]
