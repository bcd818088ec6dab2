"""The look of a government: three colours that can be read, and its shield. Pure."""

import re
from collections.abc import Mapping

from consulta.errors import Refused
from consulta.i18n.text import _

COLOUR = re.compile(r"#[0-9a-f]{6}")
WHITE, INK, PAPER = "#ffffff", "#16211f", "#ffffff"
# WCAG 2.2, 1.4.3: text against its background.
LEAST_CONTRAST = 4.5
DEFAULTS = {"brand": "#0b5d4e", "accent": "#ffbf47", "link": "#0a5bb5"}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def check_theme(colours: Mapping[str, str]) -> dict[str, str]:
    """Return the three colours of a theme. Raises Refused at the one that is no colour or cannot be read."""
    theme = {}
    for name, default in DEFAULTS.items():
        value = (colours.get(name, "").strip() or default).lower()
        if not COLOUR.fullmatch(value):
            raise Refused(_("Escriba un color como #0b5d4e."), field=name)
        theme[name] = value
    if contrast(theme["brand"], on(theme["brand"])) < LEAST_CONTRAST:
        raise Refused(_("Con ese color no se lee el nombre del gobierno: elija otro."), field="brand")
    if contrast(theme["link"], PAPER) < LEAST_CONTRAST:
        raise Refused(_("Los enlaces de ese color no se leen sobre blanco: elija uno más oscuro."), field="link")
    return theme


def on(background: str) -> str:
    """Return the colour of text that reads better on a background."""
    return WHITE if contrast(background, WHITE) >= contrast(background, INK) else INK


def stylesheet(theme: Mapping[str, str]) -> str:
    """Return the style sheet that dresses the pages of a government; in the dark, links keep the common colour."""
    colours = {**DEFAULTS, **{name: theme[name] for name in DEFAULTS if name in theme}}
    brand = colours["brand"]
    return (
        f":root{{--brand:{brand};--on-brand:{on(brand)};--accent:{colours['accent']}}}\n"
        f"@media (prefers-color-scheme: light){{:root{{--link:{colours['link']}}}}}\n"
    )


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
