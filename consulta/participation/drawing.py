"""Figures of people ready to be drawn: bars, a map of municipalities, the image that is shared. Pure but for fonts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from math import cos, radians, sqrt
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

from consulta.submissions.territory import Municipality

MAP_WIDTH, MAP_HEIGHT, MARGIN = 640, 520, 36
SMALLEST, LARGEST = 5.0, 34.0
# How wide a letter and how high a line of a name is, and how many names at most.
LETTER, LINE, MOST_NAMES = 8.5, 20, 12
SHARED_SIZE = (1200, 630)
# Fonts of the usual packages that have every accent; the pages as PDF need one of them too.
FONTS = ("DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "NotoSans-Bold.ttf", "FreeSansBold.ttf")
INK, PAPER, SOFT = "#16211f", "#ffffff", "#d7dedb"


@dataclass(frozen=True)
class Place:
    """A municipality on the map: where, how big, and the opinions from it; `count` None: not shown.

    `is_named`: whether its name has room.
    """

    key: str
    name: str
    x: float
    y: float
    radius: float
    count: int | None
    is_named: bool = False


def draw_places(every: list[Municipality], counts: Mapping[str, int | None]) -> list[Place]:
    """Return municipalities where their seats lie, seen from above, as large as their published figure."""
    if not every:
        return []
    west, east = min(item.longitude for item in every), max(item.longitude for item in every)
    south, north = min(item.latitude for item in every), max(item.latitude for item in every)
    shrink = cos(radians((south + north) / 2))
    scale = min(
        (MAP_WIDTH - 2 * MARGIN) / max((east - west) * shrink, 0.01),
        (MAP_HEIGHT - 2 * MARGIN) / max(north - south, 0.01),
    )
    largest = max((count for count in counts.values() if count), default=0) or 1
    return _named(
        [
            Place(
                item.key,
                item.name,
                round(MARGIN + (item.longitude - west) * shrink * scale, 1),
                round(MARGIN + (north - item.latitude) * scale, 1),
                _radius(counts.get(item.key), largest),
                counts.get(item.key),
            )
            for item in every
        ]
    )


def _named(places: list[Place]) -> list[Place]:
    """Name the largest ones first, and leave out a name that would lie on another."""
    taken: list[tuple[float, float, float]] = []
    named: set[str] = set()
    for place in sorted(places, key=lambda item: -item.radius):
        half, y = len(place.name) * LETTER / 2, place.y - place.radius
        free = all(abs(place.x - x) > half + other or abs(y - height) > LINE for x, height, other in taken)
        if place.count and free and len(named) < MOST_NAMES:
            taken.append((place.x, y, half))
            named.add(place.key)
    return [replace(place, is_named=place.key in named) for place in places]


def _radius(count: int | None, largest: int) -> float:
    """Return the radius of a circle whose area follows the figure."""
    return SMALLEST if not count else round(SMALLEST + (LARGEST - SMALLEST) * sqrt(count / largest), 1)


@cache
def has_font() -> bool:
    """Say whether an image with text can be drawn here."""
    return _font(20) is not None


def draw_shared(*, government: str, title: str, lines: list[str], shares: list[tuple[str, int]], colour: str) -> bytes:
    """Return the picture of a result, for whoever shares its address: PNG of 1200 × 630."""
    picture = Image.new("RGB", SHARED_SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SHARED_SIZE[0], 18), fill=colour)
    top = _write(pen, (60, 50), government, size=28, width=70)
    top = _write(pen, (60, top + 10), title, size=44, width=44, most=3)
    for line in lines:
        top = _write(pen, (60, top + 12), line, size=36, width=54)
    for row, (name, share) in enumerate(shares):
        y = 470 + 70 * row
        pen.rectangle((60, y, 1140, y + 24), fill=SOFT)
        pen.rectangle((60, y, 60 + 1080 * share // 100, y + 24), fill=colour)
        _write(pen, (60, y + 27), f"{name}: {share} %", size=24, width=80)
    written = BytesIO()
    picture.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, *, size: int, width: int, most: int = 2) -> int:
    """Write a text in lines and return where the next one goes."""
    x, y = at
    lines = wrap(text, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    for line in lines:
        pen.text((x, y), line, font=_font(size), fill=INK)
        y += size + size // 4
    return y


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
