"""Which columns the record commits to, and why the others are left out. A test holds the list complete.

A column is committed when changing it shows in `consulta bitacora verify`: the content of its act is built from it
(`openers`), or it is compared with what the acts of its folio or window say (`rows`).
"""

from collections.abc import Mapping

LINK = "número interno de otra fila: lo público es su clave, que sí se asienta"
NUMBER = "número interno de la fila"
DERIVED = "se calcula de otras columnas asentadas"
COUNTED = "contador: se rehace"

COMMITTED: Mapping[str, tuple[str, ...]] = {
    "leaves": ("id", "kind", "public_id", "at", "commitment", "sequence"),
    "openings": ("leaf_id", "salt", "content"),
    "record_tiles": ("level", "position", "hashes"),
    "checkpoints": ("id", "size", "root", "note", "at"),
    "seal_keys": ("public", "from_at", "until_at", "end_reason", "handover", "signed"),
    "submissions": (
        *("folio", "topic_id", "kind", "state", "timeliness", "channel", "text", "behalf", "author_name"),
        *("name_is_public", "text_consent", "organization", "representative", "representative_post"),
        *("notice_version", "files", "received_at", "recorded_at", "closes_at_seen", "captured_by_post_id"),
        *("evidence", "reviewed_at", "reviewed_by_post_id", "withheld_reason", "reserved", "names_official"),
        *("seen_documents", "article", "says", "should_say", "language", "committed_form", "admission"),
        *("late_decision", "late_reason", "late_decided_at", "late_decided_by_post_id", "standing"),
        *("standing_at", "standing_reason", "is_hidden", "received_topic_id"),
    ),
    "referrals": (
        *("unit_id", "state", "referred_at", "referred_by_post_id", "due_at", "returned_at", "return_reason"),
        *("answer_id", "answered_at", "part_id", "ended_at", "end_cause"),
    ),
    "answers": (
        *("state", "disposition", "text", "submitted_at", "signed_at", "signed_by_post_id", "published_at"),
        *("published_by_post_id", "corrected_at", "dataset_url"),
    ),
    "answer_versions": ("answer_id", "disposition", "text", "dataset_url", "post_id", "at"),
    "moderations": ("submission_id", "act", "ground", "note", "post_id", "at"),
    "windows": (
        *("slug", "title", "instrument_key", "summary", "decides", "afterwards", "state", "opens_at", "closes_at"),
        *("derivation", "opening_answers", "concluded_at", "annulled_at", "entries_due_on"),
    ),
    "topics": ("window_id", "number", "title", "summary", "sheet", "details", "unit_id"),
    "attachments": ("submission_id", "number", "filename", "size", "sha256"),
    "submission_places": ("submission_id", "latitude", "longitude", "address", "address_key"),
    "disowning_claims": (
        *("submission_id", "state", "name", "text", "hides", "filed_at", "decided_at", "decided_by_post_id", "reason"),
    ),
    "appeals": ("submission_id", "moderation_id", "text", "filed_at"),
}

EXCLUDED: Mapping[str, Mapping[str, str]] = {
    "seal_keys": {"id": NUMBER},
    "submissions": {
        "id": NUMBER,
        "email": "dato de contacto: se corrige o cancela a petición de la persona",
        "phone": "dato de contacto: se corrige o cancela a petición de la persona",
        "nonce_hash": "solo evita que un formulario se reciba dos veces",
        "key_hash": "secreto de la persona: asentarlo lo ataría a su folio para siempre",
        "holder_id": LINK,
        "is_answered": DERIVED,
        "is_admitted": DERIVED,
        "is_traced": DERIVED,
        "clock_id": LINK,
        "purged_at": "lo dice el acto submission.purged",
        "published_name": "lo dice el acto data_rights.carried_out, sin el nombre: la bitácora no nombra personas",
        "contact_blocked_at": "lo dice el acto data_rights.carried_out",
        "redactions": "dice lo que no debe mostrarse: se asienta cuántos pasajes son, y eso se compara",
    },
    "referrals": {"id": NUMBER, "submission_id": LINK, "clock_id": LINK},
    "answers": {
        "id": NUMBER,
        "unit_id": DERIVED,
        "drafted_at": "la redacción es interna: se asienta desde que se manda a firma",
        "drafted_by_post_id": "la redacción es interna: se asienta desde que se manda a firma",
        "drafted_by_person_id": "la bitácora nombra cargos, nunca personas",
        "sent_back_reason": "la redacción es interna: se asienta desde que se manda a firma",
        "self_signed": DERIVED,
    },
    "answer_versions": {"id": NUMBER, "number": DERIVED, "reason": "acompaña a la versión; lo que cambia es su texto"},
    "moderations": {
        "id": NUMBER,
        "passages": "dice lo que no debe mostrarse: se asienta cuántos pasajes son, y eso se compara",
        "person_id": "la bitácora nombra cargos, nunca personas",
        "is_on_time": DERIVED,
    },
    "windows": {
        "id": NUMBER,
        "government_id": LINK,
        "created_at": "hora de un borrador",
        "updated_at": "solo sirve a la memoria de los navegadores",
        "clock_id": LINK,
        "capture_post_id": LINK,
        "questions": "lo dice el acto window.questions_chosen",
    },
    "topics": {
        "id": NUMBER,
        "source_key": "clave del archivo del que se importó",
        "docket_id": "lo dice el acto docket.topic_filed",
    },
    "attachments": {
        "id": NUMBER,
        "media_type": DERIVED,
        "original_key": "dónde está el archivo: lo que dice se prueba con su huella",
        "public_key": "dónde está la copia sin metadatos",
    },
    "submission_places": {"id": NUMBER},
    "disowning_claims": {"id": NUMBER, "email": "dato de contacto: se cancela a petición de la persona"},
    "appeals": {
        "id": NUMBER,
        "state": "lo dice el acto appeal.decided",
        "clock_id": LINK,
        "decided_at": "lo dice el acto appeal.decided",
        "decided_by_post_id": "lo dice el acto appeal.decided",
        "reason": "lo dice el acto appeal.decided",
    },
}

