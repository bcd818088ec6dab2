"""Mails to the owners of an address that is told nothing any more."""

from consulta.hooks.models import Webhook
from consulta.hooks.states import SuspensionCause
from consulta.i18n.text import _
from consulta.notices import Message

PAGE = "/coordinacion/avisos-a-programas"


def suspended_notice(webhook: Webhook, *, address: str, number: int, public_url: str) -> Message:
    """Return the mail that says that an address was suspended, and why. It has nothing of the address but its label."""
    assert webhook.suspended_at is not None
    reasons = {
        SuspensionCause.FAILING: _("No aceptó un aviso en unos tres días de intentos."),
        SuspensionCause.GONE: _("Respondió que ya no existe (410)."),
    }
    body = [
        _("Dejamos de enviar avisos al programa «%(label)s».", label=webhook.label),
        "",
        reasons[SuspensionCause(str(webhook.suspension_cause))],
        _("Lo que pase mientras tanto no se le enviará después: léalo por la API."),
        "",
        _("Cuando esté arreglado, reanúdelo aquí:"),
        f"{public_url}{PAGE}",
        "",
        webhook.government.name,
    ]
    return Message(
        kind="webhook_suspended",
        unique_key=f"webhook_suspended:{webhook.key}:{webhook.suspended_at.isoformat()}:{number}",
        about=f"webhook:{webhook.key}",
        subject=_("Se suspendieron los avisos a un programa"),
        body="\n".join(body),
        address=address,
    )
