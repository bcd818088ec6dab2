"""How dates, numbers and texts read."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

LOCALE = "es_MX"
ZONE_NAMES = {
    "America/Mexico_City": "hora del centro",
    "America/Monterrey": "hora del centro",
    "America/Merida": "hora del centro",
    "America/Cancun": "hora del sureste",
    "America/Hermosillo": "hora de Sonora",
    "America/Mazatlan": "hora del Pacífico",
    "America/Tijuana": "hora del noroeste",
}


def long_date(value: date | datetime, zone: str = "America/Mexico_City") -> str:
    """Return "viernes 12 de junio de 2026"."""
    day = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return format_date(day, "EEEE d 'de' MMMM 'de' y", locale=LOCALE)


def short_date(value: date | datetime, zone: str = "America/Mexico_City") -> str:
    """Return "vie 12 jun 2026"."""
    day = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return format_date(day, "EEE d MMM y", locale=LOCALE).replace(".", "")


def moment(value: datetime, zone: str = "America/Mexico_City") -> str:
    """Return "viernes 12 de junio de 2026, 14:05 h"."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{long_date(local.date())}, {local:%H:%M} h"


def closing(value: datetime, zone: str = "America/Mexico_City") -> str:
    """Return "las 24:00 h del viernes 12 de junio de 2026, hora del centro": midnight belongs to the day that ends."""
    local = value.astimezone(ZoneInfo(zone))
    name = ZONE_NAMES.get(zone, zone)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"las 24:00 h del {long_date(last_day(value, zone))}, {name}"
    return f"las {local:%H:%M} h del {long_date(local.date())}, {name}"


def last_day(value: datetime, zone: str = "America/Mexico_City") -> date:
    """Return the last civil day before a closing instant."""
    return (value.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def iso_long(value: str) -> str:
    """Return a date of a derivation, written as ISO, in words."""
    return long_date(date.fromisoformat(value))


def iso_short(value: str) -> str:
    """Return a date of a derivation, written as ISO, abbreviated."""
    return short_date(date.fromisoformat(value))


def number(value: float) -> str:
    """Return a number with its separators."""
    return format_decimal(value, locale=LOCALE)


def plural(value: int, one: str, many: str) -> str:
    """Return "1 comentario" or "14 comentarios"."""
    return f"{number(value)} {one if value == 1 else many}"


def excerpt(text: str, length: int = 140) -> str:
    """Return the first words of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rsplit(" ", 1)[0] + "…"


def file_size(value: int) -> str:
    """Return "350 KB" or "1.2 MB"."""
    if value >= 1_000_000:
        return f"{value / 1_000_000:.1f} MB"
    return f"{max(1, round(value / 1000))} KB"


def install(app: Flask) -> None:
    """Register every filter."""
    for function in (
        long_date,
        short_date,
        moment,
        closing,
        last_day,
        iso_long,
        iso_short,
        number,
        plural,
        excerpt,
        file_size,
    ):
        app.add_template_filter(function, function.__name__)
