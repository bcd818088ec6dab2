"""Handing out a file: always the copy without metadata, as a download, in a sandbox."""

from flask import Response

from consulta.storage.current import send_download
from consulta.submissions.models import Attachment, Submission


def find_attachment(submission: Submission, number: int) -> Attachment | None:
    """Return a file of a submission by its number."""
    return next((item for item in submission.attachments if item.number == number), None)


def send_attachment(item: Attachment) -> Response:
    """Return the download of a file. Who may have it was decided before."""
    return send_download(key=item.public_key, media_type=item.media_type, filename=item.filename)
