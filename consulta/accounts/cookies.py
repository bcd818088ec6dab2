"""The cookie that carries the token of a session."""

from flask import Response

from consulta.accounts.rules import SESSION
from consulta.web.context import services

COOKIE = "consulta_sesion"


def set_cookie(response: Response, token: str) -> Response:
    """Give the browser the token of its session."""
    secure = services().settings.public_url.startswith("https://")
    response.set_cookie(
        COOKIE, token, max_age=int(SESSION.total_seconds()), httponly=True, secure=secure, samesite="Lax", path="/"
    )
    return response
