"""Messages of accounts."""

from datetime import datetime

from consulta.accounts.models import Person
from consulta.i18n.text import _
from consulta.notices import Message


def invitation_notice(person: Person, link: str, government: str, now: datetime) -> Message:
    """Return the mail with which a person chooses her password."""
    body = [
        f"{person.name}:",
        "",
        _("%(government)s le abrió una cuenta en su plataforma de consultas.", government=government),
        _("Para elegir su contraseña, abra este enlace en los próximos 7 días:"),
        "",
        link,
        "",
        _("Si no esperaba este correo, no haga nada: sin el enlace nadie puede entrar."),
    ]
    return _message(person, "invitation", _("Su cuenta en la plataforma de consultas"), body, now)


def reset_notice(person: Person, link: str, now: datetime) -> Message:
    """Return the mail with which a person chooses a new password."""
    body = [
        f"{person.name}:",
        "",
        _("Alguien, seguramente usted, pidió cambiar su contraseña. Abra este enlace en las próximas 2 horas:"),
        "",
        link,
        "",
        _("Si no lo pidió, no haga nada: su contraseña sigue igual."),
    ]
    return _message(person, "reset", _("Cambie su contraseña"), body, now)


def _message(person: Person, kind: str, subject: str, body: list[str], now: datetime) -> Message:
    return Message(
        kind=kind,
        unique_key=f"{kind}:{person.id}:{now.isoformat()}",
        about=f"account:{person.id}",
        subject=subject,
        body="\n".join(body),
        address=person.email,
    )
