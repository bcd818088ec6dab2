"""Rules of keeping and destroying. Pure."""

from typing import Any

from consulta.actors import Actor, Role
from consulta.errors import Refused
from consulta.i18n.text import _

KEEPERS = (Role.COORDINATOR, Role.TRANSPARENCY, Role.CONTROL)
DISPOSERS = (Role.COORDINATOR, Role.TRANSPARENCY)
LONGEST_REFERENCE, LONGEST_REASON, MOST_FOLIOS = 200, 2_000, 5_000


def may_keep(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor orders that something is kept, and lifts it."""
    return actor.role in KEEPERS and actor.government_id == government_id


def may_dispose(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor proposes or authorises a disposal."""
    return actor.role in DISPOSERS and actor.government_id == government_id


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
