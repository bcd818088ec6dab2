"""The official Spanish term of each value, for pages, mails and exports. Pure."""

LABELS: dict[str, dict[str, str]] = {
    "role": {
        "respondent": "Enlace: responde",
        "approver": "Firma respuestas",
        "moderator": "Revisa comentarios",
        "operator": "Captura en ventanilla",
        "coordinator": "Coordina consultas",
        "control": "Órgano interno de control",
        "committee": "Comité",
        "transparency": "Unidad de transparencia",
        "auditor": "Auditoría",
        "administrator": "Administración",
    },
    "window_status": {
        "draft": "En preparación",
        "upcoming": "Próxima",
        "open": "Abierta",
        "closed": "Cerrada, en respuesta",
        "concluded": "Concluida",
    },
    "kind": {
        "comment": "Comentario",
        "proposal": "Propuesta",
        "petition": "Petición",
        "service_request": "Solicitud de servicio",
        "suggestion": "Sugerencia",
        "praise": "Felicitación",
        "data_request": "Solicitud de datos abiertos",
        "complaint": "Queja",
        "report": "Denuncia",
    },
    "channel": {
        "web": "Internet",
        "counter": "Ventanilla",
        "phone": "Teléfono",
        "paper": "Escrito en papel",
        "mail": "Correo",
        "messaging": "Mensajería",
    },
    "submission_state": {"received": "En revisión", "published": "Publicado", "withheld": "No publicado"},
    "timeliness": {"on_time": "En plazo", "late": "Recibida fuera de plazo (extemporánea)"},
    "referral_state": {"referred": "Por responder", "returned": "Devuelto", "answered": "Respondido"},
    "answer_state": {
        "draft": "Borrador",
        "submitted": "En firma",
        "signed_off": "Firmada, por publicar",
        "published": "Publicada",
    },
    "disposition": {
        "adopted": "Procedente",
        "partly_adopted": "Parcialmente procedente",
        "not_adopted": "No procedente",
        "already_covered": "Ya prevista",
        "out_of_scope": "Fuera del objeto",
        "noted": "Se toma conocimiento",
    },
    "disposition_meaning": {
        "adopted": "Se adopta lo que pide; diga qué cambia.",
        "partly_adopted": "Se adopta una parte; diga cuál y por qué no el resto.",
        "not_adopted": "No se adopta; diga por qué. Es una respuesta completa.",
        "already_covered": "Ya está en el texto o en otra norma; diga dónde.",
        "out_of_scope": "No corresponde a este asunto; diga a quién sí.",
        "noted": "Solo para felicitaciones y comentarios sin propuesta.",
    },
    "sex": {"woman": "Mujer", "man": "Hombre", "declined": "Prefiero no responder"},
    "age_group": {
        "0-17": "Menos de 18 años",
        "18-29": "18 a 29 años",
        "30-44": "30 a 44 años",
        "45-59": "45 a 59 años",
        "60+": "60 años o más",
        "declined": "Prefiero no responder",
    },
    "behalf": {"self": "A nombre propio", "organization": "Por una organización"},
    "account_state": {"invited": "Invitada", "active": "Activa", "suspended": "Suspendida"},
    "scope": {"desk": "bandeja", "coordination": "coordinación", "capture": "captura", "read": "lectura"},
    "day_unit": {"business_day": "días hábiles", "calendar_day": "días naturales"},
}


def label(group: str, value: str) -> str:
    """Return the term of a value; the value itself when the table lacks it."""
    return LABELS[group].get(value, value)
