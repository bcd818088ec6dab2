"""A person withdraws what she sent, or says that she did not send it: what waited for an answer ends."""

from datetime import datetime

from consulta.clocks.recalendar import end_clocks
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import SOURCE, _, speaking
from consulta.notices import notify
from consulta.referrals.ending import end_open_referrals
from consulta.referrals.notices import standing_notice
from consulta.referrals.states import EndCause
from consulta.submissions.models import Submission
from consulta.submissions.standing import change_standing
from consulta.submissions.states import Standing


def withdraw(*, submission: Submission, reason: str, now: datetime) -> None:
    """Withdraw a submission by its author: its text is not shown any more and nobody owes her an answer.

    Effects in order: standing, counters and leaf; referrals that wait end; her clock ends; notice. Folio, story and a
    published answer stay. Raises Refused for what was withdrawn or disowned before.
    """
    _leave(submission, Standing.WITHDRAWN, hides=True, reason=reason, by_post_id=None, now=now)


def disown(*, submission: Submission, hides: bool, reason: str, now: datetime, by_post_id: int | None = None) -> None:
    """Mark that the person whose name or address it carries did not send it: it counts apart and her name goes.

    Args:
        submission: what was sent in her name.
        hides: whether she asks that its text is not shown.
        reason: what she says of it; not public.
        now: instant of the act.
        by_post_id: the post that decided, where she could only claim it.
    Raises:
        Refused: it was disowned before.
    """
    _leave(submission, Standing.DISOWNED, hides=hides, reason=reason, by_post_id=by_post_id, now=now)


def _leave(
    submission: Submission, standing: Standing, *, hides: bool, reason: str, by_post_id: int | None, now: datetime
) -> None:
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if submission.reserved and standing == Standing.DISOWNED and not hides:
        raise Refused(_("Lo reservado nunca se muestra."))
    cause = EndCause.WITHDRAWN if standing == Standing.WITHDRAWN else EndCause.DISOWNED
    change_standing(
        submission=submission, standing=standing, is_hidden=hides, reason=reason, by_post_id=by_post_id, now=now
    )
    end_open_referrals(submission, cause, now, None)
    if not submission.is_answered:
        end_clocks([submission.clock_id], now, by_post_id)
    with speaking(submission.language if submission.email else SOURCE):
        message = standing_notice(submission)
        if message.address is not None:
            notify(message, now=now)
