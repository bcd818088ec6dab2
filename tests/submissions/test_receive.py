"""Intake: one operation for every channel, in one transaction, at any hour, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from consulta.db import session, unit_of_work
from consulta.errors import Refused
from consulta.folio import hash_key, parse_folio
from consulta.jobs.models import Job
from consulta.notices.models import Notice
from consulta.record.models import Leaf, Opening
from consulta.record.rules import commit
from consulta.submissions.drafts import DemographicsDraft, LateReceipt, NonceReused, Receipt
from consulta.submissions.models import BufferedDemographics, Submission
from consulta.submissions.operations import receive_batch
from consulta.submissions.queries import find_own
from consulta.submissions.rules import committed_columns, received_content
from consulta.submissions.states import Channel, Timeliness
from consulta.windows.counters import read_counts
from tests.builders import SECRET, World, a_delivery, a_receipt, a_submission, buffered, get_submission, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")


def test_receive_gives_folio_and_key_that_open_the_story(world: World) -> None:
    receipt = a_receipt(world.topics["open"], START)

    assert isinstance(receipt, Receipt)
    assert parse_folio(receipt.folio) == receipt.folio
    found = find_own(folio=receipt.folio, key=receipt.tracking_key, secret=SECRET)
    assert found is not None
    assert found.key_hash == hash_key(SECRET, receipt.tracking_key)
    assert find_own(folio=receipt.folio, key="otra clave", secret=SECRET) is None


def test_receive_writes_every_trace_in_one_transaction(world: World) -> None:
    demographics = DemographicsDraft(sex="woman", age_group="30-44", municipality="11015")
    submission = a_submission(
        world.topics["open"], START, draft={"email": "persona@ejemplo.mx", "demographics": demographics}
    )

    assert session().scalars(select(Leaf.kind).where(Leaf.public_id == submission.folio)).all() == [
        "submission.received"
    ]
    assert session().scalars(select(Job.kind).order_by(Job.id)).all()[-2:] == ["submission.received", "notices.send"]
    assert session().scalars(select(Notice.about)).all() == [submission.folio]
    assert read_counts([submission.topic_id]) == {submission.topic_id: {"received": 1}}
    assert buffered(submission.topic.window_id) == [
        {"behalf": "self", "sex": "woman", "age_group": "30-44", "municipality": "11015"}
    ]


def test_receive_loses_nothing_when_the_transaction_fails(world: World) -> None:
    def receive_and_fail() -> None:
        with unit_of_work():
            receive_batch([a_delivery(world.topics["open"], START)], secret=SECRET, clock=lambda: START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        receive_and_fail()

    assert session().scalar(select(func.count()).select_from(Submission)) == 0
    assert read_counts([world.topics["open"]]) == {}


def test_leaf_opens_with_the_row_of_the_submission(world: World) -> None:
    submission = a_submission(world.topics["open"], START)

    leaf, opening = (
        session().execute(select(Leaf, Opening).join(Opening).where(Leaf.public_id == submission.folio)).one()
    )
    columns = committed_columns(submission)
    assert leaf.commitment == commit(opening.salt, received_content(columns))
    assert opening.content is None


def test_same_nonce_is_the_same_submission_and_shows_the_same_receipt(world: World) -> None:
    delivery = a_delivery(world.topics["open"], START)

    with unit_of_work():
        [first] = receive_batch([delivery], secret=SECRET, clock=lambda: START)
    with unit_of_work():
        [second] = receive_batch([delivery], secret=SECRET, clock=lambda: START + timedelta(hours=23))

    assert isinstance(second, Receipt)
    assert (second.folio, second.tracking_key, second.repeated) == (first.folio, first.tracking_key, True)
    assert session().scalar(select(func.count()).select_from(Submission)) == 1


def test_same_nonce_with_another_text_is_told_and_writes_nothing(world: World) -> None:
    first = a_receipt(world.topics["open"], START, nonce=b"n" * 16)
    second = a_receipt(world.topics["open"], START, nonce=b"n" * 16, draft={"text": "Otra cosa."})

    assert second == NonceReused(first.folio)


def test_equal_texts_under_two_nonces_are_two_submissions(world: World) -> None:
    folios = {a_receipt(world.topics["open"], START).folio for _ in range(2)}

    assert len(folios) == 2


@pytest.mark.parametrize(("offset", "expected"), [(-1, Timeliness.ON_TIME), (0, Timeliness.LATE), (1, Timeliness.LATE)])
def test_closing_is_half_open_to_the_microsecond(world: World, offset: int, expected: Timeliness) -> None:
    closes_at = get_window(world.slugs["open"]).closes_at
    assert closes_at is not None
    at = closes_at + timedelta(microseconds=offset)

    receipt = a_receipt(world.topics["open"], at)

    assert get_submission(receipt.folio).timeliness == expected
    assert isinstance(receipt, LateReceipt) is (expected == Timeliness.LATE)


def test_paper_sealed_in_time_counts_although_captured_later(world: World) -> None:
    closes_at = get_window(world.slugs["closed"]).closes_at
    assert closes_at is not None

    receipt = a_receipt(
        world.topics["closed"], START, received_at=closes_at - timedelta(hours=1), channel=Channel.PAPER
    )

    submission = get_submission(receipt.folio)
    assert submission.timeliness == Timeliness.ON_TIME
    assert (submission.received_at, submission.recorded_at) == (closes_at - timedelta(hours=1), START)


def test_late_ones_are_counted_apart(world: World) -> None:
    a_receipt(world.topics["closed"], START)

    assert read_counts([world.topics["closed"]]) == {world.topics["closed"]: {"late": 1}}


def test_before_opening_nothing_is_received(world: World) -> None:
    opens_at = get_window(world.slugs["open"]).opens_at
    assert opens_at is not None

    with pytest.raises(Refused, match="todavía no abre"):
        a_receipt(world.topics["open"], opens_at - timedelta(microseconds=1))


def test_batch_mixes_new_and_repeated_and_keeps_their_order(world: World) -> None:
    known = a_delivery(world.topics["open"], START)
    with unit_of_work():
        [first] = receive_batch([known], secret=SECRET, clock=lambda: START)
    fresh = a_delivery(world.topics["open-unrouted"], START)

    with unit_of_work():
        outcomes = receive_batch([fresh, known, fresh], secret=SECRET, clock=lambda: START)

    assert [getattr(outcome, "repeated", None) for outcome in outcomes] == [False, True, True]
    assert outcomes[1].folio == first.folio
    assert outcomes[2].folio == outcomes[0].folio


def test_demographics_share_nothing_with_the_submission(world: World) -> None:
    columns = {column.name for column in BufferedDemographics.__table__.columns}

    assert columns == {"key", "window_id", "batch", "sealed"}
    assert not any(
        foreign.column.table.name == "submissions" for foreign in BufferedDemographics.__table__.foreign_keys
    )
