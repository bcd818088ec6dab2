"""Mails about requests on personal data; who left no address sees everything with folio and key."""

from consulta.data_rights.models import DataRightsRequest
from consulta.data_rights.states import DataRightsKind, DataRightsState
from consulta.i18n.labels import label
from consulta.i18n.text import _
from consulta.notices import Message


def filed_notice(request: DataRightsRequest) -> Message:
    """Return the mail that acknowledges a request, with the date by which it is answered."""
    return _message(
        request,
        "data_rights_filed",
        _("Recibimos su solicitud sobre sus datos personales"),
        _("Se responde a más tardar el %(date)s.", date=_day(request)),
    )


def extended_notice(request: DataRightsRequest) -> Message:
    """Return the mail that tells of the extension, with its reasons and the new date."""
    return _message(
        request,
        "data_rights_extended",
        _("Se amplió el plazo para responder su solicitud sobre sus datos personales"),
        _("Se responde a más tardar el %(date)s.", date=_day(request)),
        _("Razones: %(reason)s", reason=request.extension_reason),
    )


def decided_notice(request: DataRightsRequest, address: str) -> Message:
    """Return the mail that tells the answer, to an address that may not be kept any more."""
    denied = request.state == DataRightsState.DENIED
    cancelled = request.kind == DataRightsKind.CANCELLATION and not denied
    return _message(
        request,
        "data_rights_cancelled" if cancelled else "data_rights_decided",
        _("Respuesta a su solicitud sobre sus datos personales"),
        _("No procede.") if denied else _("Procede."),
        _("Razones: %(reason)s", reason=request.reason),
        *([_("Este es el último correo: ya no guardamos su dirección.")] if cancelled else []),
        *([_("Si no está de acuerdo puede interponer el recurso de revisión (LGPDPPSO 86).")] if denied else []),
        address=address,
    )


def done_notice(request: DataRightsRequest) -> Message:
    """Return the mail that tells what was done, where somebody did it by hand."""
    return _message(
        request,
        "data_rights_done",
        _("Se hizo lo que pidió sobre sus datos personales"),
        _("Qué se hizo: %(note)s", note=request.effect_note),
    )


def _message(request: DataRightsRequest, kind: str, subject: str, *said: str, address: str = "") -> Message:
    submission = request.submission
    address = address or submission.email
    lines = [
        subject + ".",
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Qué pidió: %(kind)s", kind=label("data_rights_kind", request.kind)),
        *said,
        "",
        _("Con su folio y su clave lo ve completo en Seguimiento."),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind=kind,
        unique_key=f"{kind}:{request.id}:{address}"[:200],
        about=submission.folio,
        subject=_("%(subject)s: folio %(folio)s", subject=subject, folio=submission.folio),
        body="\n".join(lines),
        address=address,
    )


def _day(request: DataRightsRequest) -> str:
    due_on = request.clock.due_on if request.clock is not None else None
    return f"{due_on:%d/%m/%Y}" if due_on is not None else ""
