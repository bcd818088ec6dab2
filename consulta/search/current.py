"""The index of the current application, for the edges."""

from typing import cast

from flask import current_app

from consulta.search.documents import Index

EXTENSION = "consulta.search"


def current_index() -> Index:
    """Return the index of the current application."""
    return cast(Index, current_app.extensions[EXTENSION])
