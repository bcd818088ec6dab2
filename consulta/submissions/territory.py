"""The municipalities a person may choose.

Source: INEGI, Catálogo Único de Claves de Áreas Geoestadísticas Estatales, Municipales y Localidades
(free use with attribution). Keys are text: state (2) + municipality (3), with leading zeros.
"""

import csv
from functools import cache
from pathlib import Path

ELSEWHERE = "elsewhere"


@cache
def municipalities() -> dict[str, str]:
    """Return `{key: name}`, by name as the catalogue orders them."""
    path = Path(__file__).parent / "data" / "municipalities.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return {row["key"]: row["name"] for row in csv.DictReader(handle)}


def is_municipality(key: str | None) -> bool:
    """Say whether a key is in the catalogue, or names a place outside it."""
    return key == ELSEWHERE or key in municipalities()
