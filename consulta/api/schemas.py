"""What the API takes. Shapes only: the rules are those of intake and of the operations."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, Date, Dict, Float, Integer, List, Nested, String
from marshmallow import EXCLUDE, ValidationError

from consulta.submissions.rules import clean_text

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


def text_field(*, required: bool = False, description: str = "") -> Any:
    """Return a field of text; null counts as not given."""
    empty: dict[str, Any] = {} if required else {"load_default": "", "allow_none": True}
    return CleanString(required=required, error_messages=REQUIRED, metadata={"description": description}, **empty)


class Base(Schema):
    """Unknown members are refused with their name."""

    error_messages = {"unknown": "Este campo no existe.", "type": "Envíe un objeto JSON."}


class AuthorIn(Base):
    """Who speaks."""

    name = text_field(description="Nombre de la persona")
    name_is_public = Boolean(load_default=False, error_messages=REQUIRED)
    behalf = text_field(description="self u organization")
    organization = text_field()
    representative = text_field()
    representative_post = text_field()


class ContactIn(Base):
    """How to tell the person of the answer."""

    email = text_field()
    phone = text_field()


class DemographicsIn(Base):
    """Answers about oneself; «declined» when the person prefers not to say."""

    sex = text_field()
    gender = text_field()
    age_group = text_field()
    municipality = text_field(description="Clave INEGI de cinco cifras, como texto")
    schooling = text_field()
    disability = text_field()
    indigenous = text_field()
    afro_mexican = text_field()
    sector = text_field()
    organization_kind = text_field(description="Solo de organizaciones: de ellas no se guarda lo demás")


class AttachmentIn(Base):
    """A file."""

    filename = text_field(required=True)
    content = String(required=True, error_messages=REQUIRED, metadata={"description": "Contenido en base64"})


class WordingIn(Base):
    """Another wording of an article; the reasons are the text."""

    article = text_field(description="Artículo o parte del texto")
    says = text_field(description="Dice")
    should_say = text_field(description="Debe decir")


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

    text = text_field(required=True)
    kind = text_field()
    text_consent = Boolean(load_default=False, error_messages=REQUIRED)
    names_official = Boolean(load_default=False, error_messages=REQUIRED)
    wording = Nested(WordingIn, load_default=dict, error_messages=REQUIRED)
    author = Nested(AuthorIn, load_default=dict, error_messages=REQUIRED)
    contact = Nested(ContactIn, load_default=dict, error_messages=REQUIRED)
    demographics = Nested(DemographicsIn, load_default=dict, error_messages=REQUIRED)
    place = Nested(PlaceIn, load_default=dict, error_messages=REQUIRED)
    attachments = List(Nested(AttachmentIn), load_default=list, error_messages=REQUIRED)


class TrackIn(Base):
    """Folio and key."""

    folio = text_field(required=True)
    key = text_field(required=True)


class CosignatureIn(Base):
    """What a witness signed of a checkpoint."""

    size = Integer(required=True, strict=True, error_messages=REQUIRED)
    line = text_field(required=True)


class ReasonIn(Base):
    """A reason."""

    reason = text_field(required=True)


class AnswerIn(Base):
    """Sense and text of an answer."""

    disposition = text_field(required=True)
    text = text_field(required=True)
    dataset_url = text_field(description="Dónde están los datos, cuando se pidieron datos")


class BulkAnswerIn(AnswerIn):
    """One answer to many referrals."""

    referral_ids = List(Integer(strict=True), required=True, error_messages=REQUIRED)


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


class WindowsQuery(Schema):
    """Filters of the list of windows."""

    class Meta:
        unknown = EXCLUDE

    status = String(load_default="")
    instrument = String(load_default="")
    cursor = String(load_default="")


class CursorQuery(Schema):
    """Where the page begins."""

    class Meta:
        unknown = EXCLUDE

    cursor = String(load_default="")


class SearchQuery(Schema):
    """What is looked for."""

    class Meta:
        unknown = EXCLUDE

    q = String(load_default="", metadata={"description": 'Palabras, "una frase", inicio*, -sin'})
    instrument = String(load_default="")
    government = String(load_default="")
    disposition = String(load_default="")
    since = String(load_default="", metadata={"description": "Primer día, AAAA-MM-DD"})
    until = String(load_default="", metadata={"description": "Último día, AAAA-MM-DD"})
    order = String(load_default="relevance", metadata={"description": "relevance o newest"})
    cursor = String(load_default="")


class ReferralsQuery(Schema):
    """Filters of the list of referrals."""

    class Meta:
        unknown = EXCLUDE

    post = String(load_default="")
    status = String(load_default="referred")
    cursor = String(load_default="")
