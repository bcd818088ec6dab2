"""Pages of errors: what happened and what to do, in the same clothes as every page."""

import logging
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from consulta.errors import ConsultaError, Forbidden, NotFound, Refused
from consulta.i18n.text import N_, _

WRITERS = "consulta.error_writers"
log = logging.getLogger("consulta.web")

TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("No entendimos lo que se envió"), N_("Regrese a la página anterior, recárguela y vuelva a intentarlo.")),
    401: (N_("Falta identificarse"), N_("Envíe un token vigente en la cabecera Authorization.")),
    403: (N_("No se puede hacer eso aquí"), N_("Si cree que debería poder, avise a quien administra la plataforma.")),
    404: (
        N_("No encontramos esa página"),
        N_("Puede que la dirección esté incompleta. Busque la consulta desde el inicio."),
    ),
    405: (N_("Esa dirección no admite esa acción"), N_("Abra la página desde el inicio y use sus botones.")),
    413: (
        N_("Lo que envió pesa demasiado"),
        N_("Regrese: su texto sigue en la página anterior. Adjunte hasta 5 archivos de 10 MB o menos cada uno."),
    ),
    409: (N_("Alguien lo cambió mientras tanto"), N_("Recargue la página para ver cómo quedó.")),
    422: (N_("Hay algo que corregir"), N_("Revise los campos señalados.")),
    500: (
        N_("Algo falló de nuestro lado"),
        N_("Lo que escribió no se recibió. Regrese e intente de nuevo en unos minutos."),
    ),
}
STATUS: dict[type[ConsultaError], int] = {NotFound: 404, Forbidden: 403, Refused: 422}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(ConsultaError, _from_domain)
    app.register_error_handler(Exception, _unexpected)


def write_errors(app: Flask, path: str, write: Callable[[int, str], Response]) -> None:
    """Let the errors of the addresses that begin with a path be written by a function of status and description."""
    app.extensions.setdefault(WRITERS, {})[path] = write


def problem(status: int, title: str, detail: str = "", errors: list[dict[str, str]] | None = None) -> Response:
    """Return an RFC 9457 answer with a Spanish title and a list of fields."""
    body: dict[str, Any] = {"type": "about:blank", "status": status, "title": title}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    response = jsonify(body)
    response.status_code = status
    response.content_type = "application/problem+json"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _from_http(error: HTTPException) -> Response:
    if error.response is not None and error.code is None:
        return make_response(error.response)
    code = error.code or 500
    if 300 <= code < 400:
        return make_response(error.get_response())
    answer = _answer(code, _own_words(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _own_words(error: HTTPException) -> str | None:
    return error.description if error.description and error.description != type(error).description else None


def _from_domain(error: ConsultaError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    if request.path.startswith("/api/") and isinstance(error, Refused):
        fields = [{"field": error.field, "message": error.message}] if error.field else None
        return problem(status, error.message, errors=fields)
    return _answer(status, error.message)


def _unexpected(error: Exception) -> Response:
    log.exception("error no previsto en %s %s", request.method, request.endpoint, exc_info=error)
    return _answer(500, None)


def _answer(status: int, message: str | None) -> Response:
    title, advice = (_(text) for text in TEXTS.get(status, TEXTS[400 if status < 500 else 500]))
    if request.path.startswith("/api/"):
        return problem(status, message or title, "" if message else advice)
    for path, write in current_app.extensions.get(WRITERS, {}).items():
        if request.path.startswith(path):
            return cast(Response, write(status, message or f"{title}. {advice}"))
    # "Not yours" must look the same as "does not exist": neither page names its own address.
    g.leads_home = True
    page = render_template("error.html", title=title, advice=message or advice, status=status)
    return make_response(page, status)
