"""Addresses that no row can have: numbers beyond any key, and a character that no database keeps."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from consulta.i18n.text import _

LARGEST = 2**62


class RowNumber(IntegerConverter):
    """A number in an address; one that no key reaches is an address that does not exist."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST)
        super().__init__(map, *args, **kwargs)


def install(app: Flask) -> None:
    """Use the converter in every address declared from now on, and refuse NUL anywhere in one."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        abort(400, description=_("La dirección trae un carácter que no se puede leer."))
