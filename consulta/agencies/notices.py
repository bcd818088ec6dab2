"""Messages of appointments."""

from consulta.agencies.models import Tenure
from consulta.i18n.text import _
from consulta.notices import Message


def appointment_notice(tenure: Tenure, government: str, link: str) -> Message:
    """Return the mail that tells a person who has an account already of another post."""
    body = [
        f"{tenure.person.name}:",
        "",
        _("%(government)s le dio el cargo «%(title)s».", government=government, title=tenure.post.title),
        _("Entre con la cuenta y la contraseña que ya tiene:"),
        "",
        link,
        "",
        _("Si no esperaba este correo, dígalo a quien administra la plataforma en ese gobierno."),
    ]
    return Message(
        kind="appointment",
        unique_key=f"appointment:{tenure.id}",
        about=f"account:{tenure.person_id}",
        subject=_("Tiene un cargo en la plataforma de consultas"),
        body="\n".join(body),
        address=tenure.person.email,
    )
