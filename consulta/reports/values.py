"""What stands in the braces of a paper, from its window and from what was counted."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from consulta.i18n.text import _, plural, shipped, speaking
from consulta.reports.models import ClosingPaper


def place_values(paper: ClosingPaper) -> dict[str, str]:
    """Return the values of `wordings.PLACES`, in Spanish whoever prepares it: papers are kept."""
    window, content = paper.window, paper.content
    zone = ZoneInfo(window.government.timezone)
    with speaking("es"):
        due_at = content.get("due_at")
        return {
            "consulta": window.title,
            "instrumento": window.instrument.name,
            "gobierno": window.government.name,
            "dependencia": paper.agency.name if paper.agency else "",
            "apertura": long_day(window.opens_at.astimezone(zone)) if window.opens_at else "",
            "cierre": last_long_day(window.closes_at, zone),
            "fundamento": shipped((window.derivation or {}).get("citation", "")) or _("sin norma citada"),
            "fundamento_respuesta": shipped(window.instrument.answer_citation) or _("sin norma citada"),
            "recibidos": plural("%(count)s comentario", "%(count)s comentarios", content.get("received", 0)),
            "extemporaneos": plural("%(count)s comentario", "%(count)s comentarios", content.get("late", 0)),
            "turnados": plural("%(count)s turno", "%(count)s turnos", len(content.get("referrals", []))),
            "vence": _("el %(date)s", date=last_long_day(datetime.fromisoformat(due_at), zone)) if due_at else "",
        }


def long_day(day: datetime) -> str:
    """Return a day in words."""
    return format_date(day.date(), "d 'de' MMMM 'de' y", locale="es_MX")


def last_long_day(instant: datetime | None, zone: ZoneInfo) -> str:
    """Return in words the day at whose 24:00 h something ends."""
    return long_day((instant - timedelta(microseconds=1)).astimezone(zone)) if instant else ""
