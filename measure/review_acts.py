"""Acts of a random history around what a text shows: review, appeals, withdrawing and disowning."""

from collections.abc import Callable

from sqlalchemy import select

from consulta.db import session
from consulta.moderation.appeals import decide_appeal, file_appeal
from consulta.moderation.models import Appeal
from consulta.moderation.operations import publish_text, redact_text, withhold_text
from consulta.moderation.states import AppealState
from consulta.referrals.standing import disown, withdraw
from measure.answer_acts import History


def moderate_one(run: History) -> None:
    """Publish a text, publish it without a passage, or withhold it."""
    submission, moderator = run.submission(), run.actors["moderator"]
    drawn = run.draw.random()
    if drawn < 0.4:
        publish_text(submission=submission, actor=moderator, now=run.now)
    elif drawn < 0.7:
        passages = [submission.text[: run.draw.randint(3, 12)].strip()]
        redact_text(submission=submission, passages=passages, ground="minors", note="", actor=moderator, now=run.now)
    else:
        withhold_text(submission=submission, ground="minors", reason="Nombra.", actor=moderator, now=run.now)


def appeal_one(run: History) -> None:
    """Object, as the author, to what is not shown."""
    file_appeal(submission=run.submission(), text="No nombro a nadie.", now=run.now)


def decide_one(run: History) -> None:
    """Decide an appeal; now and then as the post that decided first."""
    waiting = select(Appeal).where(Appeal.submission_id.in_(run.submissions), Appeal.state == AppealState.OPEN)
    found = session().scalars(waiting.order_by(Appeal.id)).all()
    if not found:
        raise LookupError
    role = "coordinator" if run.draw.random() < 0.8 else "moderator"
    state = run.draw.choice((AppealState.UPHELD, AppealState.OVERTURNED))
    decide_appeal(appeal=run.draw.choice(found), state=state, reason="Se leyó.", actor=run.actors[role], now=run.now)


def withdraw_one(run: History) -> None:
    """Withdraw."""
    withdraw(submission=run.submission(), reason="", now=run.now)


def disown_one(run: History) -> None:
    """Disown."""
    disown(submission=run.submission(), hides=run.draw.random() < 0.5, reason="", now=run.now)


ACTS: dict[str, tuple[Callable[[History], None], int]] = {
    "moderate": (moderate_one, 4),
    "appeal": (appeal_one, 3),
    "decide_appeal": (decide_one, 3),
    "withdraw": (withdraw_one, 1),
    "disown": (disown_one, 1),
}
