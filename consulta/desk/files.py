"""Files of submissions for the officials who work on them, before anything is published."""

from flask import Blueprint, Response
from flask_login import current_user

from consulta.actors import Actor, Role
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.moderation.rules import may_review
from consulta.referrals.models import Referral
from consulta.referrals.queries import list_referrals_of
from consulta.referrals.rules import may_answer, may_sign
from consulta.submissions.downloads import find_attachment, send_attachment
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_by_folio, holder_of
from consulta.web.access import access, roles

blueprint = Blueprint("files", __name__)
READS = roles(Role.CONTROL, Role.RESPONDENT, Role.APPROVER, Role.MODERATOR, Role.COORDINATOR, Role.AUDITOR)


@blueprint.get("/bandeja/archivos/<folio>/<int:number>")
@access(READS)
def attachment(folio: str, number: int, actor: Actor) -> Response:  # noqa: ARG001 - any of her posts may read
    """Download the copy without metadata of a file; who may not read it sees that it does not exist."""
    found = find_by_folio(folio)
    item = find_attachment(found, number) if found is not None and _is_readable(found) else None
    if item is None:
        raise NotFound(_("No existe ese archivo."))
    return send_attachment(item)


def _is_readable(submission: Submission) -> bool:
    """Say whether one of the person's posts reviews, audits, answers or signs for that submission."""
    government_id = holder_of(submission)
    if submission.reserved:
        referrals = list_referrals_of(submission.id)
        return any(
            may_answer(item, unit_id=referral.unit_id, reserved=True)
            for item in current_user.actors
            for referral in referrals
        )
    referrals = list_referrals_of(submission.id)
    return any(
        may_review(item, government_id=government_id)
        or (item.role == Role.AUDITOR and item.government_id == government_id)
        or any(_answers(item, referral) for referral in referrals)
        for item in current_user.actors
    )


def _answers(actor: Actor, referral: Referral) -> bool:
    return may_answer(actor, unit_id=referral.unit_id) or may_sign(actor, agency_id=referral.unit.agency_id)
