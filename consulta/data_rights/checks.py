"""What may be asked for about a submission as it stands."""

from consulta.data_rights.effects import is_blocked
from consulta.data_rights.queries import has_open
from consulta.data_rights.rules import CORRECTED, DataRightsDraft
from consulta.data_rights.states import DataRightsKind
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.submissions.checks import check_contact
from consulta.submissions.models import Submission
from consulta.submissions.policy import public_author
from consulta.submissions.rules import LONGEST_NAME
from consulta.submissions.states import Behalf


def check_can_ask(submission: Submission, draft: DataRightsDraft) -> None:
    """Raise Refused, at the field to correct, for a request that could change nothing or that waits already."""
    kind = DataRightsKind(draft.kind)
    if has_open(submission.id, kind):
        raise Refused(_("Ya pidió lo mismo y se está revisando: abajo ve la fecha en que se responde."), field="kind")
    if kind == DataRightsKind.RECTIFICATION:
        _check_new_values(submission, draft)
    elif any(getattr(draft, name) for name in CORRECTED):
        raise Refused(_("Los datos nuevos son para una rectificación: elija esa, o déjelos vacíos."), field="kind")
    if kind == DataRightsKind.CANCELLATION and not (submission.email or submission.phone):
        raise Refused(_("No se guarda su correo ni su teléfono: no hay qué cancelar."), field="kind")
    if kind == DataRightsKind.OPPOSITION and not _publishes_person(submission):
        raise Refused(_("Su nombre no se publica: no hay a qué oponerse."), field="kind")


def _check_new_values(submission: Submission, draft: DataRightsDraft) -> None:
    for problem in check_contact(email=draft.new_email, phone=draft.new_phone):
        raise Refused(problem.message, field=f"new_{problem.field}")
    if len(draft.new_name) > LONGEST_NAME:
        raise Refused(_("Escriba hasta %(longest)s caracteres.", longest=LONGEST_NAME), field="new_name")
    if is_blocked(submission) and (draft.new_email or draft.new_phone):
        field = "new_email" if draft.new_email else "new_phone"
        raise Refused(_("Usted canceló sus datos de contacto: ya no se guarda ninguno."), field=field)
    if draft.new_name and not _publishes_person(submission):
        raise Refused(_("Su nombre no se publica: diga abajo qué dato debe corregirse."), field="new_name")


def _publishes_person(submission: Submission) -> bool:
    """Say whether the name of a person is published with it; that of an organization is no personal data."""
    return submission.behalf == Behalf.SELF and public_author(submission) != ""
