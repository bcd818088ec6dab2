"""Intake with the record on, against the same intake with the leaf write stubbed out, in the same run."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from bench.timing import interleaved
from consulta.db import unit_of_work
from consulta.record.sequencing import sequence_everything
from consulta.submissions import operations
from consulta.submissions.operations import receive
from tests.builders import SECRET, World, a_delivery

# As they come from the web: one transaction, with one durable commit, each.
AT_ONCE, REPEATS = 40, 25
LEAST_SHARE = 0.85


def run(world: World, now: datetime) -> dict[str, Any]:
    """Return the share of the stubbed intake's speed that is left with the record; the sequencer comes after each."""

    def intake() -> None:
        for _ in range(AT_ONCE):
            with unit_of_work():
                receive(a_delivery(world.topics["open"], now), secret=SECRET, clock=lambda: now)

    def stubbed() -> None:
        with _without_leaves():
            intake()

    intake()
    found = interleaved(stubbed, intake, repeats=REPEATS)
    with unit_of_work():
        placed = sequence_everything(now)
    share = found["baseline_ms"] / found["median_ms"]
    return {
        **found,
        "share": round(share, 3),
        "placed_afterwards": placed,
        "limit": round(1 / LEAST_SHARE, 3),
        "reached": share >= LEAST_SHARE,
    }


@contextmanager
def _without_leaves() -> Iterator[None]:
    with patch.object(operations, "append_leaves", lambda _acts: None):
        yield
