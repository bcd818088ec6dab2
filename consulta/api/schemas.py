"""What the API takes. Shapes only: the rules are those of intake and of the operations."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from apiflask import Schema
from apiflask.fields import AwareDateTime, Boolean, Date, Dict, Float, Integer, List, Nested, String
from apiflask.validators import OneOf, Range
from marshmallow import RAISE, ValidationError

from consulta.i18n.people_labels import PEOPLE
from consulta.inspection.files import MAX_FILES
from consulta.referrals.states import Disposition
from consulta.submissions.rules import (
    LONGEST_ARTICLE,
    LONGEST_EVIDENCE,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_WORDING,
    clean_text,
)
from consulta.submissions.states import Behalf, Channel, SubmissionKind

REMOVED = "El texto trae caracteres invisibles que no se pueden guardar: quítelos y vuelva a enviarlo."
REQUIRED: dict[str, Any] = {
    "required": "Falta este campo.",
    "null": "Falta este campo.",
    "invalid": "El tipo del valor no es el esperado.",
    "type": "El tipo del valor no es el esperado.",
}


class CleanString(String):
    """Text that can be kept as it came; with characters that no database keeps it is refused, never changed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text, removed = clean_text(super()._deserialize(value, attr, data, **kwargs))
        if removed:
            raise ValidationError(REMOVED)
        return text


def text_field(*, required: bool = False, description: str = "", longest: int | None = None) -> Any:
    """Return a field of text; null counts as not given. `longest` is told here and held by the operation."""
    empty: dict[str, Any] = {} if required else {"load_default": "", "allow_none": True}
    shape: dict[str, Any] = {"description": description} if description else {}
    if longest is not None:
        shape |= {"minLength": 1 if required else 0, "maxLength": longest}
    return CleanString(required=required, error_messages=REQUIRED, metadata=shape, **empty)


def choice(values: Iterable[str], *, required: bool = False, default: str = "", description: str = "") -> Any:
    """Return a field that takes one of the values; null counts as not given where it is not required."""
    options = list(values)
    empty: dict[str, Any] = {} if required else {"load_default": default, "allow_none": True}
    return String(
        required=required,
        validate=OneOf(options if required else [*options, None], error=f"Debe ser uno de: {', '.join(options)}."),
        error_messages=REQUIRED,
        metadata={"description": description} if description else {},
        **empty,
    )


