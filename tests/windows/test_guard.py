"""Who is in time: every channel by one predicate, half-open, with two marked mercies."""

from datetime import UTC, datetime, timedelta

import pytest

from consulta.windows.guard import Arrival, Limits, admit, is_counted
from consulta.windows.states import Admission

CLOSES = datetime(2026, 7, 7, 6, tzinfo=UTC)
TICK = timedelta(microseconds=1)
GRACE = timedelta(minutes=15)
LIMITS = Limits(CLOSES, GRACE, captures_until=CLOSES + timedelta(days=3), capture_post_id=7)


@pytest.mark.parametrize(
    ("received", "recorded", "opened", "expected"),
    [
        (-TICK, timedelta(0), None, Admission.IN_TIME),
        (-TICK, timedelta(seconds=5), None, Admission.IN_TIME),
        (timedelta(0), timedelta(0), None, Admission.LATE),
        (timedelta(0), timedelta(0), -timedelta(seconds=1), Admission.SLOW_LINE),
        (GRACE - TICK, GRACE, -timedelta(hours=5), Admission.SLOW_LINE),
        (GRACE, GRACE, -timedelta(hours=5), Admission.LATE),
        # A form that was opened when it had closed gives no grace.
        (timedelta(minutes=1), timedelta(minutes=1), timedelta(0), Admission.LATE),
    ],
)
def test_what_comes_over_the_wire(
    received: timedelta, recorded: timedelta, opened: timedelta | None, expected: Admission
) -> None:
    arrival = Arrival(CLOSES + received, CLOSES + recorded, None if opened is None else CLOSES + opened)

    assert admit(arrival, LIMITS) == expected


@pytest.mark.parametrize(
    ("received", "recorded", "post_id", "expected"),
    [
        (-timedelta(hours=3), -timedelta(hours=1), 9, Admission.IN_TIME),
        (-timedelta(hours=3), timedelta(days=2), 7, Admission.SEALED_IN_TIME),
        (-TICK, timedelta(days=3) - TICK, 7, Admission.SEALED_IN_TIME),
        (-TICK, timedelta(days=3), 7, Admission.LATE_CAPTURE),
        (-timedelta(hours=3), timedelta(days=2), 9, Admission.LATE_CAPTURE),
        (timedelta(0), timedelta(days=1), 7, Admission.LATE),
    ],
)
def test_what_an_official_captures(received: timedelta, recorded: timedelta, post_id: int, expected: Admission) -> None:
    arrival = Arrival(CLOSES + received, CLOSES + recorded, is_captured=True, post_id=post_id)

    assert admit(arrival, LIMITS) == expected


def test_without_closing_everything_is_in_time() -> None:
    assert admit(Arrival(CLOSES, CLOSES), Limits(None, GRACE)) == Admission.IN_TIME


def test_three_ways_count_and_two_wait_for_a_decision() -> None:
    counted = {admission for admission in Admission if is_counted(admission)}

    assert counted == {Admission.IN_TIME, Admission.SEALED_IN_TIME, Admission.SLOW_LINE}
