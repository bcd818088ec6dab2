"""The only place that reads the clock. Everything else receives instants as arguments."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)
