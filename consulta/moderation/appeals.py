"""Appeals against what is not shown: filed by the author, decided by another post, by a date of their own."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.actors import Actor
from consulta.clocks.recalendar import end_clocks
from consulta.clocks.states import ClockKind
from consulta.clocks.timekeeping import Holder, start_clock
from consulta.db import lock_exclusive, session
from consulta.deadlines import DayUnit, Term
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import SOURCE, _, speaking
from consulta.moderation.grounds import load_terms
from consulta.moderation.models import Appeal, Moderation
from consulta.moderation.notices import appeal_notice
from consulta.moderation.operations import publish_text
from consulta.moderation.rules import LONGEST_REASON, may_review
from consulta.moderation.states import APPEAL_TRANSITIONS, AppealState, ModerationAct
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of, is_held_by
from consulta.windows.models import Topic

MOST = 100


def file_appeal(*, submission: Submission, text: str, now: datetime) -> Appeal:
    """Object, as the author, to what is not shown. A clock of its own starts, with its leaf.

    Raises Refused without reasons, twice, or when everything is shown.
    """
    lock_exclusive(f"submission:{submission.id}")
    last = find_last_act(submission.id)
    if last is None or last.act == ModerationAct.PUBLISHED:
        raise Refused(_("Su texto se muestra completo: no hay nada que impugnar."))
    earlier = find_appeal(submission.id)
    # One that waits looks at the text anew, whatever was decided about it since.
    if earlier is not None and (earlier.state == AppealState.OPEN or earlier.moderation_id == last.id):
        raise Refused(_("Ya lo impugnó: se resolverá en la fecha que ve en su seguimiento."))
    if not text.strip() or len(text.strip()) > LONGEST_REASON:
        raise Refused(
            _("Escriba por qué debe mostrarse, en hasta %(n)s caracteres.", n=f"{LONGEST_REASON:,}"), field="text"
        )
    government, terms = submission.topic.window.government, load_terms()
    term = Term(terms.appeal_days, DayUnit.BUSINESS_DAY, rule="impugnacion", citation=terms.appeal_citation)
    clock = start_clock(
        kind=ClockKind.APPEAL,
        holder=Holder(government, procedure="moderacion"),
        term=term,
        on=now.astimezone(ZoneInfo(government.timezone)).date(),
        now=now,
    )
    appeal = Appeal(
        submission=submission,
        moderation=last,
        state=AppealState.OPEN,
        text=text.strip(),
        filed_at=now,
        clock=clock,
        reason="",
    )
    session().add(appeal)
    session().flush()
    content = {"text": appeal.text, "moderation_id": last.id}
    append_leaf(kind="appeal.filed", public_id=submission.folio, at=now, content=content, keep_content=False)
    session().flush()
    return appeal


def decide_appeal(*, appeal: Appeal, state: AppealState, reason: str, actor: Actor, now: datetime) -> None:
    """Uphold what was decided, or overturn it, which publishes the text whole. The author is told.

    Raises Forbidden for other governments; Refused for the post or the person that decided first, without reasons,
    or twice.
    """
    submission = appeal.submission
    if not may_review(actor, government_id=holder_of(submission)):
        raise Forbidden(_("La revisión es de otro gobierno."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(appeal)
    if any(_is_by(act, actor) for act in (appeal.moderation, find_last_act(submission.id)) if act is not None):
        raise Refused(_("Usted lo decidió la primera vez: debe resolverlo otra persona, de otro cargo."))
    if state not in APPEAL_TRANSITIONS[AppealState(appeal.state)]:
        raise Refused(_("Esa impugnación ya se resolvió: recargue la página."))
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Escriba las razones: la persona las lee."), field="reason")
    appeal.state, appeal.reason = state, reason.strip()
    appeal.decided_at, appeal.decided_by_post_id = now, actor.post_id
    end_clocks([appeal.clock_id], now, actor.post_id)
    content = {"state": state, "reason": appeal.reason, "post_id": actor.post_id}
    append_leaf(kind="appeal.decided", public_id=submission.folio, at=now, content=content)
    session().flush()
    if state == AppealState.OVERTURNED:
        _show_whole(submission, actor, now)
    with speaking(submission.language if submission.email else SOURCE):
        notify(appeal_notice(appeal), now=now)


def find_last_act(submission_id: int) -> Moderation | None:
    """Return the last act of review of a submission."""
    found = select(Moderation).where(Moderation.submission_id == submission_id).order_by(Moderation.id.desc())
    return session().scalar(found.limit(1))


def find_appeal(submission_id: int) -> Appeal | None:
    """Return the last appeal of a submission."""
    found = select(Appeal).options(joinedload(Appeal.clock)).where(Appeal.submission_id == submission_id)
    return session().scalar(found.order_by(Appeal.id.desc()).limit(1))


def list_open_appeals(government_id: int) -> Sequence[Appeal]:
    """Return the appeals that wait in a government, oldest first."""
    found = (
        select(Appeal)
        .join(Appeal.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(
            contains_eager(Appeal.submission).contains_eager(Submission.topic).contains_eager(Topic.window),
            joinedload(Appeal.moderation).joinedload(Moderation.post),
            joinedload(Appeal.clock),
        )
        .where(is_held_by(government_id), Appeal.state == AppealState.OPEN)
        .order_by(Appeal.id)
        .limit(MOST)
    )
    return session().scalars(found).all()


def _is_by(act: Moderation, actor: Actor) -> bool:
    return actor.post_id == act.post_id or (actor.person_id is not None and actor.person_id == act.person_id)


def _show_whole(submission: Submission, actor: Actor, now: datetime) -> None:
    """Publish the text whole: one that was published without passages is shown again with them."""
    if submission.state == "published":
        submission.redactions = []
        append_leaf(kind="submission.restored", public_id=submission.folio, at=now, content={"post_id": actor.post_id})
        session().flush()
        return
    publish_text(submission=submission, actor=actor, now=now)
