"""Rules of keeping and destroying. Pure."""

from datetime import date, timedelta
from typing import Any

from consulta.actors import Actor, Role
from consulta.errors import Refused
from consulta.i18n.text import _

KEEPERS = (Role.COORDINATOR, Role.TRANSPARENCY, Role.CONTROL)
DISPOSERS = (Role.COORDINATOR, Role.TRANSPARENCY)
LONGEST_REFERENCE, LONGEST_REASON, MOST_FOLIOS = 200, 2_000, 5_000
LONGEST_CODE, LONGEST_TITLE, MOST_YEARS = 60, 200, 100


def may_keep(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor orders that something is kept, and lifts it."""
    return actor.role in KEEPERS and actor.government_id == government_id


def may_dispose(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor proposes or authorises a disposal."""
    return actor.role in DISPOSERS and actor.government_id == government_id


def may_file(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor keeps the catalogue of series and says what is filed in each."""
    return actor.role in DISPOSERS and actor.government_id == government_id


def last_day_kept(begins_on: date, years: int) -> date:
    """Return the last day of a term of whole calendar years; the day on which it begins is not counted.

    It runs date to date. From 29 February to a year without one it ends on 1 March: never sooner.
    """
    try:
        return begins_on.replace(year=begins_on.year + years)
    except ValueError:
        return date(begins_on.year + years, 3, 1)


def first_day_of_disposal(begins_on: date, years: int) -> date:
    """Return the first day on which what is kept for so many years may be disposed of: the one after its term."""
    return last_day_kept(begins_on, years) + timedelta(days=1)


def may_read_file(actor: Actor, *, holder_id: int, reserved: bool) -> bool:
    """Say whether the actor may have the file of a submission; of what is reserved, the control body alone."""
    return actor.government_id == holder_id and (not reserved or actor.role == Role.CONTROL)


def is_same_hand(actor: Actor, disposal: Any) -> bool:
    """Say whether who would authorise is who proposed: as a post, or as a person with two."""
    same_person = actor.person_id is not None and actor.person_id == disposal.proposed_by_person_id
    return actor.post_id == disposal.proposed_by_post_id or same_person


def check_text(value: str, *, field: str, longest: int, problem: str) -> str:
    """Return a text without blanks around. Raises Refused with the problem where it is missing or too long."""
    kept = value.strip()
    if not kept:
        raise Refused(problem, field=field)
    if len(kept) > longest:
        raise Refused(_("Escriba hasta %(n)s caracteres.", n=f"{longest:,}"), field=field)
    return kept