class Base(Schema):
    """Unknown members are refused with their name."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "Este campo no existe.", "type": "Envíe un objeto JSON."}


class AuthorIn(Base):
    """Who speaks."""

    name = text_field(description="Nombre de la persona", longest=LONGEST_NAME)
    name_is_public = Boolean(load_default=False, error_messages=REQUIRED, truthy={True}, falsy={False})
    behalf = choice([item.value for item in Behalf], description="En nombre propio o de una organización")
    organization = text_field(longest=LONGEST_NAME)
    representative = text_field(longest=LONGEST_NAME)
    representative_post = text_field(longest=LONGEST_NAME)


class ContactIn(Base):
    """How to tell the person of the answer."""

    email = text_field(longest=320)
    phone = text_field(longest=40)


def _about(key: str, description: str = "") -> Any:
    return choice(PEOPLE[key], description=description)


class DemographicsIn(Base):
    """Answers about oneself; «declined» when the person prefers not to say."""

    sex, gender, age_group = _about("sex"), _about("gender"), _about("age_group")
    municipality = text_field(description="Clave INEGI de cinco cifras, como texto, o declined")
    schooling, disability = _about("schooling"), _about("disability")
    indigenous, afro_mexican = _about("indigenous"), _about("afro_mexican")
    sector = _about("sector")
    organization_kind = _about("organization_kind", "Solo de organizaciones: de ellas no se guarda lo demás")


class AttachmentIn(Base):
    """A file."""

    filename = text_field(required=True, longest=200)
    content = String(
        required=True,
        error_messages=REQUIRED,
        metadata={"description": "Contenido en base64", "contentEncoding": "base64"},
    )


class WordingIn(Base):
    """Another wording of an article; the reasons are the text."""

    article = text_field(description="Artículo o parte del texto", longest=LONGEST_ARTICLE)
    says = text_field(description="Dice", longest=LONGEST_WORDING)
    should_say = text_field(description="Debe decir", longest=LONGEST_WORDING)


def _flag(description: str) -> Any:
    return Boolean(
        load_default=False,
        error_messages=REQUIRED,
        truthy={True},
        falsy={False},
        metadata={"description": description},
    )


def degrees_field(description: str) -> Any:
    """Return a field of degrees; null counts as not given."""
    messages = {**REQUIRED, "special": "Debe ser un número."}
    about = {"description": description}
    return Float(load_default=None, allow_none=True, allow_nan=False, error_messages=messages, metadata=about)


class PlaceIn(Base):
    """Where it is, for petitions and service requests. It is read by who answers; a square of a kilometre is public."""

    latitude = degrees_field("Grados WGS84, de -90 a 90")
    longitude = degrees_field("Grados WGS84, de -180 a 180; en México es negativa")
    address = text_field(description="Calle y número, colonia, o una referencia")


class SubmissionIn(Base):
    """Something handed in."""

    text = text_field(required=True, longest=LONGEST_TEXT)
    kind = choice([item.value for item in SubmissionKind], description="Sin él, el primero que admite el tema")
    text_consent = _flag("Si la persona acepta que se publique el texto, donde eso lo decide ella")
    names_official = _flag("Si habla de una persona servidora pública identificable")
    wording = Nested(WordingIn, load_default=dict, error_messages=REQUIRED)
    author = Nested(AuthorIn, load_default=dict, error_messages=REQUIRED)
    contact = Nested(ContactIn, load_default=dict, error_messages=REQUIRED)
    demographics = Nested(DemographicsIn, load_default=dict, error_messages=REQUIRED)
    place = Nested(PlaceIn, load_default=dict, error_messages=REQUIRED)
    attachments = List(
        Nested(AttachmentIn), load_default=list, error_messages=REQUIRED, metadata={"maxItems": MAX_FILES}
    )


CAPTURED = [item.value for item in Channel if item != Channel.WEB]


class CaptureIn(SubmissionIn):
    """Something that an operator took down for a person."""

    channel = choice(CAPTURED, required=True, description="Cómo llegó")
    received_at = AwareDateTime(
        required=True,
        default_timezone=UTC,
        error_messages={**REQUIRED, "invalid": "Escriba el instante como 2026-06-12T13:40:00-06:00."},
        metadata={"description": "Cuándo se recibió; sin zona se entiende UTC"},
    )
    evidence = text_field(description="Comprobante: número de oficio, de llamada…", longest=LONGEST_EVIDENCE)


class TrackIn(Base):
    """Folio and key."""

    folio = text_field(required=True)
    key = text_field(required=True)


class CosignatureIn(Base):
    """What a witness signed of a checkpoint."""

    size = Integer(
        required=True,
        strict=True,
        validate=Range(0, 2**62, error="No hay un punto de control así."),
        error_messages=REQUIRED,
    )
    line = text_field(required=True)


class ReasonIn(Base):
    """A reason."""

    reason = text_field(required=True)


class AnswerIn(Base):
    """Sense and text of an answer."""

    disposition = choice([item.value for item in Disposition], required=True, description="Sentido")
    text = text_field(required=True)
    dataset_url = text_field(description="Dónde están los datos, cuando se pidieron datos")


class BulkAnswerIn(AnswerIn):
    """One answer to many referrals."""

    referral_ids = List(
        Integer(strict=True, metadata={"minimum": 1}),
        required=True,
        error_messages=REQUIRED,
        metadata={"minItems": 1, "maxItems": 500},
    )


class CorrectionIn(AnswerIn):
    """A correction of a published answer."""

    reason = text_field(required=True)


class TopicIn(Base):
    """A topic of a new window."""

    title = text_field(required=True)
    summary = text_field()
    unit = text_field(description="Clave de la unidad, dependencia/unidad")


class WindowIn(Base):
    """A new window, in preparation."""

    instrument = text_field(required=True)
    title = text_field(required=True)
    summary = text_field(required=True)
    decides = text_field()
    afterwards = text_field()
    topics = List(Nested(TopicIn), load_default=list, error_messages=REQUIRED)


class ScheduleIn(Base):
    """Opening day and term."""

    opens_on = Date(required=True, error_messages=REQUIRED)
    days = Integer(required=True, strict=True, error_messages=REQUIRED)
    # `affects_peoples` and `electoral_ban`, each "yes" or "no"; without them the page says that nobody answered.
    answers = Dict(keys=String(), values=String(), load_default=None, allow_none=True)


class ExtendIn(Base):
    """An extension with its grounds."""

    days = Integer(required=True, strict=True, error_messages=REQUIRED)
    legal_basis = text_field(required=True)
    reason = text_field(required=True)
    agreement = text_field(required=True)
