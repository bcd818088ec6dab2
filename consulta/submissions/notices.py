"""Messages of intake."""

from consulta.i18n.text import _
from consulta.notices import Message
from consulta.submissions.models import Submission
from consulta.submissions.states import LateDecision
from consulta.windows.models import Topic


def receipt_notice(submission: Submission, topic: Topic, *, disown_code: str) -> Message:
    """Return the mail that confirms reception. It carries the folio and never the key.

    `disown_code` lets whoever receives it say that she did not send it; it opens nothing.
    """
    late = not submission.is_admitted
    lines = [
        _("Recibimos lo que usted envió."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Sobre: %(topic)s", topic=topic.title),
        _("En: %(window)s", window=topic.window.title),
        "",
        _("Llegó después del cierre: queda guardado con su folio, aparte de lo recibido en plazo.")
        if late
        else _("Lo lee solo el órgano interno de control, que le responderá. Le avisaremos por este medio.")
        if submission.reserved
        else _("La unidad responsable lo leerá y le responderá. Le avisaremos por este medio."),
        "",
        _("Para ver cómo va, use su folio y la clave que apareció en su acuse. La clave nunca se envía por correo."),
        "",
        _(
            "¿Usted no lo envió? En Seguimiento escriba este folio y, en lugar de la clave, este código: %(code)s",
            code=disown_code,
        ),
        "",
        topic.window.government.name,
    ]
    return Message(
        kind="receipt",
        unique_key=f"receipt:{submission.folio}",
        about=submission.folio,
        subject=_("Recibimos su comentario: folio %(folio)s", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email,
    )


def late_decision_notice(submission: Submission) -> Message:
    """Return the notice of what was decided of something late: by mail, else on the notice board."""
    window = submission.topic.window
    admitted = submission.late_decision == LateDecision.ADMITTED
    lines = [
        _("Lo que usted envió después del cierre se admitió: sigue su curso como lo recibido en plazo.")
        if admitted
        else _("Lo que usted envió después del cierre no se admitió. Queda guardado con su folio."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Consulta: %(title)s", title=window.title),
        _("Razones: %(reason)s", reason=submission.late_reason),
        "",
        window.government.name,
    ]
    return Message(
        kind="late_decision",
        unique_key=f"late_decision:{submission.folio}:{submission.late_decision}",
        about=submission.folio,
        subject=_("Sobre su folio %(folio)s, recibido fuera de plazo", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email or None,
    )
