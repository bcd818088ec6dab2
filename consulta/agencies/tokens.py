"""Programs of a post: the tokens that its holder asks for, with their leaves; who sees and who ends them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from consulta.accounts.models import ApiToken, Person
from consulta.accounts.tokens import issue_api_token, revoke_api_token
from consulta.actors import Actor, Role
from consulta.agencies.models import Agency, Government, Post, Unit
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf

# What programs of a post of each role may be let do; other roles have no calls.
USEFUL: dict[Role, tuple[str, ...]] = {
    Role.RESPONDENT: ("desk", "read"),
    Role.APPROVER: ("desk", "read"),
    Role.CONTROL: ("desk", "read"),
    Role.COORDINATOR: ("coordination",),
    Role.OPERATOR: ("capture",),
}
USUAL_DAYS = 90
# A program that nobody looks at for a year is better asked about again.
LONGEST = timedelta(days=366)


def issue_token(
    *, actor: Actor, post: Post, scope: str, label: str, last_on: date, zone: ZoneInfo, now: datetime
) -> str:
    """Issue a token of a post to who holds it, with its leaf, and return it; it cannot be shown again.

    Args:
        actor: who asks for it, from the post.
        post: the same post, loaded.
        scope: what it opens.
        label: what it is for; told in the lists.
        last_on: the last day on which it serves.
        zone: of the government, in which that day ends.
        now: the instant.

    Raises:
        Refused: without a label, when the scope opens nothing to such a post, or on a day that has passed or lies
            more than a year ahead.
    """
    if not label:
        raise Refused(_("Escriba para qué es: así sabrá cuál anular."), field="label")
    if scope not in USEFUL.get(Role(post.role), ()):
        raise Refused(_("Elija qué permite, de lo que puede hacer ese cargo."), field="scope")
    expires_at = datetime.combine(last_on + timedelta(days=1), time(), tzinfo=zone)
    if expires_at > now + LONGEST:
        raise Refused(_("Elija un día dentro de un año: después se puede pedir otro."), field="last_on")
    if expires_at <= now:
        raise Refused(_("Ese día ya pasó: elija uno posterior."), field="last_on")
    token = issue_api_token(
        post_id=post.id, scope=scope, now=now, expires_at=expires_at, person_id=actor.person_id, label=label
    )
    append_leaf(kind="token.issued", public_id=post.key, at=now, content={"scope": scope, "last_on": last_on})
    return token


def end_token(*, token: ApiToken, post: Post, now: datetime) -> None:
    """End a token, with its leaf. Raises Refused when it had ended."""
    revoke_api_token(token=token, now=now)
    append_leaf(kind="token.revoked", public_id=post.key, at=now, content={"scope": token.scope})


Listed = tuple[ApiToken, Post, Person | None]


def list_own_tokens(person_id: int) -> Sequence[Listed]:
    """Return the tokens that a person asked for, newest first."""
    return _listed(_tokens().where(ApiToken.person_id == person_id))


def list_tokens(government_id: int) -> Sequence[Listed]:
    """Return the tokens of the posts of a government, newest first."""
    return _listed(_tokens().where(Agency.government_id == government_id))


def find_token(token_id: int, *, person_id: int | None = None, government_id: int | None = None) -> Listed | None:
    """Return a token that a person asked for, or one of a government."""
    found = _tokens().where(ApiToken.id == token_id)
    if person_id is not None:
        found = found.where(ApiToken.person_id == person_id)
    if government_id is not None:
        found = found.where(Agency.government_id == government_id)
    return next(iter(_listed(found)), None)


def list_posts_of(actors: Sequence[Actor]) -> Sequence[Post]:
    """Return those of the posts that have calls, with their units."""
    ids = [actor.post_id for actor in actors if actor.role in USEFUL]
    return session().scalars(select(Post).where(Post.id.in_(ids)).options(joinedload(Post.unit))).all()


def zone_of(post: Post) -> ZoneInfo:
    """Return the zone of the government of a post."""
    agency = session().get_one(Agency, post.unit.agency_id)
    return ZoneInfo(session().get_one(Government, agency.government_id).timezone)


def _tokens() -> Select[ApiToken, Post, Person]:
    return (
        select(ApiToken, Post, Person)
        .join(Post, Post.id == ApiToken.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Agency, Agency.id == Unit.agency_id)
        .outerjoin(Person, Person.id == ApiToken.person_id)
        .order_by(ApiToken.id.desc())
        .limit(200)
    )


def _listed(found: Select[ApiToken, Post, Person]) -> Sequence[Listed]:
    return [(token, post, person) for token, post, person in session().execute(found)]