ACT_KEEPS = "cada acto sobre ella guarda en su apertura todo lo que asienta: la fila es una copia para consultarla"
ACCESS = "cuentas y accesos: cambian sin que cambie nada público, y nombran personas"
QUEUE = "trabajo pendiente o avisos: se borra o se rehace"
RULES = "reglas y calendarios: sus archivos y decretos son públicos, y cada fecha guarda su cómputo"
PEOPLE = "demografía: por diseño nada la ata a un acto"
DERIVED_TABLE = "se rehace desde lo asentado"

EXCLUDED_TABLES: Mapping[str, str] = {
    "cosignatures": "las firma cada testigo: quitarlas o cambiarlas se nota con sus propias copias",
    "receipt_checks": COUNTED,
    "agencies": ACT_KEEPS,
    "governments": ACT_KEEPS,
    "units": ACT_KEEPS,
    "posts": ACT_KEEPS,
    "tenures": ACT_KEEPS,
    "privacy_notices": ACT_KEEPS,
    "dockets": ACT_KEEPS,
    "successions": ACT_KEEPS,
    "carryings": ACT_KEEPS,
    "hand_overs": ACT_KEEPS,
    "people_releases": "el acto people.released guarda la huella de lo publicado",
    "parts": ACT_KEEPS,
    "extensions": ACT_KEEPS,
    "date_changes": ACT_KEEPS,
    "decrees": ACT_KEEPS,
    "decree_ranges": ACT_KEEPS,
    "entries": ACT_KEEPS,
    "documents": ACT_KEEPS,
    "document_versions": ACT_KEEPS,
    "closing_papers": ACT_KEEPS,
    "paper_wordings": ACT_KEEPS,
    "disposals": ACT_KEEPS,
    "documentary_series": ACT_KEEPS,
    "series_assignments": ACT_KEEPS,
    "data_rights_requests": "cada acto asienta qué derecho, qué se resolvió y la huella de lo escrito: a nadie nombra",
    "disposed_submissions": "el acto submission.purged de cada folio lo dice",
    "legal_holds": ACT_KEEPS,
    "improvement_projects": ACT_KEEPS,
    "administrative_actions": ACT_KEEPS,
    "project_submissions": ACT_KEEPS,
    "campaigns": ACT_KEEPS,
    "nothing_to_propose": ACT_KEEPS,
    "instruments": RULES,
    "clocks": RULES,
    "clock_events": RULES,
    "derivations": RULES,
    "persons": ACCESS,
    "account_links": ACCESS,
    "staff_sessions": ACCESS,
    "api_tokens": ACCESS,
    "api_acts": ACCESS,
    "jobs": QUEUE,
    "notices": QUEUE,
    "reminders": QUEUE,
    "happenings": DERIVED_TABLE,
    "following_progress": DERIVED_TABLE,
    "subscriptions": "direcciones que pidieron avisos: dejarlos las borra, y nada público las nombra",
    "subscription_asks": QUEUE,
    "departures": COUNTED,
    "webhooks": ACT_KEEPS + "; el secreto y la dirección entera no se asientan",
    "webhook_deliveries": QUEUE,
    "waiting_files": QUEUE,
    "heartbeats": QUEUE,
    "outages": "se mide de los latidos del servicio",
    "answer_wordings": "borradores: se asienta desde que se manda a firma",
    "boilerplates": "textos de oficina que se copian: se asienta la respuesta",
    "counter_deltas": COUNTED,
    "topic_counters": COUNTED,
    "demographics": PEOPLE,
    "demographics_buffer": PEOPLE,
    "campaign_members": DERIVED_TABLE,
    "search_documents": DERIVED_TABLE,
    "search_words": DERIVED_TABLE,
    "search_progress": DERIVED_TABLE,
}
