"""Who is in time: one predicate for every role and channel. Pure.

Timeliness is judged by `received_at`, half-open: what arrives at the closing instant is late. Two mercies, both
marked in public: paper sealed in time may be captured for some days by a named post, and a form that was opened in
time may arrive some minutes late over a slow line, once. Nothing is refused for being late: it is kept apart.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from consulta.windows.states import Admission


@dataclass(frozen=True)
class Arrival:
    """How something came in.

    Attributes:
        received_at: the arrival stamp, or the attested instant of reception.
        recorded_at: the clock under the window's lock.
        form_issued_at: when the form was opened, from its signed nonce; None where there was no form.
        is_captured: whether an official wrote it down for the person.
        post_id: the post that captured it.
    """

    received_at: datetime
    recorded_at: datetime
    form_issued_at: datetime | None = None
    is_captured: bool = False
    post_id: int | None = None


@dataclass(frozen=True)
class Limits:
    """Until when a window takes what.

    Attributes:
        closes_at: the closing; None where it never closes.
        grace: how long after closing a form that was opened before may still arrive.
        captures_until: until when what was sealed in time may be captured; None: no limit was set.
        capture_post_id: the only post that may capture after closing; None: any that captures.
    """

    closes_at: datetime | None
    grace: timedelta
    captures_until: datetime | None = None
    capture_post_id: int | None = None


def admit(arrival: Arrival, limits: Limits) -> Admission:
    """Say how something that came in counts."""
    closes_at = limits.closes_at
    if closes_at is None:
        return Admission.IN_TIME
    if arrival.received_at < closes_at:
        return _captured(arrival, limits) if arrival.recorded_at >= closes_at else Admission.IN_TIME
    opened = arrival.form_issued_at
    if opened is not None and opened < closes_at and arrival.received_at < closes_at + limits.grace:
        return Admission.SLOW_LINE
    return Admission.LATE


def is_counted(admission: Admission) -> bool:
    """Say whether what was admitted so is in time."""
    return admission in (Admission.IN_TIME, Admission.SEALED_IN_TIME, Admission.SLOW_LINE)


def _captured(arrival: Arrival, limits: Limits) -> Admission:
    """Judge what was received in time and recorded after closing."""
    if not arrival.is_captured:
        # It waited for the lock, or came over the wire, while the window closed.
        return Admission.IN_TIME
    in_days = limits.captures_until is None or arrival.recorded_at < limits.captures_until
    by_post = limits.capture_post_id is None or arrival.post_id == limits.capture_post_id
    return Admission.SEALED_IN_TIME if in_days and by_post else Admission.LATE_CAPTURE
