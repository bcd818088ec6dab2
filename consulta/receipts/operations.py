"""Counting which receipts were ever checked: the first time counts."""

from datetime import datetime

from sqlalchemy import func, select

from consulta.db import lock_exclusive, session
from consulta.record.models import Leaf, ReceiptCheck


def note_check(leaf: Leaf, now: datetime) -> None:
    """Write down that the receipt of a reception was checked; a second time changes nothing."""
    if session().get(ReceiptCheck, leaf.id) is not None:
        return
    lock_exclusive("receipt-checks")
    if session().get(ReceiptCheck, leaf.id) is None:
        session().add(ReceiptCheck(leaf_id=leaf.id, number=count_checked() + 1, at=now))
        session().flush()


def count_checked() -> int:
    """Return how many receipts were checked at least once, read from the last number."""
    return session().scalar(select(func.max(ReceiptCheck.number))) or 0
