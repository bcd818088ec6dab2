"""What is kept about a submission, written for a person to take with her: JSON and plain text."""

import json
from typing import Any

from consulta.archives.held import Held, as_json
from consulta.archives.terms import Retention
from consulta.i18n.labels import label
from consulta.i18n.text import _
from consulta.web.filters import long_date, moment


def held_json(held: Held, zone: str) -> dict[str, Any]:
    """Return it as JSON types, with the name of each column."""
    return {
        "folio": held.folio,
        "fields": [
            {"name": item.name, "title": item.title, "value": item.value, "reading": item.reading}
            for item in held.fields
        ],
        "kept_inside": list(held.inside),
        "shared_with": list(held.shared),
        "retention": {
            "series": held.retention.series.code if held.retention.series else None,
            "title": held.retention.series.title if held.retention.series else None,
            "ends_on": as_json(held.retention.ends_on),
            "disposal_from": as_json(held.retention.disposal_from),
            "reading": term_sentence(held.retention),
        },
        "messages": [
            {"kind": item.kind, "means": item.means, "address": item.address, "at": as_json(item.created_at)}
            for item in held.messages
        ],
        "requests": [
            {
                **{name: getattr(item, name) for name in ("kind", "state", "text", "extension_reason", "reason")},
                **{name: getattr(item, name) for name in ("new_email", "new_phone", "new_name", "effect_note")},
                **{name: as_json(getattr(item, name)) for name in ("filed_at", "decided_at", "carried_out_at")},
            }
            for item in held.requests
        ],
        "around": [{"title": item.title, "at": as_json(item.at), "text": item.text} for item in held.around],
        "acts": [{"kind": kind, "at": as_json(at)} for kind, at in held.acts],
        "not_linked": held.not_linked,
        "timezone": zone,
    }


def held_text(held: Held, zone: str) -> str:
    """Return it as lines that a person can read."""
    lines = [
        _("Lo que Consulta guarda de usted: folio %(folio)s", folio=held.folio),
        "",
        *(f"{item.title}: {item.reading or _('nada')}" for item in held.fields),
        "",
        _("Además se guarda: %(items)s.", items="; ".join(held.inside)),
        "",
        _("Quién lo tiene"),
        *(f"- {item}" for item in held.shared),
        "",
        _("Hasta cuándo se conserva"),
        term_sentence(held.retention),
        "",
        _("Avisos que se le enviaron"),
        *(
            f"- {moment(item.created_at, zone)}: {item.subject}{f' ({item.address})' if item.address else ''}"
            for item in held.messages
        ),
        "",
        _("Solicitudes sobre sus datos"),
        *(_request_line(item, zone) for item in held.requests),
        "",
        _("Lo que se escribió sobre él, y lo que usted escribió después"),
        *(
            f"- {item.title}{f', {moment(item.at, zone)}' if item.at else ''}{f': {item.text}' if item.text else ''}"
            for item in held.around
        ),
        "",
        _("Actos en la bitácora pública"),
        *(f"- {moment(at, zone)}: {label('act', kind)}" for kind, at in held.acts),
        "",
        _("Lo que no está ligado a su folio"),
        held.not_linked,
    ]
    return "\n".join(lines) + "\n"


def as_file(held: Held, zone: str, kind: str) -> bytes:
    """Return the file of a kind, `json` or `txt`."""
    if kind == "json":
        return json.dumps(held_json(held, zone), ensure_ascii=False, indent=1).encode("utf-8")
    return held_text(held, zone).encode("utf-8")


def term_sentence(kept: Retention) -> str:
    """Say until when something is kept, and under which series."""
    if kept.series is None:
        return _("Todavía no tiene serie documental: mientras no la tenga no se puede dar de baja.")
    named = {"code": kept.series.code, "title": kept.series.title}
    if kept.is_permanent:
        return _("Serie %(code)s %(title)s: se conserva para siempre, en el archivo histórico.", **named)
    years = {"active": kept.series.active_years, "concentration": kept.series.concentration_years}
    if kept.ends_on is None or kept.disposal_from is None:
        return _(
            "Serie %(code)s %(title)s: años en trámite, %(active)s; en concentración, %(concentration)s. El plazo "
            "empieza cuando concluya la consulta.",
            **named,
            **years,
        )
    return _(
        "Serie %(code)s %(title)s: años en trámite, %(active)s; en concentración, %(concentration)s. Se conserva hasta "
        "el %(last)s; se puede dar de baja, con autorización, desde el %(day)s.",
        **named,
        **years,
        last=long_date(kept.ends_on),
        day=long_date(kept.disposal_from),
    )


def _request_line(item: Any, zone: str) -> str:
    asked, state = label("data_rights_kind", item.kind), label("data_rights_state", item.state)
    said = "; ".join(part for part in (item.text, item.reason, item.effect_note) if part)
    return f"- {moment(item.filed_at, zone)}: {asked}, {state}. {said}".rstrip()
