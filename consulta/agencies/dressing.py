"""Whose page it is: the government of what is shown, else of the official, else the one whose instance it is."""

import hashlib

from flask import g
from flask_login import current_user

from consulta.agencies.models import Government
from consulta.agencies.queries import find_main_government
from consulta.agencies.themes import stylesheet
from consulta.db import session


def page_government() -> Government | None:
    """Return the government in whose clothes the current page is shown; None in an empty instance."""
    shown: Government | None = g.get("page_government")
    if shown is not None:
        return shown
    actors = getattr(current_user, "actors", ())
    if actors:
        return session().get(Government, actors[0].government_id)
    return find_main_government()


def theme_address(government: Government) -> str:
    """Return the address of a government's style sheet, with its version."""
    version = hashlib.sha256(stylesheet(government.theme).encode()).hexdigest()[:10]
    return f"/tema/{government.key}.css?v={version}"


def shield_address(government: Government | None) -> str | None:
    """Return the address of a government's shield, with its version; None while it has none."""
    if government is None or "shield_version" not in government.theme:
        return None
    return f"/tema/{government.key}/escudo?v={government.theme['shield_version']}"


def privacy_address(government: Government | None) -> str:
    """Return the address of a government's privacy notice."""
    return f"/gobiernos/{government.key}/privacidad" if government is not None else "/privacidad"
