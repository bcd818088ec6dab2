"""Messages of windows."""

from consulta.i18n.text import _
from consulta.notices import Message
from consulta.windows.models import Window


def moved_notice(window: Window, before: str, after: str, address: str | None = None) -> Message:
    """Return the notice that a calendar moved a closing: on the notice board, and by mail to who coordinates."""
    body = [
        _("Cambió el calendario de días inhábiles y con él el cierre de una consulta."),
        "",
        _("Consulta: %(title)s", title=window.title),
        _("Cerraba: %(when)s", when=before),
        _("Cierra: %(when)s", when=after),
        "",
        _("La página de la consulta muestra, día por día, cómo se contó."),
        "",
        window.government.name,
    ]
    return Message(
        kind="window_moved",
        unique_key=f"window_moved:{window.slug}:{after}:{address or ''}"[:200],
        about=window.slug,
        subject=_("Se movió el cierre de «%(title)s»", title=window.title),
        body="\n".join(body),
        address=address,
    )
