"""The official terms of archives, of requests about personal data and of checking a receipt. Pure."""

from consulta.i18n.text import N_

ARCHIVE_LABELS: dict[str, dict[str, str]] = {
    "disposal_state": {
        "proposed": N_("Propuesta"),
        "authorised": N_("Autorizada, en curso"),
        "rejected": N_("Rechazada"),
        "done": N_("Hecha"),
    },
    "final_destination": {
        "disposal": N_("Baja documental"),
        "sampling": N_("Se conserva una muestra"),
        "permanent": N_("Conservación permanente (archivo histórico)"),
    },
    "data_rights_kind": {
        "access": N_("Acceso"),
        "rectification": N_("Rectificación"),
        "cancellation": N_("Cancelación"),
        "opposition": N_("Oposición"),
    },
    "data_rights_state": {
        "filed": N_("Por responder"),
        "extended": N_("Por responder, con plazo ampliado"),
        "accepted": N_("Procede: falta hacerlo"),
        "denied": N_("No procede"),
        "carried_out": N_("Procede: hecho"),
    },
    "skip_cause": {"held": N_("Se conserva por orden"), "pending": N_("Falta terminarlo")},
    "receipt_finding": {
        "changed": N_("El acuse cambió después de sellarse"),
        "other_record": N_("El acuse es de otro gobierno"),
        "unknown_key": N_("Lo selló una clave que esta bitácora no conoce"),
        "key_not_in_force": N_("La clave que lo selló ya no valía en esa fecha"),
        "content_changed": N_("El contenido del acuse no es el que se recibió"),
        "rewritten": N_("La historia de la bitácora no es la de su acuse"),
    },
    "receipt_advice": {
        "changed": N_(
            "Su sello no vale: basta un carácter. Suba el archivo original, sin editarlo ni copiarlo a otro programa."
        ),
        "other_record": N_("Verifíquelo en el sitio que lo dio:"),
        "unknown_key": N_(
            "Puede ser un acuse falso, o de una clave más nueva que esta copia. Compare la clave con la que publica "
            "el gobierno."
        ),
        "key_not_in_force": N_("El acuse dice una fecha en que esa clave estaba retirada. No lo dé por bueno."),
        "content_changed": N_("El sello es auténtico, pero alguien cambió el texto o la sal del archivo."),
        "rewritten": N_(
            "El acuse es auténtico y trae un punto de control firmado que ya no es el principio de esta bitácora. "
            "Guárdelo y avise: prueba que la historia se rehízo."
        ),
    },
}
