"""Messages that survive one redirect, for people who are signed in: a signed cookie, read once.

Flask's own need its cookie session, which is switched off.
"""

from flask import Flask, Response, g, request
from itsdangerous import BadData, URLSafeTimedSerializer

from consulta.web.context import services

COOKIE = "consulta_aviso"
LIFE_SECONDS = 60
LONGEST = 300
MOST = 8


def flash(message: str) -> None:
    """Show a message on the next page that is rendered."""
    waiting: list[str] = g.setdefault("flashes", [])
    if len(waiting) < MOST:
        waiting.append(message[:LONGEST])


def flashed() -> list[str]:
    """Return the messages to show on this page; they are not shown again."""
    g.flashes_read = True
    return [*_from_cookie(), *g.pop("flashes", [])]


def install(app: Flask) -> None:
    """Carry the messages in a cookie from one answer to the next request."""

    @app.after_request
    def carry(response: Response) -> Response:
        waiting = g.get("flashes", [])
        if waiting:
            value = _serializer().dumps(waiting)
            secure = services().settings.public_url.startswith("https://")
            response.set_cookie(COOKIE, value, max_age=LIFE_SECONDS, httponly=True, secure=secure, samesite="Lax")
        elif g.get("flashes_read", False) and COOKIE in request.cookies:
            response.delete_cookie(COOKIE)
        return response


def _from_cookie() -> list[str]:
    try:
        found = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=LIFE_SECONDS)
    except BadData:
        return []
    return [str(message) for message in found]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().secret, salt="consulta-flash")
