"""The closed list of grounds on which a text may not be shown, with their legal basis. Pure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from consulta.errors import Refused
from consulta.i18n.text import _


@dataclass(frozen=True)
class Ground:
    """A ground: its key, its title for everybody, and the norm."""

    key: str
    title: str
    citation: str


@dataclass(frozen=True)
class Terms:
    """How long review and appeal may take, in business days."""

    review_days: int
    appeal_days: int
    appeal_citation: str


@cache
def load_grounds() -> dict[str, Ground]:
    """Return the grounds by key, in their order."""
    return {item["key"]: Ground(**item) for item in _data()["ground"]}


@cache
def load_terms() -> Terms:
    """Return the terms of review and appeal."""
    found = _data()
    return Terms(found["review_days"], found["appeal_days"], found["appeal_citation"])


def check_ground(key: str) -> Ground:
    """Return a ground of the list. Raises Refused for anything else: nothing else keeps a text from the public."""
    found = load_grounds().get(key)
    if found is None:
        raise Refused(_("Elija una causa de la lista: por ninguna otra se deja de mostrar un texto."), field="ground")
    return found


def _data() -> dict[str, Any]:
    text = resources.files("consulta.moderation").joinpath("data/moderation.toml").read_text("utf-8")
    return tomllib.loads(text)
