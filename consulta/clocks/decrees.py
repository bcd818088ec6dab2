"""Writes of decrees: the administrator drafts, the coordinator publishes, and open terms are counted again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from consulta.actors import Actor, Role
from consulta.agencies.models import Government
from consulta.agencies.queries import find_agency, find_unit
from consulta.clocks.calendars import compute_version
from consulta.clocks.models import Decree, DecreeRange
from consulta.clocks.rules import DecreeDraft, RangeDraft, check_decree, find_overlap
from consulta.clocks.states import TRANSITIONS, DecreeKind, DecreeState
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.record.operations import append_leaf

PUBLISHED = "calendar.published"


def draft_decree(*, government: Government, draft: DecreeDraft, actor: Actor, now: datetime) -> Decree:
    """Keep a decree that nobody counts with yet. Raises Refused at the field, Forbidden for others."""
    _check_actor(actor, government.id, Role.ADMINISTRATOR)
    check_decree(draft)
    decree = Decree(
        government_id=government.id, state=DecreeState.DRAFT, drafted_at=now, drafted_by_post_id=actor.post_id
    )
    _fill(decree, draft)
    session().add(decree)
    session().flush()
    _record(decree, "decree.drafted", now, actor)
    return decree


def edit_decree(*, decree: Decree, draft: DecreeDraft, actor: Actor, now: datetime) -> None:
    """Write a draft anew. Raises Refused once it is published: then another decree replaces it."""
    _check_actor(actor, decree.government_id, Role.ADMINISTRATOR)
    if decree.state != DecreeState.DRAFT:
        raise Refused(_("Ese decreto ya está publicado: redacte otro que lo sustituya."))
    check_decree(draft)
    _fill(decree, draft)
    decree.drafted_at, decree.drafted_by_post_id = now, actor.post_id
    session().flush()
    _record(decree, "decree.edited", now, actor)


def publish_decree(*, decree: Decree, actor: Actor, now: datetime) -> None:
    """Publish a draft: from now on its days count, or do not.

    Effects in order: the decree that it replaces stops counting, version of the calendar, leaf, and the job that
    counts every open term again. Raises Refused when its days overlap those of another published decree of the same
    holder, naming it; Forbidden unless the coordinator asks.
    """
    _check_actor(actor, decree.government_id, Role.COORDINATOR)
    lock_exclusive(f"calendar:{decree.government_id}")
    session().refresh(decree)
    _move(decree, DecreeState.PUBLISHED)
    decree.published_at, decree.published_by_post_id = now, actor.post_id
    if decree.replaces is not None:
        _move(decree.replaces, DecreeState.REPLACED)
        session().flush()
    _refuse_overlaps(decree)
    government = decree.government
    government.calendar_version = compute_version(government.id)
    _record(decree, "decree.published", now, actor)
    enqueue(kind=PUBLISHED, payload={"government_id": government.id, "after_id": 0}, run_at=now)
    session().flush()


def discard_decree(*, decree: Decree, actor: Actor, now: datetime) -> None:
    """Take a draft away; its leaf stays. Raises Refused once it is published."""
    _check_actor(actor, decree.government_id, Role.ADMINISTRATOR)
    if decree.state != DecreeState.DRAFT:
        raise Refused(_("Ese decreto ya está publicado: redacte otro que lo sustituya."))
    _record(decree, "decree.discarded", now, actor)
    session().delete(decree)
    session().flush()


def decree_content(decree: Decree) -> dict[str, Any]:
    """Return what the leaf of a decree commits to."""
    return {
        "title": decree.title,
        "reference": decree.reference,
        "gazetted_on": decree.gazetted_on,
        "agency_id": decree.agency_id,
        "unit_id": decree.unit_id,
        "replaces_id": decree.replaces_id,
        "ranges": [
            [item.first_on.isoformat(), item.last_on.isoformat(), item.kind, item.reason, list(item.exempt)]
            for item in decree.ranges
        ],
    }


def _fill(decree: Decree, draft: DecreeDraft) -> None:
    decree.title, decree.reference = draft.title.strip(), draft.reference.strip()
    decree.gazetted_on = draft.gazetted_on
    decree.agency_id, decree.unit_id = _holder(decree.government_id, draft)
    decree.replaces_id = _replaced(decree, draft)
    decree.ranges = [
        DecreeRange(
            first_on=item.first_on,
            last_on=item.last_on,
            kind=item.kind,
            reason=item.reason.strip(),
            exempt=sorted(set(item.exempt)),
        )
        for item in sorted(draft.ranges, key=lambda item: item.first_on)
    ]


def _holder(government_id: int, draft: DecreeDraft) -> tuple[int | None, int | None]:
    """Return agency and unit for which a decree holds. Raises Refused for those of another government."""
    if draft.unit_id is not None:
        unit = find_unit(government_id, draft.unit_id)
        if unit is None:
            raise Refused(_("Esa unidad no es de este gobierno: elija una de la lista."), field="holder")
        return unit.agency_id, unit.id
    if draft.agency_id is not None and find_agency(government_id, draft.agency_id) is None:
        raise Refused(_("Esa dependencia no es de este gobierno: elija una de la lista."), field="holder")
    return draft.agency_id, None


def _replaced(decree: Decree, draft: DecreeDraft) -> int | None:
    """Return the decree that is replaced. Raises Refused unless it is a published one of the same holder."""
    if draft.replaces_id is None:
        return None
    other = session().get(Decree, draft.replaces_id)
    same = other is not None and (other.government_id, other.agency_id, other.unit_id) == (
        decree.government_id,
        decree.agency_id,
        decree.unit_id,
    )
    if other is None or not same or other.state != DecreeState.PUBLISHED:
        raise Refused(
            _("Solo se sustituye un decreto publicado, del mismo gobierno, dependencia o unidad."), field="replaces"
        )
    return other.id


def _refuse_overlaps(decree: Decree) -> None:
    mine = [RangeDraft(item.first_on, item.last_on, DecreeKind(item.kind), item.reason) for item in decree.ranges]
    for other in _published_of_holder(decree):
        overlap = find_overlap(mine, other.first_on, other.last_on, other.kind)
        if overlap is not None:
            raise Refused(
                _(
                    "Del %(first)s al %(last)s ya lo dice «%(title)s»: quite esos días o sustitúyalo.",
                    first=max(overlap.first_on, other.first_on).isoformat(),
                    last=min(overlap.last_on, other.last_on).isoformat(),
                    title=other.decree.title,
                )
            )


def _published_of_holder(decree: Decree) -> Iterable[DecreeRange]:
    found = (
        select(DecreeRange)
        .join(DecreeRange.decree)
        .where(
            Decree.government_id == decree.government_id,
            Decree.agency_id.is_not_distinct_from(decree.agency_id),
            Decree.unit_id.is_not_distinct_from(decree.unit_id),
            Decree.state == DecreeState.PUBLISHED,
            Decree.id != decree.id,
        )
        .order_by(DecreeRange.first_on)
    )
    return session().scalars(found)


def _move(decree: Decree, target: DecreeState) -> None:
    if target not in TRANSITIONS[DecreeState(decree.state)]:
        raise Refused(_("Ese decreto ya cambió: recargue la página y vea cómo quedó."))
    decree.state = target


def _check_actor(actor: Actor, government_id: int, role: Role) -> None:
    if actor.role != role or actor.government_id != government_id:
        raise Forbidden(_("Los decretos los redacta la administración y los publica la coordinación de su gobierno."))


def _record(decree: Decree, kind: str, now: datetime, actor: Actor) -> None:
    append_leaf(
        kind=kind,
        public_id=decree.government.key,
        at=now,
        content={**decree_content(decree), "decree_id": decree.id, "post_id": actor.post_id},
    )
