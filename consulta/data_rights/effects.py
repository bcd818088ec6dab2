"""What carrying out a request changes. Nothing that was handed in is destroyed: only a disposal does that (LGA)."""

from datetime import datetime

from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.rules import CORRECTED
from consulta.data_rights.states import DataRightsKind
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.notices.operations import forget_addresses
from consulta.submissions.models import Submission

CONTACT = ("email", "phone")


def apply(request: DataRightsRequest, now: datetime) -> list[str]:
    """Do what a request asks for on its submission, locked by the caller; return the columns that changed.

    A rectification writes the new contact data, or the name under which the text is published: what was received
    stays as its leaf says. A cancellation empties and blocks the contact data, and what notices keep of them. An
    opposition takes the name off what is published. Raises Refused when it was blocked or published by nobody since.
    """
    changed = DO[DataRightsKind(request.kind)](request, now)
    for name in CORRECTED:
        setattr(request, name, "")
    session().flush()
    return changed


def is_blocked(submission: Submission) -> bool:
    """Say whether the person had her contact data cancelled: none is written any more."""
    return submission.contact_blocked_at is not None


def _show(_request: DataRightsRequest, _now: datetime) -> list[str]:
    """Everything that is kept is on the page of the person's folio already."""
    return []


def _rectify(request: DataRightsRequest, _now: datetime) -> list[str]:
    changed = []
    for name, column in CORRECTED.items():
        value = getattr(request, name)
        if not value:
            continue
        if column in CONTACT and is_blocked(request.submission):
            raise Refused(_("La persona canceló sus datos de contacto: ya no se guarda ninguno."))
        setattr(request.submission, column, value)
        changed.append(column)
    return changed


def _cancel(request: DataRightsRequest, now: datetime) -> list[str]:
    submission = request.submission
    changed = [name for name in CONTACT if getattr(submission, name)]
    submission.email, submission.phone, submission.contact_blocked_at = "", "", now
    forget_addresses(submission.folio)
    return changed


def _oppose(request: DataRightsRequest, _now: datetime) -> list[str]:
    request.submission.published_name = ""
    return ["published_name"]


DO = {
    DataRightsKind.ACCESS: _show,
    DataRightsKind.RECTIFICATION: _rectify,
    DataRightsKind.CANCELLATION: _cancel,
    DataRightsKind.OPPOSITION: _oppose,
}
