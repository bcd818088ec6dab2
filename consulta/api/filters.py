"""What may be asked for in the address of a list."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Date, String
from marshmallow import EXCLUDE

from consulta.api.schemas import choice
from consulta.referrals.states import Disposition, ReferralState
from consulta.windows.states import WindowStatus

DAY: dict[str, Any] = {"invalid": "Escriba el día como AAAA-MM-DD."}


def _asked(description: str) -> Any:
    """Return a filter that is text; no address carries NUL."""
    return String(load_default="", metadata={"description": description, "pattern": "^[^\\u0000]*$"})


class Query(Schema):
    """Filters in the address; what is not known there is not read."""

    class Meta:
        unknown = EXCLUDE


class CursorQuery(Query):
    """Where the page begins."""

    cursor = String(
        load_default="", metadata={"description": "El «next» de la página anterior", "pattern": "^[A-Za-z0-9_-]*$"}
    )


class WindowsQuery(CursorQuery):
    """Filters of the list of windows."""

    status = choice([item.value for item in WindowStatus if item != WindowStatus.DRAFT])
    instrument = _asked("Clave del instrumento")


class SearchQuery(CursorQuery):
    """What is looked for."""

    q = _asked('Palabras, "una frase", inicio*, -sin')
    instrument = _asked("Clave del instrumento")
    government = _asked("Clave del gobierno")
    agency = _asked("Clave de la dependencia, gobierno/dependencia")
    disposition = choice([item.value for item in Disposition])
    since = Date(load_default=None, error_messages=DAY, metadata={"description": "Primer día, AAAA-MM-DD"})
    until = Date(load_default=None, error_messages=DAY, metadata={"description": "Último día, AAAA-MM-DD"})
    order = choice(("relevance", "newest"), default="relevance")


class ReferralsQuery(CursorQuery):
    """Filters of the list of referrals."""

    post = _asked("Clave de un cargo de la unidad")
    status = choice([*(item.value for item in ReferralState), "all"], default="referred")
