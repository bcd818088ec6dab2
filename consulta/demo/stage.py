"""What the stories of the demonstration share: its governments, its posts, its instants and its chance."""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from consulta.actors import Actor
from consulta.agencies.models import Government, Unit
from consulta.db import session
from consulta.demo.days import Days
from consulta.demo.timeline import Timeline
from consulta.storage import Storage

DATA = Path(__file__).parent / "data"
STATE, LEON, SALAMANCA = "guanajuato-demo", "leon-demo", "salamanca-demo"
NOTICE_VERSION = "2026-1"
SEED = 2026


@dataclass(frozen=True)
class Place:
    """A unit of the demonstration: who writes its answers, who signs them, and of which government it is."""

    unit_id: int
    government: str
    writer: str
    signer: str


@dataclass
class Office:
    """A government of the demonstration and the posts that act for all of it."""

    id: int
    days: Days
    coordinator: str
    moderator: str
    control: str


@dataclass
class Stage:
    """Everything that is known while the stories are told."""

    now: datetime
    secret: bytes
    storage: Storage
    timeline: Timeline
    offices: dict[str, Office] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def government(self, key: str) -> Government:
        """Return the row of a government."""
        return session().get_one(Government, self.offices[key].id)

    def unit(self, key: str) -> Unit:
        """Return the row of a unit."""
        return session().get_one(Unit, self.places[key].unit_id)

    def coordinator(self, government: str) -> Actor:
        """Return the coordination of a government."""
        return self.actors[self.offices[government].coordinator]

    def moderator(self, government: str) -> Actor:
        """Return who reviews in a government."""
        return self.actors[self.offices[government].moderator]

    def writer(self, unit: str) -> Actor:
        """Return who writes the answers of a unit."""
        return self.actors[self.places[unit].writer]

    def signer(self, unit: str) -> Actor:
        """Return who signs the answers of a unit."""
        return self.actors[self.places[unit].signer]


def chance(name: str) -> random.Random:
    """Return the chance of one part of the demonstration: the same in every load."""
    return random.Random(f"{SEED}:{name}")  # noqa: S311 - invented people, not secrets


@cache
def read_data(name: str) -> dict[str, Any]:
    """Return a file of the demonstration's texts."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
