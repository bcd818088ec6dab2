"""Rows as Open311 tells them: of a service request its subject, unit, status and coarse place, and nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from consulta.i18n.text import _
from consulta.open311.queries import RequestRow
from consulta.open311.rules import service_code
from consulta.open311.states import RequestStatus
from consulta.referrals.models import Referral
from consulta.referrals.queries import LIVE
from consulta.referrals.states import ReferralState
from consulta.submissions.models import Submission
from consulta.submissions.places import coarse_place
from consulta.submissions.states import LateDecision, Standing
from consulta.windows.models import Topic

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = ("text/xml", "application/json")


def instant(value: datetime) -> str:
    """Return an instant as the W3C writes it, in UTC."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def service_json(topic: Topic) -> dict[str, Any]:
    """Return a service. Its number is given at once (`realtime`), and it asks for nothing of its own."""
    window = topic.window
    return {
        "service_code": service_code(window.slug, topic.number),
        "service_name": topic.title,
        "description": topic.summary or window.summary,
        "metadata": False,
        "type": "realtime",
        "group": window.title,
    }


def definition_json(topic: Topic) -> dict[str, Any]:
    """Return the definition of a service: no attributes."""
    return {"service_code": service_code(topic.window.slug, topic.number), "attributes": []}


def request_json(row: RequestRow) -> dict[str, Any]:
    """Return what everybody may know of a request (`domain.md` §6); what is not known is left out."""
    submission = row.submission
    topic = submission.topic
    status = status_of(submission)
    told = {
        "service_request_id": submission.folio,
        "status": status.value,
        "status_notes": _notes(row),
        "service_name": topic.title,
        "service_code": service_code(topic.window.slug, topic.number),
        "description": _("El texto de la solicitud no es público: lo lee quien responde."),
        "agency_responsible": _offices(row.referrals) or None,
        "requested_datetime": instant(submission.received_at),
        "updated_datetime": instant(_updated_at(row)),
        "expected_datetime": _expected(row.referrals) if status == RequestStatus.OPEN else None,
        **_place(submission),
    }
    return {name: value for name, value in told.items() if value is not None}


def discovery_json(*, root: str, contact: str, changed_at: datetime, is_test: bool) -> dict[str, Any]:
    """Return where the calls are, in which forms, and whom to ask."""
    changeset = f"{changed_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": _("No hace falta clave de API: api_key se acepta y no se usa."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{root}/open311/v2",
                "changeset": changeset,
                "type": "test" if is_test else "production",
                "formats": list(FORMATS),
            }
        ],
    }


def status_of(submission: Submission) -> RequestStatus:
    """Say whether anybody still owes something on a request: `queries.is_over` for one row."""
    is_over = (
        submission.is_answered
        or submission.standing != Standing.STANDS
        or submission.late_decision == LateDecision.DECLINED
    )
    return RequestStatus.CLOSED if is_over else RequestStatus.OPEN


def _notes(row: RequestRow) -> str:
    submission = row.submission
    if submission.standing == Standing.WITHDRAWN:
        return _("La persona que la envió la retiró.")
    if submission.standing == Standing.DISOWNED:
        return _("La persona cuyo nombre lleva dijo que no la envió.")
    if submission.is_answered:
        return _("Se respondió a quien la envió. La respuesta no es pública.")
    if submission.late_decision == LateDecision.DECLINED:
        return _("Llegó después del cierre y no se admitió.")
    if any(item.state == ReferralState.REFERRED for item in row.referrals):
        return _("Está en la unidad responsable.")
    return _("Espera a que se le asigne unidad responsable.")


def _offices(referrals: Sequence[Referral]) -> str:
    """Return the units that have it, or that answered it, with their agencies."""
    names = [f"{item.unit.name}, {item.unit.agency.name}" for item in referrals if item.state in LIVE]
    return "; ".join(dict.fromkeys(names))


def _expected(referrals: Sequence[Referral]) -> str | None:
    due = [item.due_at for item in referrals if item.state == ReferralState.REFERRED]
    return instant(max(due)) if due else None


def _updated_at(row: RequestRow) -> datetime:
    submission = row.submission
    acts = [submission.received_at, submission.standing_at, submission.late_decided_at]
    for item in row.referrals:
        acts += [item.referred_at, item.returned_at, item.answered_at, item.ended_at]
    return max(at for at in acts if at is not None)


def _place(submission: Submission) -> dict[str, Any]:
    """Return the coarse place alone, and say that it is one; none of what the person does not want shown any more."""
    place = submission.place
    if place is None or submission.is_hidden:
        return {}
    coarse = coarse_place(place)
    if coarse is None:
        return {"address": _("La persona dio una dirección, que no es pública.")}
    address = _("Zona de un kilómetro alrededor del punto; el lugar exacto no es público.")
    return {"address": address, "lat": coarse.latitude, "long": coarse.longitude}
