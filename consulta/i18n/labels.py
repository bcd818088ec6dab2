"""The official term of each value, for pages, mails and exports. Pure."""

from consulta.i18n.archive_labels import ARCHIVE_LABELS
from consulta.i18n.people_labels import COLUMN_TYPES, PEOPLE, REACH
from consulta.i18n.text import N_, _
from consulta.i18n.webhook_labels import WEBHOOKS

LABELS: dict[str, dict[str, str]] = {
    **ARCHIVE_LABELS,
    **PEOPLE,
    **WEBHOOKS,
    "reach": REACH,
    "column_type": COLUMN_TYPES,
    "role": {
        "respondent": N_("Enlace: responde"),
        "approver": N_("Firma respuestas"),
        "moderator": N_("Revisa comentarios"),
        "operator": N_("Captura en ventanilla"),
        "coordinator": N_("Coordina consultas"),
        "control": N_("Órgano interno de control"),
        "committee": N_("Comité"),
        "transparency": N_("Unidad de transparencia"),
        "auditor": N_("Auditoría"),
        "administrator": N_("Administración"),
    },
    "window_status": {
        "draft": N_("En preparación"),
        "upcoming": N_("Próxima"),
        "open": N_("Abierta"),
        "closed": N_("Cerrada, en respuesta"),
        "concluded": N_("Concluida"),
        "annulled": N_("Anulada"),
    },
    "decree_state": {"draft": N_("Borrador"), "published": N_("Publicado"), "replaced": N_("Sustituido")},
    "decree_kind": {
        "holiday": N_("Inhábil"),
        "vacation": N_("Vacaciones"),
        "suspension": N_("Suspensión de plazos"),
        "enabled_day": N_("Habilitado (sí cuenta)"),
    },
    "move_reason": {
        "cambió el calendario": N_("cambió el calendario"),
        "cambió el cierre": N_("cambió el cierre de la consulta"),
    },
    "clock_event": {
        "start": N_("Comenzó"),
        "suspend": N_("Se suspendió"),
        "resume": N_("Se reanudó"),
        "restart": N_("Comenzó de nuevo"),
        "extend": N_("Se amplió"),
        "recalendar": N_("Cambió el calendario"),
        "met": N_("Terminó"),
        "missed": N_("Venció sin cumplirse"),
    },
    "date_change_kind": {"shorten": N_("Acortar el plazo"), "annul": N_("Anular la consulta")},
    "date_change_state": {
        "proposed": N_("Espera que otra persona decida"),
        "approved": N_("Aprobada"),
        "rejected": N_("Rechazada"),
        "withdrawn": N_("Retirada"),
    },
    "admission": {
        "in_time": N_("En plazo"),
        "sealed_in_time": N_("Sellado en plazo y capturado después del cierre"),
        "slow_line": N_("En plazo: su formulario se abrió antes del cierre y tardó en llegar"),
        "late": N_("Fuera de plazo"),
        "late_capture": N_("Sellado en plazo, capturado demasiado tarde"),
    },
    "late_decision": {"admitted": N_("Admitida por la coordinación"), "declined": N_("No admitida")},
    "entry_state": {
        "draft": N_("Borrador"),
        "submitted": N_("Entregada"),
        "observed": N_("Por corregir"),
        "accepted": N_("Aceptada"),
        "withdrawn": N_("Retirada"),
    },
    "delivery_state": {
        "missing": N_("No ha entregado"),
        "preparing": N_("Tiene borradores sin entregar"),
        "to_correct": N_("Debe corregir"),
        "delivered": N_("Entregó"),
        "nothing": N_("Dijo que no tiene propuestas"),
    },
    "kind": {
        "comment": N_("Comentario"),
        "proposal": N_("Propuesta"),
        "petition": N_("Petición"),
        "service_request": N_("Solicitud de servicio"),
        "suggestion": N_("Sugerencia"),
        "praise": N_("Felicitación"),
        "data_request": N_("Solicitud de datos abiertos"),
        "complaint": N_("Queja"),
        "report": N_("Denuncia"),
    },
    "channel": {
        "web": N_("Internet"),
        "counter": N_("Ventanilla"),
        "phone": N_("Teléfono"),
        "paper": N_("Escrito en papel"),
        "mail": N_("Correo"),
        "messaging": N_("Mensajería"),
    },
    "submission_state": {"received": N_("En revisión"), "published": N_("Publicado"), "withheld": N_("No publicado")},
    "timeliness": {"on_time": N_("En plazo"), "late": N_("Recibida fuera de plazo (extemporánea)")},
    "referral_state": {
        "referred": N_("Por responder"),
        "returned": N_("Devuelto"),
        "answered": N_("Respondido"),
        "ended": N_("Cerrado sin respuesta propia"),
    },
    "end_cause": {
        "split": N_("se dividió en partes"),
        "joined": N_("se juntaron sus partes"),
        "withdrawn": N_("su autora o autor lo retiró"),
        "disowned": N_("se desconoció"),
        "carried": N_("se trasladó con el expediente"),
    },
    "campaign_state": {
        "proposed": N_("Propuesto por el sistema"),
        "confirmed": N_("Confirmado"),
        "broken": N_("Deshecho"),
    },
    "standing": {
        "stands": N_("Vigente"),
        "withdrawn": N_("Retirado por su autora o autor"),
        "disowned": N_("Desconocido por quien aparece como su autora o autor"),
    },
    "project_kind": {
        "regulation": N_("Regulación"),
        "procedure": N_("Trámite"),
        "service": N_("Servicio"),
    },
    "project_state": {
        "proposed": N_("Propuesto"),
        "committed": N_("Comprometido"),
        "in_progress": N_("En marcha"),
        "done": N_("Terminado"),
        "dropped": N_("Descartado"),
    },
    "action_state": {
        "planned": N_("Programada"),
        "in_progress": N_("En marcha"),
        "done": N_("Hecha"),
        "not_done": N_("No se hizo"),
    },
    # What was done with a folio, as its leaves say; what an office does within itself is told as such.
    "act": {
        "submission.received": N_("Se recibió"),
        "submission.referred": N_("Se turnó"),
        "submission.published": N_("Su texto se publicó"),
        "submission.redacted": N_("Se publicó sin algunos pasajes"),
        "submission.withheld": N_("Su texto no se publica"),
        "submission.purged": N_("Se dio de baja, con autorización"),
        "hold.placed": N_("Se ordenó conservarlo"),
        "hold.lifted": N_("Ya no se ordena conservarlo"),
        "submission.restored": N_("Su texto se volvió a mostrar completo"),
        "submission.reserved": N_("Lo lee solo el órgano interno de control"),
        "submission.late_decided": N_("Se decidió si lo tardío se admite"),
        "submission.handed_over": N_("Se entregó a otro gobierno"),
        "submission.carried": N_("Se trasladó con el expediente"),
        "submission.split": N_("Se dividió en partes"),
        "submission.joined": N_("Se juntaron sus partes"),
        "submission.withdrawn": N_("Su autora o autor lo retiró"),
        "submission.disowned": N_("Se desconoció"),
        "referral.returned": N_("Una unidad lo devolvió"),
        "referral.ended": N_("Un turno se cerró sin respuesta propia"),
        "referral.due_moved": N_("Se movió la fecha para responder"),
        "answer.submitted": N_("Acto interno de la oficina"),
        "answer.sent_back": N_("Acto interno de la oficina"),
        "answer.recalled": N_("Acto interno de la oficina"),
        "answer.signed_off": N_("La respuesta se firmó"),
        "answer.published": N_("La respuesta se publicó"),
        "answer.corrected": N_("La respuesta se corrigió"),
        "appeal.filed": N_("Se impugnó que no se muestre"),
        "appeal.decided": N_("Se resolvió la impugnación"),
        "data_rights.filed": N_("Se pidió ejercer un derecho sobre datos personales"),
        "data_rights.extended": N_("Se amplió el plazo para responder sobre datos personales"),
        "data_rights.accepted": N_("Procedió una solicitud sobre datos personales"),
        "data_rights.denied": N_("No procedió una solicitud sobre datos personales"),
        "data_rights.carried_out": N_("Se hizo lo pedido sobre datos personales"),
        "claim.filed": N_("Alguien dijo que no lo envió"),
        "claim.decided": N_("Se decidió si lo envió quien aparece"),
    },
    "pace": {
        "immediate": N_("Cuando pase algo"),
        "daily": N_("Un correo al día, a las 8 de la mañana"),
    },
    "paper_kind": {
        "minutes": N_("Acta de cierre"),
        "letter": N_("Oficio"),
        "no_comments": N_("Constancia de que no hubo comentarios"),
        "feedback": N_("Devolución de resultados"),
    },
    "succession": {
        "refiled": N_("nuevo ingreso del mismo texto"),
        "split": N_("parte de un texto que se dividió"),
        "merged": N_("reúne varios textos"),
    },
    "answer_state": {
        "draft": N_("Borrador"),
        "submitted": N_("En firma"),
        "signed_off": N_("Firmada, por publicar"),
        "published": N_("Publicada"),
    },
    "disposition": {
        "adopted": N_("Procedente"),
        "partly_adopted": N_("Parcialmente procedente"),
        "not_adopted": N_("No procedente"),
        "already_covered": N_("Ya prevista"),
        "out_of_scope": N_("Fuera del objeto"),
        "noted": N_("Se toma conocimiento"),
    },
    "disposition_meaning": {
        "adopted": N_("Se adopta lo que pide; diga qué cambia."),
        "partly_adopted": N_("Se adopta una parte; diga cuál y por qué no el resto."),
        "not_adopted": N_("No se adopta; diga por qué. Es una respuesta completa."),
        "already_covered": N_("Ya está en el texto o en otra norma; diga dónde."),
        "out_of_scope": N_("No corresponde a este asunto; diga a quién sí."),
        "noted": N_("Solo para felicitaciones y comentarios sin propuesta."),
    },
    "behalf": {"self": N_("A nombre propio"), "organization": N_("Por una organización")},
    "account_state": {"invited": N_("Invitada"), "active": N_("Activa"), "suspended": N_("Suspendida")},
    "scope": {
        "desk": N_("bandeja"),
        "coordination": N_("coordinación"),
        "capture": N_("captura"),
        "read": N_("lectura"),
    },
    # What a passage looks like; the names of keys that only Mexico has stay as they are.
    "personal_data_kind": {
        "curp": "CURP",
        "rfc": "RFC",
        "voter_key": N_("clave de elector"),
        "social_security": N_("número de seguridad social"),
        "passport": N_("pasaporte"),
        "card_or_account": N_("tarjeta o cuenta"),
        "phone": N_("teléfono"),
        "email": N_("correo electrónico"),
        "address": N_("domicilio"),
    },
    "day_unit": {"business_day": N_("días hábiles"), "calendar_day": N_("días naturales")},
    # Why a day does not count, as a derivation keeps it; the names of holidays stay as the law gives them.
    # The laws that citations name by their initials.
    "law": {
        "LNETB": N_("Ley Nacional para Eliminar Trámites Burocráticos"),
        "LGMR": N_("Ley General de Mejora Regulatoria"),
        "LFPA": N_("Ley Federal de Procedimiento Administrativo"),
        "LFT": N_("Ley Federal del Trabajo"),
        "LGPDPPSO": N_("Ley General de Protección de Datos Personales en Posesión de Sujetos Obligados"),
    },
    "day_reason": {
        "sábado": N_("sábado"),
        "domingo": N_("domingo"),
        "el último día del plazo fue inhábil: vence el siguiente día hábil": N_(
            "el último día del plazo fue inhábil: vence el siguiente día hábil"
        ),
    },
}


def label(group: str, value: str) -> str:
    """Return the term of a value in the language in force; the value itself when the table lacks it."""
    found = LABELS[group].get(value)
    return value if found is None else _(found)


def official(group: str, value: str) -> str:
    """Return the Spanish term of a value, for what is kept or published as data, whoever asks for it."""
    return LABELS[group].get(value, value)
