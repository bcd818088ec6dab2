"""The storage of the current application."""

from typing import cast

from flask import Response, current_app, send_file

from consulta.storage.folder import FolderStorage

EXTENSION = "consulta.storage"


def current_storage() -> FolderStorage:
    """Return the storage that `create_app()` installed."""
    return cast(FolderStorage, current_app.extensions[EXTENSION])


def send_download(*, key: str, media_type: str, filename: str) -> Response:
    """Return a kept file as a download, in a sandbox. Who may have it was decided before."""
    response = send_file(current_storage().path(key), mimetype=media_type, as_attachment=True, download_name=filename)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
