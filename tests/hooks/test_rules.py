"""When it is sent again, and what is kept of an answer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from consulta.hooks.rules import MOST_TRIES, clean_said, event_id_of, next_wait, patience, rest_after
from consulta.hooks.signing import make_secret, sign, signed_headers

DOCS = Path(__file__).resolve().parents[2] / "docs" / "avisos-a-programas.md"
NOW = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)


def test_waits_grow_to_three_days_in_all() -> None:
    waits = [next_wait("evt_1", tries) for tries in range(1, MOST_TRIES)]

    assert timedelta(seconds=24) <= waits[0] <= timedelta(seconds=36)
    assert waits == sorted(waits[:8]) + waits[8:]
    assert max(waits) <= timedelta(hours=28.8)
    assert timedelta(days=2.5) < sum(waits, timedelta()) < timedelta(days=3.8)


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {next_wait(event_id_of(f"leaf:{number}", ""), 5) for number in range(200)}

    middle = timedelta(seconds=30 * 81)
    assert len(waits) == 200
    assert min(waits) < middle * 0.85
    assert max(waits) > middle * 1.15
    assert all(middle * 0.8 <= wait <= middle * 1.2 for wait in waits)


def test_rest_of_an_address_grows_to_ten_minutes() -> None:
    assert [rest_after(number).total_seconds() for number in (1, 2, 3, 7, 500)] == [10, 20, 40, 600, 600]


@pytest.mark.parametrize(
    ("status", "written", "seconds"),
    [
        (429, "120", 120),
        (503, "Wed, 10 Jun 2026 18:30:00 GMT", 1800),
        (503, "Wed, 10 Jun 2020 18:30:00 GMT", 0),
        (503, "9" * 30, 21600),
        (503, "-5", 0),
        (503, "٣", 0),
        (500, "120", 0),
        (None, "120", 0),
        (503, "", 0),
    ],
)
def test_patience(status: int | None, written: str, seconds: int) -> None:
    assert patience(status, written, NOW) == timedelta(seconds=seconds)


def test_what_is_kept_of_an_answer_is_short_and_can_be_shown() -> None:
    assert clean_said("hola\x00\x1b[31m\u202e\r\n\u2028 mundo\ufffd") == "hola [31m mundo\ufffd"
    assert len(clean_said("a" * 5000)) == 200


def test_signature_is_the_one_of_the_specification() -> None:
    # The example that the libraries of Standard Webhooks test themselves with.
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_example_of_the_documentation_believes_what_is_signed_and_nothing_else() -> None:
    written = DOCS.read_text("utf-8").split("```python\n")[1].split("```")[0]
    found: dict[str, Any] = {}
    exec(written, found)
    secret, body = make_secret(), b'{"id":"evt_1"}'
    headers = signed_headers([make_secret(), secret], message_id="evt_1", now=datetime.now(UTC), body=body)

    assert found["is_ours"](secret, headers, body)
    assert not found["is_ours"](secret, headers, body + b" ")
    assert not found["is_ours"](make_secret(), headers, body)
    assert not found["is_ours"](secret, {**headers, "webhook-timestamp": "1614265330"}, body)


def test_secrets_have_the_length_that_the_specification_asks_for() -> None:
    assert make_secret().startswith("whsec_")
    assert len(make_secret()) == 6 + 44
