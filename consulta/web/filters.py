"""How dates, numbers and texts read."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

from consulta.i18n.text import N_, _, language, locale, shipped
from consulta.web.context import arrived_at

# The patterns of dates, as Unicode writes them. Day before month in every language: it is how officials here read.
LONG = {"es": "EEEE d 'de' MMMM 'de' y", "en": "EEEE, d MMMM y"}
SHORT = {"es": "EEE d MMM y", "en": "EEE d MMM y"}
ZONE_NAMES = {
    "America/Mexico_City": N_("hora del centro"),
    "America/Monterrey": N_("hora del centro"),
    "America/Merida": N_("hora del centro"),
    "America/Cancun": N_("hora del sureste"),
    "America/Hermosillo": N_("hora de Sonora"),
    "America/Mazatlan": N_("hora del Pacífico"),
    "America/Tijuana": N_("hora del noroeste"),
}


def long_date(value: date | datetime, zone: str = "America/Mexico_City") -> str:
    """Return "viernes 12 de junio de 2026"."""
    day = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return format_date(day, LONG[language()], locale=locale())


def short_date(value: date | datetime, zone: str = "America/Mexico_City") -> str:
    """Return "vie 12 jun 2026"."""
    day = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    return format_date(day, SHORT[language()], locale=locale()).replace(".", "")


def moment(value: datetime, zone: str = "America/Mexico_City") -> str:
    """Return "viernes 12 de junio de 2026, 14:05 h"."""
    local = value.astimezone(ZoneInfo(zone))
    return _("%(date)s, %(time)s h", date=long_date(local.date()), time=f"{local:%H:%M}")


def closing(value: datetime, zone: str = "America/Mexico_City") -> str:
    """Return "las 24:00 h del viernes 12 de junio de 2026, hora del centro": midnight belongs to the day that ends."""
    local = value.astimezone(ZoneInfo(zone))
    name = _(ZONE_NAMES[zone]) if zone in ZONE_NAMES else zone
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        on, time = last_day(value, zone), "24:00"
    else:
        on, time = local.date(), f"{local:%H:%M}"
    return _("las %(time)s h del %(date)s, %(zone)s", time=time, date=long_date(on), zone=name)


def last_day(value: datetime, zone: str = "America/Mexico_City") -> date:
    """Return the last civil day before a closing instant."""
    return (value.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date()


def iso_long(value: str) -> str:
    """Return a date of a derivation, written as ISO, in words."""
    return long_date(date.fromisoformat(value))


def iso_short(value: str) -> str:
    """Return a date of a derivation, written as ISO, abbreviated."""
    return short_date(date.fromisoformat(value))


def is_today(day: date, zone: str) -> bool:
    """Say whether that civil day is the one of the current request there."""
    return day == arrived_at().astimezone(ZoneInfo(zone)).date()


def month_names() -> list[str]:
    """Return the abbreviated months of the year, in order."""
    return [format_date(date(2026, month, 1), "MMM", locale=locale()).replace(".", "") for month in range(1, 13)]


def sentence(text: str) -> str:
    """Return a text with its first letter in upper case, and the rest as it is."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """Return a number with its separators."""
    return format_decimal(value, locale=locale())


def plural(value: int, one: str, many: str) -> str:
    """Return "1 comentario" or "14 comentarios"."""
    return f"{number(value)} {_(one if value == 1 else many)}"


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
        sentence,
        shipped,
        plural,
        excerpt,
        file_size,
    ):
        app.add_template_filter(function, function.__name__)
    app.add_template_global(month_names)
    app.add_template_global(is_today)
