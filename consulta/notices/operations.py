"""Writing notices."""

import re
from datetime import datetime

from sqlalchemy import delete, select, update

from consulta.db import session
from consulta.i18n.text import language
from consulta.jobs import enqueue
from consulta.notices.messages import Message
from consulta.notices.models import Notice
from consulta.notices.states import TRANSITIONS, Means, NoticeState

SEND = "notices.send"
FAILED = "notices.failed"
LONGEST_FAILURE = 300
ADDRESS = re.compile(r"[^\s<>;,:\"'()]+@[^\s<>;,:\"'()]+")
# What is told to who follows something: its address is kept with the subscription, and nowhere else once it was sent.
FOLLOWING_KINDS = frozenset({"following", "following_confirm"})
# Their bodies carry a link that opens an account or a subscription: kept only until it was sent.
SECRET_KINDS = frozenset({"invitation", "reset"}) | FOLLOWING_KINDS
# Told for the last time to an address that the person had cancelled: it is kept only until it was sent.
LAST_KINDS = frozenset({"data_rights_cancelled"}) | FOLLOWING_KINDS


def notify(message: Message, *, now: datetime) -> None:
    """Write a notice once per `unique_key`; enqueue its delivery, or post it on the notice board. Flushes."""
    current = session()
    if current.scalar(select(Notice.id).where(Notice.unique_key == message.unique_key)) is not None:
        return
    by_mail = message.address is not None
    notice = Notice(
        kind=message.kind,
        unique_key=message.unique_key,
        about=message.about,
        means=Means.MAIL if by_mail else Means.NOTICE_BOARD,
        address=message.address,
        subject=message.subject,
        body=message.body,
        language=language(),
        state=NoticeState.PENDING if by_mail else NoticeState.POSTED,
        created_at=now,
        leave_url=message.leave_url,
    )
    current.add(notice)
    current.flush()
    if by_mail:
        enqueue(kind=SEND, payload={"notice_id": notice.id}, run_at=now)


def mark_sent(*, notice: Notice, now: datetime) -> None:
    """Remember that the mail server took the notice, and forget a body that holds a link to an account."""
    if NoticeState.SENT not in TRANSITIONS[NoticeState(notice.state)]:
        return
    _forget_secrets(notice)
    notice.state = NoticeState.SENT
    notice.sent_at = now


def mark_failed(*, notice: Notice, now: datetime, failure: str, is_hard: bool) -> bool:
    """Remember that a notice did not reach its person. Returns False where that was known, and does nothing.

    Effects in order: state failed with what the mail server said, secrets forgotten, and work for who must tell it
    in another way (`notices.failed`).

    Args:
        notice: which.
        now: when it became known.
        failure: status and words of the server (RFC 3463).
        is_hard: whether another mail to that address would fare no better (class 5).
    """
    if NoticeState.FAILED not in TRANSITIONS[NoticeState(notice.state)]:
        return False
    notice.state, notice.sent_at, notice.failed_at = NoticeState.FAILED, None, now
    notice.failure = " ".join(hide_addresses(failure).split())[:LONGEST_FAILURE]
    enqueue(kind=FAILED, payload={"notice_id": notice.id, "is_hard": is_hard}, run_at=now)
    _forget_secrets(notice)
    session().flush()
    return True


def hide_addresses(text: str) -> str:
    """Return what a mail server said without the addresses in it: they are kept in one place, from which they go."""
    return ADDRESS.sub("…@…", text)


def _forget_secrets(notice: Notice) -> None:
    if notice.kind in SECRET_KINDS:
        notice.body = notice.leave_url = ""
    if notice.kind in LAST_KINDS:
        notice.address = ""


def forget_addresses(about: str) -> None:
    """Forget where notices about something were sent, because the person had her address cancelled.

    What was told stays; what still waits to be sent is dropped.
    """
    own = (Notice.about == about, Notice.means == Means.MAIL)
    session().execute(delete(Notice).where(*own, Notice.state == NoticeState.PENDING))
    session().execute(update(Notice).where(*own).values(address=""))
