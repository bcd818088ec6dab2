"""Messages of intake."""

from consulta.i18n.text import _
from consulta.notices import Message
from consulta.submissions.models import Submission
from consulta.submissions.states import Timeliness
from consulta.windows.models import Topic


def receipt_notice(submission: Submission, topic: Topic) -> Message:
    """Return the mail that confirms reception. It carries the folio and never the key."""
    late = submission.timeliness == Timeliness.LATE
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
