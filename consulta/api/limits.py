"""How often a token may call: counted in its row, told in every answer (draft RateLimit headers of the IETF)."""

from flask import Flask, Response, g, request

from consulta.accounts.tokens import Allowance, count_call
from consulta.db import unit_of_work
from consulta.web.context import arrived_at
from consulta.web.errors import problem


def install(app: Flask) -> None:
    """Register the count before each call with a token, and its headers after it."""
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> Response | None:
    token_id: int | None = g.get("token_id")
    if token_id is None or not request.path.startswith("/api/"):
        return None
    with unit_of_work():
        allowance = count_call(token_id=token_id, now=arrived_at())
    g.allowance = allowance
    if allowance.left >= 0:
        return None
    title = f"Este token hizo más de {allowance.per_minute} llamadas en un minuto."
    refused = problem(429, title, f"Espere {allowance.seconds} segundos y vuelva a llamar.")
    refused.headers["Retry-After"] = str(allowance.seconds)
    return refused


def _tell(response: Response) -> Response:
    allowance: Allowance | None = g.get("allowance")
    if allowance is not None:
        response.headers["RateLimit-Limit"] = str(allowance.per_minute)
        response.headers["RateLimit-Remaining"] = str(max(allowance.left, 0))
        response.headers["RateLimit-Reset"] = str(allowance.seconds)
    return response
