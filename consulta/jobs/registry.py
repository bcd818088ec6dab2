"""Which function works which kind of job."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

Handler = Callable[[dict[str, Any], datetime], None]
Periodic = Callable[[datetime], None]


@dataclass
class Registry:
    """Handlers by kind.

    `inside` handlers run in one transaction with the removal of their row: exactly once.
    `outside` handlers talk to another system, so they run without a transaction: at least once.
    `periodic` functions run at most once per interval, each in a unit of work.
    """

    inside: dict[str, Handler] = field(default_factory=dict)
    outside: dict[str, Handler] = field(default_factory=dict)
    periodic: list[tuple[timedelta, Periodic]] = field(default_factory=list)
