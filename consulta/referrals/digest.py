"""The daily mail to each enlace and to who signs: what is overdue, due today and due soon."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.actors import Role
from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.agencies.queries import list_addresses_of_post, list_governments
from consulta.clocks.calendars import calendar_of
from consulta.db import session
from consulta.deadlines import OutsideCalendar, count_business_days
from consulta.errors import NotFound
from consulta.i18n.text import _, plural
from consulta.notices import Message, notify
from consulta.notices.queries import list_told
from consulta.referrals.models import Answer, Referral
from consulta.referrals.states import AnswerState, ReferralState
from consulta.submissions.models import Submission

# Local hour from which it is sent, on business days.
HOUR = 7
SOON = timedelta(days=3)
LISTED = 15
SATURDAY = 5
PREFIX = "digest:"


@dataclass(frozen=True)
class Due:
    """What a post has to look at: the first rows of each group, and how many there are."""

    overdue: tuple[Referral, ...]
    today: tuple[Referral, ...]
    soon: tuple[Referral, ...]
    to_sign: int

    def is_empty(self) -> bool:
        """Say whether there is nothing to tell."""
        return not (self.overdue or self.today or self.soon or self.to_sign)


def send_digests(public_url: str) -> Callable[[datetime], None]:
    """Return the periodic function that writes each business day's digests, once per post and day."""

    def send(now: datetime) -> None:
        for government in list_governments():
            local = now.astimezone(ZoneInfo(government.timezone))
            if local.hour >= HOUR and _is_business_day(government, local.date()):
                _send_to(government, local.date(), now, public_url)

    return send


def digest_notice(*, post: Post, address: str, due: Due, on: date, public_url: str, number: int) -> Message:
    """Return the mail of one post: groups in the order of urgency, each row with folio, day and subject."""
    zone = ZoneInfo(post.unit.agency.government.timezone)
    body = [post.title, f"{post.unit.name}, {post.unit.agency.name}", ""]
    groups = (
        (_("Vencidas: respóndalas hoy"), due.overdue),
        (_("Vencen hoy"), due.today),
        (_("Vencen en los próximos tres días"), due.soon),
    )
    for title, rows in groups:
        if rows:
            body += [f"{title} ({len(rows)})", *(_line(row, zone) for row in rows[:LISTED])]
            if len(rows) > LISTED:
                body.append(_("…y %(count)s más en su bandeja.", count=len(rows) - LISTED))
            body.append("")
    if due.to_sign:
        body += [
            plural("%(count)s respuesta espera su firma.", "%(count)s respuestas esperan su firma.", due.to_sign),
            "",
        ]
    body += [f"{public_url}/bandeja", "", post.unit.agency.government.name]
    count = len(due.overdue) + len(due.today)
    return Message(
        kind="digest",
        unique_key=f"{PREFIX}{on.isoformat()}:{post.id}:{number}",
        about=post.key,
        subject=plural("Qué vence hoy: %(count)s respuesta", "Qué vence hoy: %(count)s respuestas", count),
        body="\n".join(body),
        address=address,
    )


def find_due(post: Post, now: datetime) -> Due:
    """Return what a post has to look at: its unit's referrals, or those of its whole agency for who signs."""
    rows = _open_referrals(post, now + SOON)
    zone = ZoneInfo(post.unit.agency.government.timezone)
    today = now.astimezone(zone).date()
    last = {row.id: (row.due_at.astimezone(zone) - timedelta(microseconds=1)).date() for row in rows}
    return Due(
        tuple(row for row in rows if row.due_at <= now),
        tuple(row for row in rows if row.due_at > now and last[row.id] == today),
        tuple(row for row in rows if row.due_at > now and last[row.id] != today),
        _count_to_sign(post) if post.role == Role.APPROVER else 0,
    )


def _send_to(government: Government, today: date, now: datetime, public_url: str) -> None:
    told = list_told("digest", f"{PREFIX}{today.isoformat()}:")
    for post in _posts(government.id):
        if post.key in told:
            continue
        due = find_due(post, now)
        if due.is_empty():
            continue
        for number, address in enumerate(list_addresses_of_post(post.id, today)):
            message = digest_notice(post=post, address=address, due=due, on=today, public_url=public_url, number=number)
            notify(message, now=now)


def _posts(government_id: int) -> Sequence[Post]:
    found = (
        select(Post)
        .join(Post.unit)
        .join(Unit.agency)
        .options(joinedload(Post.unit).joinedload(Unit.agency).joinedload(Agency.government))
        .where(
            Agency.government_id == government_id,
            Post.role.in_([Role.RESPONDENT, Role.APPROVER, Role.CONTROL]),
        )
        .order_by(Post.id)
    )
    return session().scalars(found).all()


def _open_referrals(post: Post, until: datetime) -> Sequence[Referral]:
    found = (
        select(Referral)
        .join(Referral.submission)
        .join(Referral.unit)
        .options(joinedload(Referral.submission).joinedload(Submission.topic))
        .where(
            Referral.state == ReferralState.REFERRED,
            Referral.due_at <= until,
            Submission.reserved.is_(post.role == Role.CONTROL),
        )
        .order_by(Referral.due_at, Referral.id)
        .limit(500)
    )
    mine = Unit.agency_id == post.unit.agency_id if post.role == Role.APPROVER else Referral.unit_id == post.unit_id
    return session().scalars(found.where(mine)).all()


def _count_to_sign(post: Post) -> int:
    found = (
        select(Answer.id)
        .join(Answer.unit)
        .where(Unit.agency_id == post.unit.agency_id, Answer.state == AnswerState.SUBMITTED)
        .limit(500)
    )
    return len(session().scalars(found).all())


def _line(row: Referral, zone: ZoneInfo) -> str:
    """Return a row. About what is reserved a mail says no subject, only the folio."""
    last = (row.due_at.astimezone(zone) - timedelta(microseconds=1)).date()
    about = "" if row.submission.reserved else row.submission.topic.title
    return f"- {row.submission.folio}, {last:%d/%m/%Y}" + (f", {about}" if about else "")


def _is_business_day(government: Government, on: date) -> bool:
    """Say whether officials work that day; without a calendar that reaches there, from Monday to Friday."""
    try:
        return count_business_days(on - timedelta(days=1), on, calendar_of(government)) == 1
    except (OutsideCalendar, NotFound):
        return on.weekday() < SATURDAY
