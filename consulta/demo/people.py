"""Invented people who write: names marked as such, contact in a domain that does not exist, weighted demographics."""

import random
from dataclasses import dataclass

from consulta.demo.stage import LEON, SALAMANCA, read_data
from consulta.submissions.drafts import DemographicsDraft
from consulta.submissions.states import Behalf
from consulta.submissions.territory import ELSEWHERE, list_municipalities
from consulta.windows.questions import DECLINED

SEXES = (("woman", 50), ("man", 43), (DECLINED, 3), (None, 4))
AGES = (("0-17", 3), ("18-29", 24), ("30-44", 33), ("45-59", 24), ("60+", 12), (DECLINED, 1), (None, 3))
HOME = {LEON: "11020", SALAMANCA: "11027"}


@dataclass(frozen=True)
class Author:
    """Who writes: for herself or for an organisation."""

    behalf: Behalf = Behalf.SELF
    name: str = ""
    is_public: bool = False
    organization: str = ""
    representative: str = ""
    representative_post: str = ""
    email: str = ""
    phone: str = ""


def draw_author(rng: random.Random, number: int) -> Author:
    """Return who writes: nobody in half of the cases, an organisation in one of twelve."""
    data = read_data("common")
    email = f"persona.{number}@demo.example" if rng.random() < 0.35 else ""
    phone = f"477 000 {rng.randrange(1000, 9999)}" if rng.random() < 0.06 else ""
    if rng.random() < 0.085:
        organization, post = rng.choice(data["organizations"])
        return Author(
            behalf=Behalf.ORGANIZATION,
            is_public=rng.random() < 0.6,
            organization=organization,
            representative=_name(rng),
            representative_post=post,
            email=email,
            phone=phone,
        )
    if rng.random() < 0.5:
        return Author(email=email, phone=phone)
    return Author(name=_name(rng), is_public=rng.random() < 0.45, email=email, phone=phone)


def draw_demographics(rng: random.Random, government: str) -> DemographicsDraft:
    """Return what a person answers about herself; one in eight answers nothing."""
    if rng.random() < 0.12:
        return DemographicsDraft()
    return DemographicsDraft(
        sex=_weighted(rng, SEXES), age_group=_weighted(rng, AGES), municipality=_place(rng, government)
    )


def draw_town(rng: random.Random) -> str:
    """Return the name of a municipality, the more people the likelier."""
    every = list_municipalities()
    return rng.choices(every, weights=[item.population for item in every])[0].name


def _place(rng: random.Random, government: str) -> str | None:
    if rng.random() < 0.06:
        return rng.choice([ELSEWHERE, DECLINED, None])
    if government in HOME and rng.random() < 0.9:
        return HOME[government]
    every = list_municipalities()
    return rng.choices(every, weights=[item.population for item in every])[0].key


def _name(rng: random.Random) -> str:
    data = read_data("common")
    first, mark = rng.choice(
        [(name, "inventada") for name in data["women"]] + [(name, "inventado") for name in data["men"]]
    )
    return f"{first} {rng.choice(data['surnames'])} {rng.choice(data['surnames'])} ({mark})"


def _weighted(rng: random.Random, choices: tuple[tuple[str | None, int], ...]) -> str | None:
    return rng.choices([value for value, _ in choices], weights=[weight for _, weight in choices])[0]
