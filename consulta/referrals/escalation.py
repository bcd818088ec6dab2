"""When a date passed without an answer: who signs and who coordinates are told, once per unit and day."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from consulta.actors import Role
from consulta.agencies.models import Agency, Post, Unit
from consulta.agencies.queries import list_addresses_of_post
from consulta.clocks.models import Clock
from consulta.db import session
from consulta.i18n.text import _, plural
from consulta.notices import Message, notify
from consulta.referrals.models import Referral
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission

LISTED = 15
Handler = Callable[[dict[str, Any], datetime], None]


def escalate(public_url: str) -> Handler:
    """Return the handler of `clocks.missed`: one mail per unit, day and person who must know."""

    def handle(payload: dict[str, Any], now: datetime) -> None:
        # Passed dates are written down in portions; whoever is told is told of all of a day.
        rows = session().execute(_days_of(payload["clock_ids"]))
        passed = {(unit_id, due_on) for unit_id, due_on in rows if due_on is not None}
        for unit_id, due_on in sorted(passed):
            _tell(_unanswered(unit_id, due_on), due_on, now, public_url)

    return handle


def missed_notice(
    *, post: Post, address: str, number: int, unit: Unit, due_on: date, referrals: list[Referral], public_url: str
) -> Message:
    """Return the mail that says which folios of a unit passed their date. It names no subject: only folios."""
    count = len(referrals)
    body = [
        post.title,
        "",
        plural(
            "%(unit)s (%(agency)s) dejó pasar la fecha de %(count)s respuesta: vencía el %(date)s.",
            "%(unit)s (%(agency)s) dejó pasar la fecha de %(count)s respuestas: vencían el %(date)s.",
            count,
            unit=unit.name,
            agency=unit.agency.name,
            date=f"{due_on:%d/%m/%Y}",
        ),
        "",
        *(f"- {referral.submission.folio}" for referral in referrals[:LISTED]),
        *([_("…y %(count)s más.", count=count - LISTED)] if count > LISTED else []),
        "",
        _("Mientras no se respondan, la página pública las muestra como vencidas."),
        "",
        f"{public_url}/entrar",
        "",
        unit.agency.government.name,
    ]
    return Message(
        kind="missed",
        unique_key=f"missed:{unit.id}:{due_on.isoformat()}:{post.id}:{number}",
        about=post.key,
        subject=plural("Venció %(count)s respuesta", "Vencieron %(count)s respuestas", count),
        body="\n".join(body),
        address=address,
    )


def _tell(referrals: list[Referral], due_on: date, now: datetime, public_url: str) -> None:
    unit = referrals[0].unit
    today = now.astimezone(ZoneInfo(unit.agency.government.timezone)).date()
    for post in _superiors(unit, reserved=referrals[0].submission.reserved):
        for number, address in enumerate(list_addresses_of_post(post.id, today)):
            message = missed_notice(
                post=post,
                address=address,
                number=number,
                unit=unit,
                due_on=due_on,
                referrals=referrals,
                public_url=public_url,
            )
            notify(message, now=now)


def _superiors(unit: Unit, *, reserved: bool) -> list[Post]:
    """Return who must know: who signs for the agency and who coordinates; of what is reserved, the control body."""
    found = (
        select(Post)
        .join(Post.unit)
        .join(Unit.agency)
        .options(joinedload(Post.unit).joinedload(Unit.agency))
        .where(Agency.government_id == unit.agency.government_id)
        .order_by(Post.id)
    )
    if reserved:
        return list(session().scalars(found.where(Post.role == Role.CONTROL)))
    signs = (Post.role == Role.APPROVER) & (Unit.agency_id == unit.agency_id)
    return list(session().scalars(found.where(signs | (Post.role == Role.COORDINATOR))))


def _days_of(clock_ids: list[int]) -> Select[int, date | None]:
    """Return the units whose dates passed, with the day."""
    return (
        select(Referral.unit_id, Clock.due_on)
        .join(Referral.submission)
        .join(Submission.clock)
        .where(Clock.id.in_(clock_ids), Referral.state == ReferralState.REFERRED)
        .distinct()
    )


def _unanswered(unit_id: int, due_on: date) -> list[Referral]:
    """Return everything of a unit that was due that day and has no answer."""
    found = (
        select(Referral)
        .join(Referral.submission)
        .join(Submission.clock)
        .options(
            contains_eager(Referral.submission),
            joinedload(Referral.unit).joinedload(Unit.agency).joinedload(Agency.government),
        )
        .where(Referral.unit_id == unit_id, Clock.due_on == due_on, Referral.state == ReferralState.REFERRED)
        .order_by(Referral.id)
    )
    return list(session().scalars(found))
