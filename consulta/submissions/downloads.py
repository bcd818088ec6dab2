"""Handing out a file: always the copy without metadata, as a download, in a sandbox."""

from flask import Response, send_file

from consulta.storage.current import current_storage
from consulta.submissions.models import Attachment, Submission


def find_attachment(submission: Submission, number: int) -> Attachment | None:
    """Return a file of a submission by its number."""
    return next((item for item in submission.attachments if item.number == number), None)


def send_attachment(item: Attachment) -> Response:
    """Return the download of a file. Who may have it was decided before."""
    response = send_file(
        current_storage().path(item.public_key),
        mimetype=item.media_type,
        as_attachment=True,
        download_name=item.filename,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
