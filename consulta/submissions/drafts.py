"""What a person hands in, as plain values, and what intake gives back. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from consulta.submissions.states import Behalf, Channel, SubmissionKind


@dataclass(frozen=True)
class DemographicsDraft:
    """Answers about oneself, by question of `windows.questions`. None: not answered. `DECLINED`: prefers not to say."""

    sex: str | None = None
    age_group: str | None = None
    municipality: str | None = None
    gender: str | None = None
    schooling: str | None = None
    disability: str | None = None
    indigenous: str | None = None
    afro_mexican: str | None = None
    sector: str | None = None
    organization_kind: str | None = None


@dataclass(frozen=True)
class PlaceDraft:
    """Where what is asked for is, as it was given: degrees of WGS84 as they were written, address, and its key.

    `address_key` names the address in a register of the government. Empty: not given. See `places.check_place`.
    """

    latitude: str = ""
    longitude: str = ""
    address: str = ""
    address_key: str = ""


@dataclass(frozen=True)
class Draft:
    """A submission before it is received. `files` are tokens of files waiting on the server."""

    text: str
    kind: SubmissionKind = SubmissionKind.COMMENT
    behalf: Behalf = Behalf.SELF
    author_name: str = ""
    name_is_public: bool = False
    text_consent: bool = False
    organization: str = ""
    representative: str = ""
    representative_post: str = ""
    email: str = ""
    phone: str = ""
    notice_version: str = ""
    files: tuple[str, ...] = ()
    demographics: DemographicsDraft = field(default_factory=DemographicsDraft)
    # A complaint about a named or identifiable official: the control body alone reads it.
    names_official: bool = False
    # Another wording for an article; its reasons are the text.
    article: str = ""
    says: str = ""
    should_say: str = ""
    # Versions of documents that were current when the person began.
    seen_versions: tuple[int, ...] = ()
    language: str = "es"
    # Where it is, for what is asked for somewhere.
    place: PlaceDraft | None = None


@dataclass(frozen=True)
class Capture:
    """Who captured it for the person, and on what evidence."""

    post_id: int | None
    evidence: str = ""


@dataclass(frozen=True)
class Delivery:
    """One thing to receive. `received_at` is the arrival stamp or the attested instant of reception.

    `nonce` identifies the hand-in: the same one twice is the same submission. `form_issued_at` is when its form was
    opened, as the signed nonce says; None where there was no form.
    """

    topic_id: int
    draft: Draft
    channel: Channel
    nonce: bytes
    received_at: datetime
    capture: Capture | None = None
    form_issued_at: datetime | None = None


@dataclass(frozen=True)
class Receipt:
    """It was received in time. `tracking_key` can be derived again from the same nonce, and from nothing else."""

    folio: str
    tracking_key: str
    received_at: datetime
    repeated: bool = False


@dataclass(frozen=True)
class LateReceipt(Receipt):
    """It was received after closing: kept, with its folio, for the coordinator to decide."""


@dataclass(frozen=True)
class NonceReused:
    """The form was already used for something else, which has this folio. Nothing was written."""

    folio: str


@dataclass(frozen=True)
class Problem:
    """Something to correct, and where."""

    field: str
    message: str
