"""Submissions, their files, and demographics, which share no key with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consulta.clocks.models import Clock
from consulta.db import Base, pk
from consulta.windows.models import Topic


class Submission(Base):
    """One thing handed in. The original text is never changed."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint("(state = 'received') = (reviewed_at IS NULL)", name="reviewed_has_date"),
        CheckConstraint("(state = 'withheld') = (withheld_reason IS NOT NULL)", name="withheld_has_reason"),
        CheckConstraint(
            "behalf = 'self' OR (organization != '' AND representative != '')", name="organization_is_named"
        ),
        CheckConstraint(
            "timeliness = 'on_time' OR (closes_at_seen IS NOT NULL AND received_at >= closes_at_seen)",
            name="late_came_after_closing",
        ),
        CheckConstraint(
            "is_admitted = (admission IN ('in_time', 'sealed_in_time', 'slow_line')"
            " OR COALESCE(late_decision, '') = 'admitted')",
            name="admitted_in_time_or_by_decision",
        ),
        CheckConstraint("(late_decision IS NULL) = (late_decided_at IS NULL)", name="decision_has_date"),
        CheckConstraint("(late_decision IS NULL) = (late_reason IS NULL)", name="decision_has_reason"),
        CheckConstraint("(standing = 'stands') = (standing_at IS NULL)", name="standing_has_date"),
        CheckConstraint("contact_blocked_at IS NULL OR (email = '' AND phone = '')", name="blocked_has_no_contact"),
        Index("ix_submissions_listing", "topic_id", "state", "id"),
        Index("ix_submissions_review", "state", "id"),
        Index("ix_submissions_page", "topic_id", "state", "is_answered", "id"),
        # Service requests alone, newest first: what Open311 lists.
        Index(
            "ix_submissions_requests",
            "received_at",
            "id",
            sqlite_where=sql("kind = 'service_request'"),
            postgresql_where=sql("kind = 'service_request'"),
        ),
    )

    id: Mapped[pk]
    folio: Mapped[str] = mapped_column(String(40), unique=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    timeliness: Mapped[str] = mapped_column(String(10))
    channel: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    behalf: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(200))
    name_is_public: Mapped[bool]
    text_consent: Mapped[bool]
    organization: Mapped[str] = mapped_column(String(200))
    representative: Mapped[str] = mapped_column(String(200))
    representative_post: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    phone: Mapped[str] = mapped_column(String(40))
    notice_version: Mapped[str] = mapped_column(String(40))
    # Names and SHA-256 of the files, as committed in the leaf.
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    closes_at_seen: Mapped[datetime | None]
    nonce_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    captured_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    evidence: Mapped[str] = mapped_column(String(300))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    withheld_reason: Mapped[str | None] = mapped_column(Text)
    # The government to which it was handed over; None: the one of its window has it.
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("governments.id"), index=True)
    # Read by the control body alone: a report, or a complaint that names an official.
    reserved: Mapped[bool] = mapped_column(default=False)
    names_official: Mapped[bool] = mapped_column(default=False)
    # Documents in the version that was current when the person began: [{"document", "version", "sha256"}].
    seen_documents: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Another wording: which article, what it says, what it should say. The reasons are the text.
    article: Mapped[str] = mapped_column(String(200), default="")
    says: Mapped[str] = mapped_column(Text, default="")
    should_say: Mapped[str] = mapped_column(Text, default="")
    # Language of the pages in which it was written, and of the messages to the person.
    language: Mapped[str] = mapped_column(String(12), default="es")
    # Whether an answer to it is published: written with that act, so that answered ones can be listed first.
    is_answered: Mapped[bool] = mapped_column(default=False)
    # Which columns its leaf commits to (`rules.COMMITTED_FORMS`).
    committed_form: Mapped[int]

    # How it was admitted (`windows.states.Admission`): in time, captured later, over a slow line, late.
    admission: Mapped[str] = mapped_column(String(20))
    # Whether it counts: it was in time, or the coordination admitted it with reasons.
    is_admitted: Mapped[bool]
    late_decision: Mapped[str | None] = mapped_column(String(20))
    late_reason: Mapped[str | None] = mapped_column(Text)
    late_decided_at: Mapped[datetime | None]
    late_decided_by_post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    # The clock of the person who waits for an answer: referring it anew never resets it.
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("clocks.id"), index=True)

    # Passages that its public version leaves out: [{"field", "passage"}].
    redactions: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    # Whether its author stands by it; what she withdrew or disowned is kept, marked, and counted apart.
    standing: Mapped[str] = mapped_column(String(20), default="stands")
    standing_at: Mapped[datetime | None]
    standing_reason: Mapped[str] = mapped_column(Text, default="")
    # Not shown to anybody any more, because the person whose name was used asked for it.
    is_hidden: Mapped[bool] = mapped_column(default=False)
    # When everything in it was destroyed by a disposal; its folio and its acts stay.
    purged_at: Mapped[datetime | None]
    # Whether an improvement project comes from it.
    is_traced: Mapped[bool] = mapped_column(default=False)
    # The topic where it was handed in, once its docket was filed anew and it was carried over; `topic_id` follows.
    received_topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id"), index=True)

    # The name under which it is published since the person rectified it; empty since she opposed that; None: as given.
    published_name: Mapped[str | None] = mapped_column(String(200))
    # When the person had her mail and telephone cancelled: none is kept for it any more.
    contact_blocked_at: Mapped[datetime | None]

    topic: Mapped[Topic] = relationship(foreign_keys=[topic_id])
    received_topic: Mapped[Topic | None] = relationship(foreign_keys=[received_topic_id])
    clock: Mapped[Clock | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.number", back_populates="submission")
    # Where it is, as the person gave it: read by who answers and by herself. Its coarse part alone is public.
    place: Mapped["SubmissionPlace | None"] = relationship(back_populates="submission")


class SubmissionPlace(Base):
    """Where what was asked for is, as it was given. Never changed; `places.coarse_place` is what everybody may know."""

    __tablename__ = "submission_places"
    __table_args__ = (
        CheckConstraint("(latitude = '') = (longitude = '')", name="coordinates_together"),
        CheckConstraint("latitude != '' OR address != '' OR address_key != ''", name="says_where"),
    )

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), unique=True)
    # Degrees of WGS84, as they were written.
    latitude: Mapped[str] = mapped_column(String(24))
    longitude: Mapped[str] = mapped_column(String(24))
    address: Mapped[str] = mapped_column(String(300))
    # The key of the address in a register of the government.
    address_key: Mapped[str] = mapped_column(String(60))

    submission: Mapped[Submission] = relationship(back_populates="place")

    @property
    def reading(self) -> str:
        """Return it in one line: address, coordinates, key of the address."""
        coordinates = f"{self.latitude}, {self.longitude}" if self.latitude else ""
        return " · ".join(part for part in (self.address, coordinates, self.address_key) if part)


