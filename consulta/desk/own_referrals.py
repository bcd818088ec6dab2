"""The referrals and answers of the posts of the person who is signed in: any other looks like one that is not there."""

from collections.abc import Sequence

from consulta.actors import Actor, Role
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.referrals.models import Answer, Referral
from consulta.referrals.queries import find_answer, find_referral, list_referrals_by_ids
from consulta.referrals.rules import may_answer
from consulta.web.access import acting, held_posts, roles

OWN_ROLES = (Role.RESPONDENT, Role.APPROVER, Role.CONTROL)
ANSWERS = roles(*OWN_ROLES)


def own_referrals(ids: Sequence[int]) -> list[Referral]:
    """Return referrals of the person's units. Raises NotFound when one of them is not."""
    if not ids or any(not 0 < item < 2**62 for item in ids):
        raise NotFound(_("No existe ese turno."))
    found = [find_referral(ids[0])] if len(ids) == 1 else list(list_referrals_by_ids(ids))
    kept = [item for item in found if item is not None and any(_answers(post, item) for post in held_posts(*OWN_ROLES))]
    if not kept or len(kept) != len(set(ids)):
        raise NotFound(_("No existe ese turno."))
    return kept


def own_answer(answer_id: int) -> Answer:
    """Return an answer that one of the person's units writes. Raises NotFound for any other."""
    found = find_answer(answer_id) if 0 < answer_id < 2**62 else None
    if found is None or not any(_writes(post, found) for post in held_posts(*OWN_ROLES)):
        raise NotFound(_("No existe esa respuesta."))
    return found


def post_for(found: Referral, default: Actor) -> Actor:
    """Return the post from which the person answers a referral: she may hold posts in several units."""
    return acting(default, lambda post: _answers(post, found))


def post_writing(found: Answer, default: Actor) -> Actor:
    """Return the post from which the person writes an answer."""
    return acting(default, lambda post: _writes(post, found))


def _answers(post: Actor, found: Referral) -> bool:
    return may_answer(post, unit_id=found.unit_id, reserved=found.submission.reserved)


def _writes(post: Actor, found: Answer) -> bool:
    reserved = any(item.submission.reserved for item in found.referrals)
    return may_answer(post, unit_id=found.unit_id, reserved=reserved)
