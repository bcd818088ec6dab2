"""Releasing figures of people: once when a window is over, once a year for a mailbox, by nobody's hand twice."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.disclosure import Policy
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.participation.counting import count_opinions, count_organizations, count_people
from consulta.participation.models import PeopleRelease
from consulta.participation.queries import find_latest, list_closed_unreleased, list_mailboxes, tables_of
from consulta.participation.rules import is_yearly_due, local_year
from consulta.record.operations import append_leaf
from consulta.record.rules import canonical
from consulta.submissions.demographics import flush_window, is_over
from consulta.windows.models import Window
from consulta.windows.operations import check_coordinator
from consulta.windows.states import WindowState

RELEASED = "people.released"
AT_ONCE = 5


def release_people(*, window: Window, policy: Policy, actor: Actor | None, now: datetime) -> PeopleRelease:
    """Count who took part, protect it, keep it and write its leaf.

    Effects: the buffer of a window that is over is emptied; figures are counted once and protected; those of a
    mailbox follow its release before, so that nothing that changed by less than the threshold shows.
    Raises Refused while anything may still come in, and when it was released: figures are never live, and one more
    release would tell by subtraction who came in between. Forbidden for others than its coordination.
    """
    if actor is not None:
        check_coordinator(actor, window.government_id)
    lock_exclusive(f"release:{window.id}")
    latest = find_latest(window.id)
    year = local_year(now, window.government.timezone)
    _check_due(window, latest, year, policy, now)
    if not window.instrument.permanent:
        flush_window(window)
        session().flush()
    before = tables_of(latest) if latest else (None, None)
    content: dict[str, Any] = {
        "people": count_people(window, policy, before[0]).plain(),
        "organizations": count_organizations(window, policy, before[1]).plain(),
    }
    release = PeopleRelease(
        window=window,
        number=latest.number + 1 if latest else 1,
        year=year,
        at=now,
        content=content,
        digest=sha256(canonical(content)).hexdigest(),
    )
    session().add(release)
    window.updated_at = now
    said = {"number": release.number, "year": year, "digest": release.digest}
    append_leaf(
        kind=RELEASED, public_id=window.slug, at=now, content={**said, "post_id": actor.post_id if actor else None}
    )
    session().flush()
    return release


def release_due(policy: Policy) -> Any:
    """Return the periodic work: every release that is due, a few at a time."""

    def release(now: datetime) -> None:
        lock_exclusive("release-people")
        closed = [window for window in list_closed_unreleased(now) if is_over(window, now)]
        mailboxes = [window for window in list_mailboxes() if _is_mailbox_due(window, policy, now)]
        for window in (closed + mailboxes)[:AT_ONCE]:
            release_people(window=window, policy=policy, actor=None, now=now)

    return release


def _is_mailbox_due(window: Window, policy: Policy, now: datetime) -> bool:
    latest = find_latest(window.id)
    return count_opinions(window) >= policy.fewest_in_all and is_yearly_due(
        opened_year=_opened_year(window),
        last_year=latest.year if latest else None,
        year=local_year(now, window.government.timezone),
    )


def _opened_year(window: Window) -> int:
    return local_year(window.opens_at or window.created_at, window.government.timezone)


def _check_due(window: Window, latest: PeopleRelease | None, year: int, policy: Policy, now: datetime) -> None:
    if window.state == WindowState.DRAFT:
        raise Refused(_("La consulta todavía no abre: no hay a quién contar."))
    if window.instrument.permanent:
        if not is_yearly_due(opened_year=_opened_year(window), last_year=latest.year if latest else None, year=year):
            raise Refused(
                _(
                    "Las cifras de un buzón se publican una vez al año, para que no se sepa quién llegó: "
                    "las siguientes salen el 1 de enero de %(year)s.",
                    year=str(year + 1),
                )
            )
        if count_opinions(window) < policy.fewest_in_all:
            raise Refused(_("Todavía hay muy pocas opiniones en este buzón para decir de quiénes son."))
    elif latest is not None:
        raise Refused(_("Las cifras de esta consulta ya se publicaron, una vez y completas: no se vuelven a contar."))
    elif not is_over(window, now):
        raise Refused(_("Todavía puede llegar o capturarse algo: las cifras se publican cuando ya no. Nunca en vivo."))