class Attachment(Base):
    """A file handed in: the original, and the copy without metadata, which is the one that may be published."""

    __tablename__ = "attachments"

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    number: Mapped[int]
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_key: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[str] = mapped_column(String(80))

    submission: Mapped[Submission] = relationship(back_populates="attachments")


class Carrying(Base):
    """A submission carried from the topic of one docket to the topic of the docket that succeeded it."""

    __tablename__ = "carryings"

    id: Mapped[pk]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), index=True)
    from_topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    to_topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    at: Mapped[datetime]


class WaitingFile(Base):
    """A file uploaded in step one, waiting up to 24 hours for its comment."""

    __tablename__ = "waiting_files"

    id: Mapped[pk]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    original_key: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(index=True)


class BufferedDemographics(Base):
    """Answers about oneself, sealed under a random key: nothing leads from here to a submission, not even the day.

    Without a row number on SQLite, so that rows lie in the order of their random keys and not of arrival.
    """

    __tablename__ = "demographics_buffer"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    # Which key file opens it (`buffer_keys`); the file is destroyed when the buffer is emptied.
    batch: Mapped[str] = mapped_column(String(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary(400))


class Demographics(Base):
    """The same answers after they were shuffled out of the buffer, without a day."""

    __tablename__ = "demographics"
    __table_args__ = {"sqlite_with_rowid": False}

    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    window_id: Mapped[int] = mapped_column(ForeignKey("windows.id"), index=True)
    behalf: Mapped[str] = mapped_column(String(20), default="self")
    sex: Mapped[str | None] = mapped_column(String(20))
    gender: Mapped[str | None] = mapped_column(String(20))
    age_group: Mapped[str | None] = mapped_column(String(20))
    municipality: Mapped[str | None] = mapped_column(String(20))
    schooling: Mapped[str | None] = mapped_column(String(20))
    disability: Mapped[str | None] = mapped_column(String(20))
    indigenous: Mapped[str | None] = mapped_column(String(20))
    afro_mexican: Mapped[str | None] = mapped_column(String(20))
    sector: Mapped[str | None] = mapped_column(String(20))
    organization_kind: Mapped[str | None] = mapped_column(String(20))
