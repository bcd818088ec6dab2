"""Writing notices."""

from datetime import datetime

from sqlalchemy import delete, select, update

from consulta.db import session
from consulta.i18n.text import language
from consulta.jobs import enqueue
from consulta.notices.messages import Message
from consulta.notices.models import Notice
from consulta.notices.states import Means, NoticeState

SEND = "notices.send"
# Their bodies carry a link that opens an account: kept only until it was sent.
SECRET_KINDS = frozenset({"invitation", "reset"})
# Told for the last time to an address that the person had cancelled: it is kept only until it was sent.
LAST_KINDS = frozenset({"data_rights_cancelled"})


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
    )
    current.add(notice)
    current.flush()
    if by_mail:
        enqueue(kind=SEND, payload={"notice_id": notice.id}, run_at=now)


def mark_sent(*, notice: Notice, now: datetime) -> None:
    """Remember that the mail server took the notice, and forget a body that holds a link to an account."""
    if notice.kind in SECRET_KINDS:
        notice.body = ""
    if notice.kind in LAST_KINDS:
        notice.address = ""
    notice.state = NoticeState.SENT
    notice.sent_at = now


def forget_addresses(about: str) -> None:
    """Forget where notices about something were sent, because the person had her address cancelled.

    What was told stays; what still waits to be sent is dropped.
    """
    own = (Notice.about == about, Notice.means == Means.MAIL)
    session().execute(delete(Notice).where(*own, Notice.state == NoticeState.PENDING))
    session().execute(update(Notice).where(*own).values(address=""))
