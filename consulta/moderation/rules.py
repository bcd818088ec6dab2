"""Hints of personal data in a text, for the person who reviews it. Pure."""

import re

from consulta.actors import Actor, Role
from consulta.i18n.text import N_, _

LONGEST_REASON = 2000

# Shapes only; a person decides. CURP and RFC as their issuing authorities publish the shapes.
HINTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (N_("correo electrónico"), re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.]")),
    (N_("teléfono"), re.compile(r"(?<!\d)(?:\d[ .-]?){10}(?!\d)")),
    ("CURP", re.compile(r"\b[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d\b", re.IGNORECASE)),
    ("RFC", re.compile(r"\b[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}\b", re.IGNORECASE)),
    (N_("tarjeta o cuenta"), re.compile(r"(?<!\d)\d{16,18}(?!\d)")),
)


def personal_data_hints(text: str) -> list[str]:
    """Return the names of what looks like personal data in a text, in a fixed order."""
    return [_(name) for name, pattern in HINTS if pattern.search(text)]


def may_review(actor: Actor, *, government_id: int) -> bool:
    """Say whether the actor reviews texts of that government."""
    return actor.role in (Role.MODERATOR, Role.COORDINATOR) and actor.government_id == government_id
