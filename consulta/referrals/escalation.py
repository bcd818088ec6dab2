"""When a date passed without an answer: who signs and who coordinates are told, once per unit and day."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.actors import Role
from consulta.agencies.models import Agency, Post, Unit
from consulta.agencies.queries import list_addresses_of_post
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
        groups: dict[tuple[int, date], list[Referral]] = {}
        for referral in _unanswered(payload["clock_ids"]):
            clock = referral.submission.clock
            if clock is not None and clock.due_on is not None:
                groups.setdefault((referral.unit_id, clock.due_on), []).append(referral)
        for (_unit_id, due_on), referrals in groups.items():
            _tell(referrals, due_on, now, public_url)

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


def _unanswered(clock_ids: list[int]) -> list[Referral]:
    found = (
        select(Referral)
        .join(Referral.submission)
        .options(
            joinedload(Referral.submission).joinedload(Submission.clock),
            joinedload(Referral.unit).joinedload(Unit.agency).joinedload(Agency.government),
        )
        .where(Submission.clock_id.in_(clock_ids), Referral.state == ReferralState.REFERRED)
        .order_by(Referral.id)
    )
    return list(session().scalars(found))
