"""Messages of referrals and answers."""

from consulta.notices import Message
from consulta.referrals.models import Answer
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public
from consulta.submissions.states import SubmissionKind


def answer_notice(answer: Answer, submission: Submission, *, version: int) -> Message:
    """Return the notice of an answer: by mail where there is an address, else on the notice board.

    The notice board is public: it carries the answer's text only where the kind's answers are public.
    """
    window = submission.topic.window
    what = "La respuesta a su comentario" if version == 1 else "Se corrigió la respuesta a su comentario"
    intro = f"{what} con folio {submission.folio} está publicada."
    body = [intro, "", f"Responde: {answer.unit.name}", ""]
    if submission.email or is_answer_public(SubmissionKind(submission.kind)):
        body += [answer.text, ""]
    body += ["Para verla en línea use su folio y su clave de seguimiento.", "", window.government.name]
    return Message(
        kind="answer" if version == 1 else "correction",
        unique_key=f"answer:{submission.folio}:{answer.id}:{version}",
        about=submission.folio,
        subject=f"Respuesta a su folio {submission.folio}",
        body="\n".join(body),
        address=submission.email or None,
    )
