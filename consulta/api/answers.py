"""What the API gives. Every member is always there; what there is none of is null. Nothing else is ever sent."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Boolean, DateTime, Dict, Float, Integer, List, Nested, String
from apiflask.validators import OneOf
from marshmallow import RAISE

from consulta.finding.states import FoundKind
from consulta.referrals.states import AnswerState, Disposition, ReferralState
from consulta.submissions.states import Channel, LateDecision, Standing, SubmissionKind, Timeliness
from consulta.windows.states import Admission, WindowStatus


def said(description: str = "", **more: Any) -> Any:
    """Return a member that is text."""
    return String(required=True, metadata={"description": description} if description else {}, **more)


def maybe(description: str = "", **more: Any) -> Any:
    """Return a member that is text or null."""
    return said(description, allow_none=True, **more)


def instant(description: str = "", *, allow_none: bool = False) -> Any:
    """Return a member that is an instant in UTC."""
    return DateTime(required=True, allow_none=allow_none, metadata={"description": description} if description else {})


def whole(description: str = "", **more: Any) -> Any:
    """Return a member that is a whole number."""
    return Integer(required=True, metadata={"description": description} if description else {}, **more)


def one(schema: type[Schema], **more: Any) -> Any:
    """Return a member that is an object."""
    return Nested(schema, required=True, **more)


def many(schema: type[Schema]) -> Any:
    """Return a member that is a list of objects."""
    return List(Nested(schema), required=True)


class Given(Schema):
    """The form of every object that is given."""

    class Meta:
        unknown = RAISE


class CountersOut(Given):
    """Counts of a window or topic."""

    received, published, answered, late = whole(), whole(), whole(), whole()


class WindowOut(Given):
    """A window without its topics."""

    slug, title, instrument, government = said(), said(), said("Clave del instrumento"), said()
    status = said(validate=OneOf([item.value for item in WindowStatus]))
    summary = said()
    opens_at = instant("Desde cuándo se puede opinar", allow_none=True)
    closes_at = instant("Hasta cuándo, sin incluir ese instante", allow_none=True)
    derivation = Dict(
        required=True,
        allow_none=True,
        metadata={"description": "De dónde sale el cierre: regla, fundamento y cada día, contado o no y por qué"},
    )
    counters = one(CountersOut)
    url = said("Su página")


class ExtensionOut(Given):
    """An extension of a window."""

    from_closes_at, to_closes_at = instant(), instant()
    legal_basis, reason, agreement = said(), said(), said()


class TopicOut(Given):
    """A topic."""

    id, reference, number, title, summary = whole(), said("Consulta o buzón y número"), whole(), said(), said()
    sheet = maybe("Ficha, según el instrumento")
    details = Dict(required=True, metadata={"description": "Campos propios del instrumento"})
    unit = maybe("Unidad que responde")
    counters = one(CountersOut)
    url = said("Su página")


class WholeWindowOut(WindowOut):
    """A window with what belongs to it."""

    extensions, topics = many(ExtensionOut), many(TopicOut)
    people = Dict(
        required=True,
        allow_none=True,
        metadata={"description": "Lo publicado de quiénes participaron; null hasta que se publique"},
    )


class MailboxOut(Given):
    """A mailbox and the topic to post to."""

    slug, title, topic, topic_id = said(), said(), said(), whole()


class WordingOut(Given):
    """Another wording."""

    article, says, should_say = said(), said(), said()


class PartOut(Given):
    """A part of a submission that is answered on its own."""

    number, quote, article = whole(), maybe(), maybe()


class AnswerOut(Given):
    """A published answer."""

    id = whole()
    disposition = said("Sentido", validate=OneOf([item.value for item in Disposition]))
    text, unit, dataset_url = said(), said(), maybe()
    published_at, corrected_at = instant(allow_none=True), instant(allow_none=True)


class PartAnswerOut(AnswerOut):
    """A published answer and the part that it answers; null is the whole."""

    part = one(PartOut, allow_none=True)


class SubmissionOut(Given):
    """What everybody may see of a folio."""

    folio = said()
    kind = said(validate=OneOf([item.value for item in SubmissionKind]))
    channel = said(validate=OneOf([item.value for item in Channel]))
    received_at = instant()
    timeliness = said(validate=OneOf([item.value for item in Timeliness]))
    admission = said(validate=OneOf([item.value for item in Admission]))
    late_decision = maybe(validate=OneOf([*(item.value for item in LateDecision), None]))
    state = said()
    text = maybe("null mientras no sea público")
    author = maybe("Solo si la persona eligió que se vea")
    wording = one(WordingOut, allow_none=True)
    is_redacted = Boolean(required=True)
    seen_documents = List(Dict(), required=True)
    standing = said(validate=OneOf([item.value for item in Standing]))
    answer = one(AnswerOut, allow_none=True)
    answers = many(PartAnswerOut)


class StepOut(Given):
    """A step of the story of a folio."""

    title, office = said(), maybe()
    at, due_at = instant(allow_none=True), instant("Si todavía no pasa, para cuándo", allow_none=True)
    detail = maybe()


class PlaceOut(Given):
    """Where it is, as the person said it."""

    latitude, longitude = said("Como se dio; vacía si no se dio"), said("Como se dio; vacía si no se dio")
    address, address_key = said(), said("Clave de domicilio, si se dio")


class OwnOut(SubmissionOut):
    """What the person who handed it in sees."""

    place = one(PlaceOut, allow_none=True)

    topic, notice_version = said(), said()
    files = List(Dict(), required=True)
    overdue = Boolean(required=True)
    steps = many(StepOut)


class ReceiptOut(Given):
    """A receipt. The key is shown here and never again."""

    status = said(validate=OneOf(["received", "late"]))
    folio, tracking_key = said(), said("Clave de seguimiento: guárdela, no se vuelve a mostrar")
    received_at, receipt_url = instant(), said()


class ReferralOut(Given):
    """A referral as its unit sees it."""

    id, folio, topic, kind, text = whole(), said(), said(), said(), said()
    part, wording = one(PartOut, allow_none=True), one(WordingOut, allow_none=True)
    place = one(PlaceOut, allow_none=True)
    seen_documents = List(Dict(), required=True)
    status = said(validate=OneOf([item.value for item in ReferralState]))
    unit = said()
    referred_at, due_at = instant(), instant("Fecha legal para responder")
    overdue = Boolean(required=True)
    derivation = Dict(required=True, allow_none=True)
    answer_id = whole(allow_none=True)
    answer_state = maybe(validate=OneOf([*(item.value for item in AnswerState), None]))


class AnswerStateOut(Given):
    """An answer and where it stands."""

    answer_id = whole()
    state = said(validate=OneOf([item.value for item in AnswerState]))
    disposition = said(validate=OneOf([item.value for item in Disposition]))


class AgencyOut(Given):
    """An agency."""

    id, key, name, government = whole(), said(), said(), said()


class IndicatorOut(Given):
    """A figure with what it counts."""

    key, definition = said(), said("Qué mide")
    numerator, denominator = said("Qué cuenta arriba"), said("Qué cuenta abajo")
    above, below = whole(), whole()
    value = Float(required=True, allow_none=True, metadata={"description": "Cociente; null si no hay denominador"})


class IndicatorsOut(Given):
    """The figures of an agency, as of an instant."""

    agency, at = one(AgencyOut), instant()
    indicators = many(IndicatorOut)


class HitOut(Given):
    """Something found."""

    kind = said(validate=OneOf([item.value for item in FoundKind]))
    title, folio, window, at = said(), maybe(), said(), instant()
    dispositions = List(String(), required=True)
    snippet, url = said(), said()


class CheckpointOut(Given):
    """A checkpoint of the public record."""

    size, root, at, note = whole(), said("Base64"), instant(), said("Nota firmada (C2SP)")


class ActOut(Given):
    """An act with its proof."""

    kind, id, at = said(), said(), instant()
    commitment, index = said("Hexadecimal"), whole("Hoja en el árbol; null si todavía no se coloca", allow_none=True)
    proof = List(String(), required=True, metadata={"description": "Pasos en base64 (RFC 6962)"})


class ProofOut(Given):
    """The acts of a folio with their proofs."""

    checkpoint = one(CheckpointOut, allow_none=True)
    acts = many(ActOut)


class LinkOut(Given):
    """Where something is to be read."""

    url = said()


class CosignedOut(Given):
    """A cosignature that was taken in."""

    name, size, at = said(), whole(), instant()


def page_of(schema: type[Schema], name: str, **more: Any) -> type[Schema]:
    """Return the schema of a page of a list."""
    members = {"items": many(schema), "next": maybe("Cursor de la página que sigue; null en la última"), **more}
    return type(name, (Given,), members)


WindowsOut = page_of(WindowOut, "Windows")
MailboxesOut = page_of(MailboxOut, "Mailboxes")
SubmissionsOut = page_of(SubmissionOut, "Submissions")
ReferralsOut = page_of(ReferralOut, "Referrals")
AgenciesOut = page_of(AgencyOut, "Agencies")
HitsOut = page_of(
    HitOut,
    "Hits",
    total=whole("Cuántos hay, hasta 5,000"),
    meant=Dict(required=True, metadata={"description": "De palabras mal escritas, cuál se buscó también"}),
)
