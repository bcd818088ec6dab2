"""Who reviews texts before they are public, and what a reason may hold. Pure."""

from consulta.actors import Actor, Role

LONGEST_REASON = 2000


def may_review(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor reviews texts of that government."""
    return actor.role in (Role.MODERATOR, Role.COORDINATOR) and actor.government_id == government_id
