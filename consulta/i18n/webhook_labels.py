"""The official term of each value of notices to programs. Pure."""

from consulta.i18n.text import N_

WEBHOOKS: dict[str, dict[str, str]] = {
    "webhook_state": {
        "pending": N_("Por comprobar"),
        "active": N_("Activo"),
        "paused": N_("En pausa"),
        "suspended": N_("Suspendido"),
    },
    "suspension_cause": {
        "failing": N_("No aceptó un aviso en unos tres días de intentos."),
        "gone": N_("Respondió que ya no existe (410)."),
    },
    "webhook_delivery_state": {
        "waiting": N_("En espera"),
        "delivered": N_("Entregado"),
        "failed": N_("Sin entregar"),
    },
    "webhook_event": {
        "window.opened": N_("Se abrió una consulta"),
        "window.extended": N_("Se movió un cierre"),
        "window.closed": N_("Cerró una consulta"),
        "window.annulled": N_("Se anuló una consulta"),
        "window.concluded": N_("Concluyó una consulta"),
        "document.published": N_("Se publicó una versión de un documento"),
        "comment.published": N_("Se publicó un comentario"),
        "answer.published": N_("Se publicó o corrigió una respuesta"),
        "ping": N_("Prueba"),
    },
}
