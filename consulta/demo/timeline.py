"""Runs the stories of the demonstration together, every act in the order of its instant.

A story is a generator: it yields the instant of its next act and then does it. What would happen after the
demonstration is loaded has not happened yet, so a story simply stops there.
"""

from collections.abc import Generator
from datetime import datetime
from heapq import heappop, heappush

from consulta.db import unit_of_work

Story = Generator[datetime, None, None]
# Acts in one transaction: a durable commit each would take most of the time.
TOGETHER = 100


class Timeline:
    """Stories that wait for their instant."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._count = 0

    def add(self, story: Story) -> None:
        """Let a story begin; nothing of it is done before its first instant."""
        self._push(story)

    def run(self) -> None:
        """Tell every story until now."""
        while self._waiting:
            with unit_of_work():
                for _ in range(min(TOGETHER, len(self._waiting))):
                    if self._waiting:
                        self._push(heappop(self._waiting)[2])

    def _push(self, story: Story) -> None:
        at = next(story, None)
        if at is not None and at <= self.now:
            self._count += 1
            heappush(self._waiting, (at, self._count, story))
