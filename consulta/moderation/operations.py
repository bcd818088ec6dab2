"""Acts of review: published, published without some passages, withheld; each with ground, leaf and notice."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from consulta.actors import Actor
from consulta.clocks.calendars import calendar_of
from consulta.db import lock_exclusive, session
from consulta.deadlines import OutsideCalendar, count_business_days
from consulta.errors import Forbidden, NotFound, Refused
from consulta.i18n.text import SOURCE, _, speaking
from consulta.moderation.grounds import check_ground, load_terms
from consulta.moderation.models import Moderation
from consulta.moderation.notices import moderation_notice
from consulta.moderation.rules import LONGEST_REASON, may_review
from consulta.moderation.states import ModerationAct
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.submissions.models import Submission
from consulta.submissions.policy import may_publish_text
from consulta.submissions.queries import holder_of
from consulta.submissions.redaction import Passages, check_passages
from consulta.submissions.states import TRANSITIONS, SubmissionKind, SubmissionState
from consulta.windows.counters import add_delta
from consulta.windows.states import CounterName


def publish_text(*, submission: Submission, actor: Actor, now: datetime) -> None:
    """Make a reviewed text public as it is, with its leaf. Raises Refused when its kind or its lateness forbid it."""
    _begin(submission, actor, SubmissionState.PUBLISHED)
    _check_publishable(submission)
    _show(submission, [])
    _finish(submission, actor, now, ModerationAct.PUBLISHED, "", "", [])


def redact_text(
    *, submission: Submission, passages: Sequence[str], ground: str, note: str, actor: Actor, now: datetime
) -> Moderation:
    """Make a text public without some passages (*versión pública*); the original stays, and is answered.

    A published text may get its first or another public version. Raises Refused at the field to correct.
    """
    found = check_ground(ground)
    _check_note(note, required=False)
    _begin(submission, actor, SubmissionState.PUBLISHED, again=True)
    _check_publishable(submission)
    hidden = check_passages(passages, submission)
    _show(submission, hidden)
    act = _finish(submission, actor, now, ModerationAct.REDACTED, found.key, note.strip(), hidden)
    _tell(act)
    return act


def withhold_text(*, submission: Submission, ground: str, reason: str, actor: Actor, now: datetime) -> Moderation:
    """Keep a text from the public on a ground of the list, with the reason, which is public; the author is told.

    Raises Refused without either.
    """
    found = check_ground(ground)
    _check_note(reason, required=True)
    _begin(submission, actor, SubmissionState.WITHHELD)
    if submission.state == SubmissionState.PUBLISHED and not submission.is_hidden:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=-1)
    submission.state, submission.withheld_reason = SubmissionState.WITHHELD, f"{found.title}. {reason.strip()}"
    submission.redactions = []
    act = _finish(submission, actor, now, ModerationAct.WITHHELD, found.key, reason.strip(), [])
    _tell(act)
    return act


def _begin(submission: Submission, actor: Actor, target: SubmissionState, *, again: bool = False) -> None:
    if submission.reserved or not may_review(actor, government_id=holder_of(submission)):
        raise Forbidden(_("La revisión es de otro gobierno."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    same = again and submission.state == target
    if not same and target not in TRANSITIONS[SubmissionState(submission.state)]:
        raise Refused(_("%(folio)s ya fue revisado.", folio=submission.folio))


def _check_publishable(submission: Submission) -> None:
    if not submission.is_admitted:
        raise Refused(_("%(folio)s llegó fuera de plazo: no se publica mientras no se admita.", folio=submission.folio))
    if submission.is_hidden:
        raise Refused(_("%(folio)s ya no se muestra: la persona lo retiró.", folio=submission.folio))
    if not may_publish_text(kind=SubmissionKind(submission.kind), has_consent=submission.text_consent):
        raise Refused(_("%(folio)s no se publica: la regla de su tipo no lo permite.", folio=submission.folio))


def _show(submission: Submission, hidden: list[dict[str, str]]) -> None:
    if submission.state != SubmissionState.PUBLISHED:
        add_delta(topic_id=submission.topic_id, name=CounterName.PUBLISHED, amount=1)
    submission.state, submission.withheld_reason = SubmissionState.PUBLISHED, None
    submission.redactions = hidden


def _check_note(note: str, *, required: bool) -> None:
    if required and not note.strip():
        raise Refused(_("Escriba el motivo por el que no se publica."), field="reason")
    if len(note.strip()) > LONGEST_REASON:
        raise Refused(_("El motivo lleva hasta %(longest)s caracteres.", longest=f"{LONGEST_REASON:,}"), field="reason")


def _finish(
    submission: Submission,
    actor: Actor,
    now: datetime,
    act: ModerationAct,
    ground: str,
    note: str,
    passages: Passages,
) -> Moderation:
    first = submission.reviewed_at is None
    submission.reviewed_at, submission.reviewed_by_post_id = now, actor.post_id
    written = Moderation(
        submission=submission,
        act=act,
        ground=ground,
        note=note,
        passages=list(passages),
        post_id=actor.post_id,
        person_id=actor.person_id,
        at=now,
        is_on_time=not first or is_review_on_time(submission, now),
    )
    session().add(written)
    # What a passage says is what must not be shown: the leaf commits to how many there are.
    content = {
        "ground": ground,
        "reason": note,
        "passages": len(passages),
        "shown": submission.withheld_reason,
        "post_id": actor.post_id,
    }
    append_leaf(kind=f"submission.{act}", public_id=submission.folio, at=now, content=content)
    session().flush()
    return written


def is_review_on_time(submission: Submission, now: datetime) -> bool:
    """Say whether the business day that a review may take has not passed; without a calendar, a day of the week."""
    government = submission.topic.window.government
    zone = ZoneInfo(government.timezone)
    received, today = submission.recorded_at.astimezone(zone).date(), now.astimezone(zone).date()
    try:
        taken = count_business_days(received, max(today - timedelta(days=1), received), calendar_of(government))
    except (OutsideCalendar, NotFound):
        taken = (today - received).days - 1
    return taken < load_terms().review_days


def _tell(act: Moderation) -> None:
    """Tell the author on which ground, and that she may appeal; on the notice board where she left no address."""
    submission = act.submission
    with speaking(submission.language if submission.email else SOURCE):
        notify(moderation_notice(act), now=act.at)
