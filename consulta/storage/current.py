"""The storage of the current application."""

from typing import cast

from flask import current_app

from consulta.storage.folder import FolderStorage

EXTENSION = "consulta.storage"


def current_storage() -> FolderStorage:
    """Return the storage that `create_app()` installed."""
    return cast(FolderStorage, current_app.extensions[EXTENSION])
