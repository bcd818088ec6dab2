"""Where what is asked for is: as the person gave it, and what of it everybody may know (`domain.md` §6). Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consulta.i18n.text import N_, _
from consulta.submissions.drafts import PlaceDraft, Problem
from consulta.submissions.rules import PLACE_FIELDS, is_blank
from consulta.submissions.states import SubmissionKind

# What is asked for somewhere; a front door that takes none of these takes no place.
PLACE_KINDS = (SubmissionKind.PETITION, SubmissionKind.SERVICE_REQUEST)
LONGEST_ADDRESS = 300
LONGEST_ADDRESS_KEY = 60
LONGEST_DEGREES = 24
# Everybody is told the middle of a square of a hundredth of a degree, about one kilometre: never a house.
SQUARE_DEGREES = 0.01
DEGREES = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{1,18})?")
BAD_DEGREES = {
    "latitude": N_("La latitud debe ser un número de -90 a 90 con punto decimal, por ejemplo 21.019."),
    "longitude": N_("La longitud debe ser un número de -180 a 180 con punto decimal, por ejemplo -101.257."),
}
LIMITS = {"latitude": 90.0, "longitude": 180.0}
# Where Mexico is, in degrees: only to tell what was swapped or lost its sign, never to refuse another place.
SOUTH, NORTH, WEST, EAST = 14.0, 33.0, 86.0, 119.0


@dataclass(frozen=True)
class CoarsePlace:
    """The middle of the square where something is, in degrees of WGS84."""

    latitude: float
    longitude: float


def takes_place(kinds: list[str]) -> bool:
    """Say whether a front door that takes these kinds may be told where."""
    return any(kind in PLACE_KINDS for kind in kinds)


def draft_place(values: Mapping[str, str]) -> PlaceDraft | None:
    """Return the place of what was typed, None where nothing was."""
    kept = {name: " ".join(values.get(name, "").split()) for name in PLACE_FIELDS}
    return PlaceDraft(**kept) if any(not is_blank(value) for value in kept.values()) else None


def check_place(place: PlaceDraft | None, *, kinds: list[str]) -> list[Problem]:
    """Return what to correct in a place: its limits, and the usual slips with coordinates."""
    if place is None:
        return []
    if not takes_place(kinds):
        return [Problem("address", _("Aquí no se pide lugar: escríbalo en su texto."))]
    return [*_check_lengths(place), *_check_degrees(place)]


def coarse_place(place: Any) -> CoarsePlace | None:
    """Return what everybody may know of a place: the middle of its square; None without coordinates.

    The same point gives always the same square, so that asking many times tells nothing more.
    """
    if place is None or not place.latitude:
        return None
    return CoarsePlace(_middle(float(place.latitude), 90.0), _middle(float(place.longitude), 180.0))


def _middle(degrees: float, limit: float) -> float:
    square = math.floor(round(degrees / SQUARE_DEGREES, 9))
    # The last square ends at the limit: its point lies in it.
    last = round(limit / SQUARE_DEGREES) - 1
    return round((min(square, last) + 0.5) * SQUARE_DEGREES, 3)


def _check_lengths(place: PlaceDraft) -> list[Problem]:
    limits = {"address": LONGEST_ADDRESS, "address_key": LONGEST_ADDRESS_KEY}
    return [
        Problem(name, _("Escriba hasta %(longest)s caracteres.", longest=longest))
        for name, longest in limits.items()
        if len(getattr(place, name)) > longest
    ]


def _check_degrees(place: PlaceDraft) -> list[Problem]:
    if not place.latitude and not place.longitude:
        return []
    if not place.latitude or not place.longitude:
        absent = "longitude" if place.latitude else "latitude"
        return [Problem(absent, _("Envíe las dos coordenadas, latitud y longitud, o ninguna."))]
    slip = _slip(place)
    if slip is not None:
        return [slip]
    return [Problem(name, _(BAD_DEGREES[name])) for name in LIMITS if _degrees(place, name) is None]


def _slip(place: PlaceDraft) -> Problem | None:
    """Name a slip that can be recognised: swapped coordinates, a lost sign, a telephone without a position."""
    if not DEGREES.fullmatch(place.latitude) or not DEGREES.fullmatch(place.longitude):
        return None
    latitude, longitude = float(place.latitude), float(place.longitude)
    if latitude == 0 and longitude == 0:
        return Problem("latitude", _("Las coordenadas 0, 0 son las de un teléfono que no sabe dónde está: quítelas."))
    if SOUTH <= longitude <= NORTH and WEST <= abs(latitude) <= EAST:
        return Problem("latitude", _("La latitud y la longitud parecen cambiadas: en México la longitud es negativa."))
    if SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST:
        return Problem("longitude", _("A la longitud parece faltarle el signo menos: en México es negativa."))
    return None


def _degrees(place: PlaceDraft, name: str) -> float | None:
    """Return a coordinate; None where it is no number, or out of its limits."""
    written = getattr(place, name)
    if len(written) > LONGEST_DEGREES or not DEGREES.fullmatch(written):
        return None
    value = float(written)
    return value if abs(value) <= LIMITS[name] else None
