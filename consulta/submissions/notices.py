"""Messages of intake."""

from consulta.notices import Message
from consulta.submissions.models import Submission
from consulta.submissions.states import Timeliness
from consulta.windows.models import Topic


def receipt_notice(submission: Submission, topic: Topic) -> Message:
    """Return the mail that confirms reception. It carries the folio and never the key."""
    late = submission.timeliness == Timeliness.LATE
    lines = [
        "Recibimos lo que usted envió.",
        "",
        f"Folio: {submission.folio}",
        f"Sobre: {topic.title}",
        f"En: {topic.window.title}",
        "",
        "Llegó después del cierre: queda guardado con su folio, aparte de lo recibido en plazo."
        if late
        else "La unidad responsable lo leerá y le responderá. Le avisaremos por este medio.",
        "",
        "Para ver cómo va, use su folio y la clave que apareció en su acuse. La clave nunca se envía por correo.",
        "",
        topic.window.government.name,
    ]
    return Message(
        kind="receipt",
        unique_key=f"receipt:{submission.folio}",
        about=submission.folio,
        subject=f"Recibimos su comentario: folio {submission.folio}",
        body="\n".join(lines),
        address=submission.email,
    )
