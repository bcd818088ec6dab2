"""Wordings that an agency keeps to begin answers with. What varies stands in braces, and is filled in when used."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from consulta.actors import Actor, Role
from consulta.agencies.models import Agency
from consulta.db import session
from consulta.errors import Forbidden, NotFound, Refused
from consulta.i18n.text import _
from consulta.referrals.models import Boilerplate, Referral
from consulta.referrals.rules import LONGEST_ANSWER
from consulta.referrals.states import Disposition

LONGEST_TITLE = 120
WRITES = (Role.RESPONDENT, Role.APPROVER)
# What may stand in braces: nothing of the person, because one answer may serve many.
PLACES: dict[str, Callable[[Referral], str]] = {
    "tema": lambda referral: referral.submission.topic.title,
    "consulta": lambda referral: referral.submission.topic.window.title,
    "unidad": lambda referral: referral.unit.name,
    "dependencia": lambda referral: referral.unit.agency.name,
    "gobierno": lambda referral: referral.submission.topic.window.government.name,
    "articulo": lambda referral: (referral.part.article if referral.part else "") or referral.submission.article,
}
BRACES = re.compile(r"\{([^{}]*)\}")


def keep_boilerplate(
    *, agency: Agency, title: str, disposition: str, text: str, actor: Actor, now: datetime
) -> Boilerplate:
    """Keep a wording for the units of an agency. Raises Refused at the field to correct, Forbidden for others."""
    _check_agency(actor, agency.id)
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        raise Refused(_("Escriba un nombre de 1 a %(n)s caracteres.", n=LONGEST_TITLE), field="title")
    if disposition and disposition not in list(Disposition):
        raise Refused(_("Elija un sentido de la lista, o ninguno."), field="disposition")
    if not text.strip() or len(text) > LONGEST_ANSWER:
        raise Refused(_("Escriba el texto, en hasta %(n)s caracteres.", n=f"{LONGEST_ANSWER:,}"), field="text")
    unknown = sorted(set(BRACES.findall(text)) - set(PLACES))
    if unknown:
        raise Refused(
            _(
                "No se sabe qué poner en {%(unknown)s}: use %(known)s.",
                unknown=unknown[0],
                known=", ".join(f"{{{name}}}" for name in PLACES),
            ),
            field="text",
        )
    kept = Boilerplate(
        agency_id=agency.id,
        title=title.strip(),
        disposition=disposition,
        text=text.strip(),
        post_id=actor.post_id,
        at=now,
    )
    session().add(kept)
    session().flush()
    return kept


def retire_boilerplate(*, boilerplate: Boilerplate, actor: Actor, now: datetime) -> None:
    """Offer a wording no more; the row stays. Raises Forbidden for other agencies."""
    _check_agency(actor, boilerplate.agency_id)
    if boilerplate.retired_at is None:
        boilerplate.retired_at = now
    session().flush()


def restore_boilerplate(*, boilerplate: Boilerplate, actor: Actor) -> None:
    """Offer a wording again. Raises Forbidden for other agencies."""
    _check_agency(actor, boilerplate.agency_id)
    boilerplate.retired_at = None
    session().flush()


def fill_in(boilerplate: Boilerplate, referral: Referral) -> str:
    """Return the text with what varies filled in; what this comment does not have stays in its braces, to be seen."""
    return BRACES.sub(lambda found: PLACES[found[1]](referral) or found[0], boilerplate.text)


def list_boilerplates(agency_ids: Sequence[int], *, retired: bool = False) -> Sequence[Boilerplate]:
    """Return the wordings of agencies by name: those on offer, or with those that were retired."""
    found = select(Boilerplate).where(Boilerplate.agency_id.in_(agency_ids))
    if not retired:
        found = found.where(Boilerplate.retired_at.is_(None))
    return session().scalars(found.order_by(Boilerplate.title, Boilerplate.id)).all()


def get_boilerplate(boilerplate_id: int, agency_ids: Sequence[int]) -> Boilerplate:
    """Return a wording of one of these agencies. Raises NotFound for any other."""
    found = session().get(Boilerplate, boilerplate_id) if 0 < boilerplate_id < 2**62 else None
    if found is None or found.agency_id not in agency_ids:
        raise NotFound(_("No existe ese texto."))
    return found


def _check_agency(actor: Actor, agency_id: int) -> None:
    if actor.role not in WRITES or actor.agency_id != agency_id:
        raise Forbidden(_("Esos textos son de otra dependencia."))
