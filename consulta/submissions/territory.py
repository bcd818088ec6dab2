"""The municipalities a person may choose.

Source: INEGI, Catálogo Único de Claves de Áreas Geoestadísticas Estatales, Municipales y Localidades, and Censo de
Población y Vivienda 2020 for the population and the place of each seat (free use with attribution). Keys are text:
state (2) + municipality (3), with leading zeros.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ELSEWHERE = "elsewhere"
AGES = ("0-17", "18-59", "60+")


@dataclass(frozen=True)
class Municipality:
    """A municipality: people in 2020, by sex and age, and where its seat is, in degrees (WGS84).

    Ages do not add up to the population: some did not say theirs.
    """

    key: str
    name: str
    population: int
    men: int
    women: int
    ages: dict[str, int]
    latitude: float
    longitude: float


@cache
def list_municipalities() -> tuple[Municipality, ...]:
    """Return the municipalities in the order of the catalogue."""
    path = Path(__file__).parent / "data" / "municipalities.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Municipality(
                row["key"],
                row["name"],
                int(row["population"]),
                int(row["men"]),
                int(row["women"]),
                {group: int(row[group]) for group in AGES},
                float(row["latitude"]),
                float(row["longitude"]),
            )
            for row in csv.DictReader(handle)
        )


@cache
def municipalities() -> dict[str, str]:
    """Return `{key: name}`, by name as the catalogue orders them."""
    return {item.key: item.name for item in list_municipalities()}


def is_municipality(key: str | None) -> bool:
    """Say whether a key is in the catalogue, or names a place outside it."""
    return key == ELSEWHERE or key in municipalities()
