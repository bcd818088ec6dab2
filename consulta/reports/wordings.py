"""How papers are worded: what ships, what a government wrote instead, and what stands in braces."""

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from importlib import resources

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Government
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.reports.models import PaperWording
from consulta.reports.states import PaperKind
from consulta.windows.operations import check_coordinator

LONGEST_BODY = 10_000
LONGEST_LINE = 300
LONGEST_NAME = 200
# What may stand in braces, and what it becomes.
PLACES = (
    "consulta",
    "instrumento",
    "gobierno",
    "dependencia",
    "apertura",
    "cierre",
    "fundamento",
    "fundamento_respuesta",
    "recibidos",
    "extemporaneos",
    "turnados",
    "vence",
)
BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Wording:
    """The texts of a kind of paper, what varies in braces."""

    subject: str
    legal_basis: str
    body: str
    signer_name: str = ""
    signer_post: str = ""
    copies: str = ""


def wording_of(government_id: int, kind: PaperKind) -> Wording:
    """Return how a government words a kind of paper: its own newest wording, else what ships."""
    own = select(PaperWording).where(PaperWording.government_id == government_id, PaperWording.kind == kind)
    found = session().scalar(own.order_by(PaperWording.id.desc()).limit(1))
    if found is None:
        return _shipped()[kind]
    return Wording(**{field.name: getattr(found, field.name) for field in fields(Wording)})


def word_paper(*, government: Government, kind: PaperKind, wording: Wording, actor: Actor, now: datetime) -> None:
    """Word a kind of paper from now on, with its leaf. What was prepared keeps its own text.

    Raises Refused at the field to correct, Forbidden for others than its coordination.
    """
    check_coordinator(actor, government.id)
    kept = check_wording(wording)
    values = {field.name: getattr(kept, field.name) for field in fields(Wording)}
    session().add(PaperWording(government_id=government.id, kind=kind, post_id=actor.post_id, at=now, **values))
    content = {"kind": kind, "post_id": actor.post_id, **values}
    append_leaf(kind="government.paper_worded", public_id=government.key, at=now, content=content)
    session().flush()


def check_wording(wording: Wording) -> Wording:
    """Return a wording without blanks around. Raises Refused at the field that is missing, too long or unknown."""
    found = Wording(**{field.name: getattr(wording, field.name).strip() for field in fields(Wording)})
    for name, longest in (("subject", LONGEST_LINE), ("body", LONGEST_BODY)):
        if not getattr(found, name):
            raise Refused(_("Escríbalo: el papel no se entiende sin esto."), field=name)
        _check_length(getattr(found, name), name, longest)
    for name in ("signer_name", "signer_post"):
        _check_length(getattr(found, name), name, LONGEST_NAME)
    for name in ("legal_basis", "copies"):
        _check_length(getattr(found, name), name, LONGEST_BODY)
    for name in ("subject", "legal_basis", "body"):
        unknown = sorted(set(BRACES.findall(getattr(found, name))) - set(PLACES))
        if unknown:
            raise Refused(
                _(
                    "No se sabe qué poner en {%(unknown)s}: use %(known)s.",
                    unknown=unknown[0],
                    known=", ".join(f"{{{place}}}" for place in PLACES),
                ),
                field=name,
            )
    return found


def fill(text: str, values: dict[str, str]) -> str:
    """Return a text with what stands in braces filled in; what has no value stays, to be seen."""
    return BRACES.sub(lambda found: values.get(found[1]) or found[0], text)


def _check_length(text: str, field: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(_("Lleva hasta %(n)s caracteres.", n=f"{longest:,}"), field=field)


@cache
def _shipped() -> dict[PaperKind, Wording]:
    data = tomllib.loads(resources.files("consulta.reports").joinpath("data/wordings.toml").read_text("utf-8"))
    return {
        PaperKind(kind): Wording(**{name: text.strip() for name, text in texts.items()}) for kind, texts in data.items()
    }
