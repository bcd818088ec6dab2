"""Messages of review and of appeals."""

from consulta.i18n.text import _
from consulta.moderation.grounds import load_grounds
from consulta.moderation.models import Appeal, Moderation
from consulta.moderation.states import AppealState, ModerationAct
from consulta.notices import Message


def moderation_notice(act: Moderation) -> Message:
    """Return the notice that a text, or part of it, is not shown: on which ground, and how to appeal."""
    submission, ground = act.submission, load_grounds()[act.ground]
    lines = [
        _("Su comentario se publica sin algunos pasajes.")
        if act.act == ModerationAct.REDACTED
        else _("El texto de su comentario no se publica. Se conserva completo, cuenta y se le responde igual."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Causa: %(title)s (%(citation)s)", title=ground.title, citation=ground.citation),
        *([_("Motivo: %(reason)s", reason=act.note)] if act.note else []),
        "",
        _("Si no está de acuerdo puede impugnarlo: lo decide otra persona. En Seguimiento, con su folio y su clave."),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind="moderation",
        unique_key=f"moderation:{act.id}",
        about=submission.folio,
        subject=_("Sobre la publicación de su folio %(folio)s", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email or None,
    )


def appeal_notice(appeal: Appeal) -> Message:
    """Return the notice of what was decided of an appeal."""
    submission = appeal.submission
    lines = [
        _("Se resolvió su impugnación: su texto ya se muestra.")
        if appeal.state == AppealState.OVERTURNED
        else _("Se resolvió su impugnación: se confirmó lo decidido."),
        "",
        _("Folio: %(folio)s", folio=submission.folio),
        _("Razones: %(reason)s", reason=appeal.reason),
        "",
        submission.topic.window.government.name,
    ]
    return Message(
        kind="appeal",
        unique_key=f"appeal:{appeal.id}",
        about=submission.folio,
        subject=_("Sobre su impugnación, folio %(folio)s", folio=submission.folio),
        body="\n".join(lines),
        address=submission.email or None,
    )
