"""What could not be delivered by mail is told on the notice board (*estrados*), so that nobody is left unnotified."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consulta.db import session
from consulta.i18n.text import SOURCE, _, speaking
from consulta.notices import Message, notify
from consulta.notices.models import Notice
from consulta.notices.states import NoticeState
from consulta.referrals.notices import public_lines
from consulta.referrals.queries import find_answer
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, is_held_by
from consulta.windows.models import Topic

LISTED = 20
LONGEST_KEY = 200


def post_undelivered(payload: dict[str, Any], now: datetime) -> None:
    """Post on the notice board what a person was not told by mail. The handler of `notices.failed` for folios.

    The notice board is public: it carries the folio, and of an answer only what everybody may read. Of what is
    reserved it carries nothing, as everywhere.
    """
    notice = session().get(Notice, payload["notice_id"])
    submission = find_by_folio(notice.about) if notice is not None and notice.about else None
    # What went to an office about a folio is no notification of its author.
    if notice is None or submission is None or submission.reserved or notice.address != submission.email:
        return
    with speaking(SOURCE):
        notify(undelivered_notice(notice, submission), now=now)


def list_undelivered(government_id: int, since: datetime, limit: int = LISTED) -> Sequence[Notice]:
    """Return the notices about folios that a government has which did not reach anybody since then, newest first."""
    found = (
        select(Notice)
        .join(Submission, Submission.folio == Notice.about)
        .join(Submission.topic)
        .join(Topic.window)
        .where(
            Notice.state == NoticeState.FAILED,
            Notice.failed_at >= since,
            is_held_by(government_id),
            Submission.reserved.is_(False),
        )
        .order_by(Notice.failed_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return session().scalars(found).all()


def undelivered_notice(notice: Notice, submission: Submission) -> Message:
    """Return the entry of the notice board in the place of a mail that did not reach its person."""
    body = [
        _("No se pudo entregar por correo un aviso sobre el folio %(folio)s.", folio=submission.folio),
        "",
        *_answer_lines(notice, submission),
        _("Para verlo use su folio y su clave de seguimiento."),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind="undelivered",
        unique_key=f"undelivered:{notice.unique_key}"[:LONGEST_KEY],
        about=submission.folio,
        subject=_("Aviso sobre el folio %(folio)s", folio=submission.folio),
        body="\n".join(body),
    )


def _answer_lines(notice: Notice, submission: Submission) -> list[str]:
    """Return the answer that the mail was about, where everybody may read it."""
    if notice.kind not in ("answer", "correction"):
        return []
    answer = find_answer(int(notice.unique_key.split(":")[2]))
    return public_lines(answer, submission) if answer is not None else []
