"""Errors of the API as problem details (RFC 9457), in Spanish, with the fields to correct."""

from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask
from apiflask.exceptions import _ValidationError
from flask import Response, abort, request

from consulta.web.errors import problem

GENERAL = "Revise este campo."


def install(app: APIFlask) -> None:
    """Register how an input that does not fit its schema is answered."""
    app.register_error_handler(_ValidationError, _invalid)
    app.before_request(_refuse_unreadable)


def _refuse_unreadable() -> None:
    """Answer 400 to a body that is no JSON, or that is nested or numbered beyond what can be read."""
    if not request.path.startswith("/api/") or not request.is_json:
        return
    try:
        request.get_json()
    except RecursionError:
        abort(400)


def _invalid(error: _ValidationError) -> Response:
    found: list[dict[str, str]] = []
    detail = error.detail if isinstance(error.detail, Mapping) else {}
    for location in detail.values():
        _collect(location, "", found)
    return problem(422, "Hay campos que corregir.", errors=found)


def _collect(node: Any, path: str, found: list[dict[str, str]]) -> None:
    if isinstance(node, Mapping):
        for key, value in node.items():
            name = str(key)
            _collect(value, path if name == "_schema" else f"{path}.{name}".strip("."), found)
    else:
        messages = node if isinstance(node, list) else [node]
        text = " ".join(str(message) for message in messages) or GENERAL
        found.append({"field": path or "body", "message": text})
