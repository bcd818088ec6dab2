"""Messages of referrals and answers."""

from collections.abc import Sequence
from datetime import date

from consulta.agencies.models import Post
from consulta.i18n.text import _
from consulta.notices import Message
from consulta.referrals.models import Answer, DisowningClaim, HandOver
from consulta.referrals.states import ClaimState
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_answer_public
from consulta.submissions.states import Standing, SubmissionKind
from consulta.windows.models import Succession, Topic


def answer_notice(answer: Answer, submission: Submission, *, version: int) -> Message:
    """Return the notice of an answer: by mail where there is an address, else on the notice board.

    The notice board is public: of kinds whose answers are not, it carries the folio and nothing else.
    """
    window = submission.topic.window
    if version == 1:
        intro = _("La respuesta a su comentario con folio %(folio)s está publicada.", folio=submission.folio)
    else:
        intro = _(
            "Se corrigió la respuesta a su comentario con folio %(folio)s y está publicada.", folio=submission.folio
        )
    body = [intro, ""]
    body += _answer_lines(answer) if submission.email else public_lines(answer, submission)
    body += [_("Para verla en línea use su folio y su clave de seguimiento."), "", window.government.name]
    return Message(
        kind="answer" if version == 1 else "correction",
        unique_key=f"answer:{submission.folio}:{answer.id}:{version}",
        about=submission.folio,
        subject=_("Respuesta a su folio %(folio)s", folio=submission.folio),
        body="\n".join(body),
        address=submission.email or None,
    )


def public_lines(answer: Answer, submission: Submission) -> list[str]:
    """Return an answer as the notice board may carry it: nothing of kinds whose answers are not public."""
    return _answer_lines(answer) if is_answer_public(SubmissionKind(submission.kind)) else []


def hand_over_notices(handed: HandOver, folio: str, addresses: Sequence[str]) -> list[Message]:
    """Return the mails that tell the coordinators of a government what was handed to it."""
    body = "\n".join(
        [
            _("%(source)s le entregó un comentario que le corresponde.", source=handed.from_government.name),
            "",
            _("Folio: %(folio)s", folio=folio),
            _("Motivo: %(reason)s", reason=handed.reason),
            "",
            _("Está en «Comentarios sin turnar». El folio y la fecha para responderle a la persona no cambian."),
            "",
            handed.to_government.name,
        ]
    )
    return [
        Message(
            kind="hand_over",
            unique_key=f"hand_over:{handed.id}:{number}",
            about=folio,
            subject=_("Le entregaron el folio %(folio)s", folio=folio),
            body=body,
            address=address,
        )
        for number, address in enumerate(addresses)
    ]


def standing_notice(submission: Submission) -> Message:
    """Return the mail that confirms to a person that what was in her name was withdrawn or disowned."""
    withdrawn = submission.standing == Standing.WITHDRAWN
    lines = [
        _("Retiramos su comentario, como lo pidió.")
        if withdrawn
        else _("Anotamos que usted no envió este comentario: se cuenta aparte y ya no lleva su nombre."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        "",
        _("Su texto ya no se muestra. El folio y lo que pasó con él se conservan.")
        if submission.is_hidden
        else _("Su texto sigue a la vista, marcado, sin su nombre."),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind="standing",
        unique_key=f"standing:{submission.folio}:{submission.standing}",
        about=submission.folio,
        subject=_("Sobre su folio %(folio)s", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email or None,
    )


def carried_notice(submission: Submission, target: Topic, succession: Succession) -> Message:
    """Return the mail that tells a person that the draft on which she commented was filed anew."""
    lines = [
        _(
            "El texto sobre el que usted opinó se ingresó de nuevo. "
            "Su comentario va con él: no tiene que enviarlo otra vez."
        ),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Ahora está en: %(topic)s, %(window)s", topic=target.title, window=target.window.title),
        _("Motivo: %(reason)s", reason=succession.reason),
        "",
        _("Su folio, su clave y la fecha para responderle no cambian."),
        "",
        target.window.government.name,
    ]
    return Message(
        kind="carried",
        unique_key=f"carried:{submission.folio}:{target.id}",
        about=submission.folio,
        subject=_("Su comentario %(folio)s va con el nuevo ingreso del texto", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email,
    )


def due_moved_notice(submission: Submission, before: date, after: date) -> Message:
    """Return the mail that tells a person that the date of her answer moved, with both dates."""
    lines = [
        _("Se movió la fecha para responderle, porque cambió el calendario de días inhábiles o el cierre."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Antes: %(date)s", date=f"{before:%d/%m/%Y}"),
        _("Ahora: %(date)s", date=f"{after:%d/%m/%Y}"),
        "",
        _("Con su folio y su clave puede ver, día por día, cómo se contó."),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind="due_moved",
        unique_key=f"due_moved:{submission.folio}:{after.isoformat()}",
        about=submission.folio,
        subject=_("Se movió la fecha de respuesta de su folio %(folio)s", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email,
    )


def tray_moved_notice(*, post: Post, address: str, version: str) -> Message:
    """Return the mail that tells a unit, once per calendar, that dates of its tray moved."""
    body = [
        post.title,
        "",
        _("Cambió el calendario: se movieron fechas límite de turnos de su unidad."),
        _("Su bandeja ya muestra las nuevas, y cada una guarda la anterior y su razón."),
        "",
        post.unit.agency.government.name,
    ]
    return Message(
        kind="tray_moved",
        unique_key=f"tray_moved:{post.id}:{version}:{address}"[:200],
        about=post.key,
        subject=_("Se movieron fechas límite de su bandeja"),
        body="\n".join(body),
        address=address,
    )


def claim_notice(claim: DisowningClaim) -> Message:
    """Return the mail that tells who said that she did not send something what was decided."""
    folio = claim.submission.folio
    accepted = claim.state == ClaimState.ACCEPTED
    lines = [
        _("Se anotó que usted no envió el comentario con folio %(folio)s: ya no lleva su nombre.", folio=folio)
        if accepted
        else _("El comentario con folio %(folio)s se queda como está.", folio=folio),
        "",
        _("Razones: %(reason)s", reason=claim.reason),
        "",
        claim.submission.topic.window.government.name,
    ]
    return Message(
        kind="claim",
        unique_key=f"claim:{claim.id}",
        about=folio,
        subject=_("Sobre su aviso del folio %(folio)s", folio=folio),
        body="\n".join(lines),
        address=claim.email,
    )


def _answer_lines(answer: Answer) -> list[str]:
    lines = [_("Responde: %(unit)s", unit=answer.unit.name), "", answer.text, ""]
    return [*lines, _("Los datos: %(address)s", address=answer.dataset_url), ""] if answer.dataset_url else lines
