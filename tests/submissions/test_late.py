"""Late hand-ins: kept with a receipt of their own; the coordinator decides of each with public reasons."""

from datetime import datetime, timedelta

import pytest

from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.referrals.models import Referral
from consulta.submissions.drafts import Capture, LateReceipt, Receipt
from consulta.submissions.late import decide_late
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive
from consulta.submissions.queries import list_late
from consulta.submissions.states import Channel, LateDecision
from consulta.windows.counters import read_counts
from consulta.windows.margins import load_margins
from tests.builders import SECRET, World, a_delivery, a_receipt, a_submission, get_submission, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def closing(world: World, window: str = "closed") -> datetime:
    """Return when a window closed."""
    closes_at = get_window(world.slugs[window]).closes_at
    assert closes_at is not None
    return closes_at


def a_late(world: World, **overrides: object) -> Submission:
    """Hand something in an hour after closing."""
    return a_submission(world.topics["closed"], closing(world) + timedelta(hours=1), **overrides)


def decide(world: World, item: Submission, decision: LateDecision, reason: str = "La línea falló ese día.") -> None:
    """Decide of something late."""
    with unit_of_work():
        decide_late(submission=item, decision=decision, reason=reason, actor=world.actors["coordinator"], now=START)


def test_late_has_its_own_receipt_and_waits(world: World) -> None:
    receipt = a_receipt(world.topics["closed"], closing(world))

    assert isinstance(receipt, LateReceipt)
    assert [item.folio for item in list_late(world.government_id, undecided=True)] == [receipt.folio]
    assert read_counts([world.topics["closed"]])[world.topics["closed"]] == {"late": 1}


def test_what_is_admitted_goes_on_like_any_other(world: World, worker: Worker) -> None:
    item = a_late(world, draft={"email": "ana@ejemplo.mx"})

    decide(world, item, LateDecision.ADMITTED)
    worker.drain()

    session().expire_all()
    referral = session().query(Referral).filter_by(submission_id=item.id).one()
    again = get_submission(item.folio)
    assert (again.is_admitted, again.timeliness, again.late_reason) == (True, "late", "La línea falló ese día.")
    assert again.clock is not None
    # Its answer counts from the decision, not from a closing long past.
    assert again.clock.starts_on == START.date()
    assert referral.due_at == again.clock.due_at
    counts = read_counts([world.topics["closed"]])[world.topics["closed"]]
    assert (counts["received"], counts["late"]) == (1, 0)
    told = session().query(Notice).filter_by(kind="late_decision").one()
    assert (told.address, "La línea falló ese día." in told.body) == ("ana@ejemplo.mx", True)


def test_what_is_left_apart_stays_and_may_be_admitted_later(world: World) -> None:
    item = a_late(world)

    decide(world, item, LateDecision.DECLINED, "Llegó una semana después.")
    assert (item.is_admitted, list_late(world.government_id, undecided=True)) == (False, [])
    decide(world, item, LateDecision.ADMITTED)

    assert item.is_admitted
    with pytest.raises(Refused, match="ya se decidió"):
        decide(world, item, LateDecision.DECLINED)


def test_decisions_that_cannot_be(world: World) -> None:
    item, in_time = a_late(world), a_submission(world.topics["open"], START)

    with pytest.raises(Refused, match="razones") as refused:
        decide(world, item, LateDecision.ADMITTED, "  ")
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="llegó en plazo"):
        decide(world, in_time, LateDecision.ADMITTED)
    with pytest.raises(Forbidden), unit_of_work():
        decide_late(
            submission=item,
            decision=LateDecision.ADMITTED,
            reason="Porque sí.",
            actor=world.actors["respondent"],
            now=START,
        )


def captured(world: World, recorded_at: datetime) -> Submission:
    """Capture a paper that was sealed an hour before closing."""
    capture = Capture(post_id=world.actors["operator"].post_id, evidence="Sello 14")
    delivery = a_delivery(
        world.topics["closed"], closing(world) - timedelta(hours=1), channel=Channel.PAPER, capture=capture
    )
    with unit_of_work():
        outcome = receive(delivery, secret=SECRET, clock=lambda: recorded_at)
    return get_submission(outcome.folio)


def test_paper_sealed_in_time_is_in_time_for_some_days_and_marked(world: World) -> None:
    item = captured(world, closing(world) + timedelta(days=1))

    assert (item.admission, item.timeliness, item.is_admitted) == ("sealed_in_time", "on_time", True)


def test_paper_captured_too_late_waits_for_a_decision(world: World) -> None:
    item = captured(world, closing(world) + timedelta(days=15))

    assert (item.admission, item.timeliness, item.is_admitted) == ("late_capture", "on_time", False)
    decide(world, item, LateDecision.ADMITTED, "El sello es de antes del cierre.")
    assert item.is_admitted


def test_only_the_named_post_captures_after_closing(world: World) -> None:
    with unit_of_work():
        get_window(world.slugs["closed"]).capture_post_id = world.actors["moderator"].post_id

    item = captured(world, closing(world) + timedelta(days=1))

    assert item.admission == "late_capture"


def test_a_form_opened_in_time_is_admitted_once_and_marked(world: World) -> None:
    closes_at = closing(world)
    grace = load_margins().grace
    opened = closes_at - timedelta(minutes=20)

    within = a_receipt(world.topics["closed"], closes_at + grace / 2, form_issued_at=opened)
    beyond = a_receipt(world.topics["closed"], closes_at + grace, form_issued_at=opened)

    assert type(within) is Receipt
    assert get_submission(within.folio).admission == "slow_line"
    assert isinstance(beyond, LateReceipt)
