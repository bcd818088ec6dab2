"""The certificate of a computed date: day by day, with the decree of each day skipped, under the system's seal."""

import base64
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response

from consulta.clocks.models import Clock, ClockEvent
from consulta.i18n.labels import label
from consulta.i18n.text import TAGS, _, language, plural, shipped
from consulta.papers import Paper, PaperTable, Seal
from consulta.papers.docx import as_docx
from consulta.papers.pdf import as_pdf
from consulta.record.rules import canonical, plain
from consulta.record.signing import fingerprint, load_key, public_key, sign
from consulta.submissions.queries import find_visible
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.web.filters import iso_long, long_date
from consulta.windows.queries import get_public_window

blueprint = Blueprint("certificates", __name__)
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@blueprint.get("/consultas/<slug>/computo.<extension>")
@access(EVERYBODY)
def of_window(slug: str, extension: str) -> Response:
    """Certify the closing of a consultation."""
    window = get_public_window(slug)
    if window.clock is None:
        abort(404)
    return _certificate(window.clock, window.slug, window.title, extension)


@blueprint.get("/folio/<folio>/computo.<extension>")
@access(EVERYBODY)
def of_submission(folio: str, extension: str) -> Response:
    """Certify by when a person must be answered."""
    submission = find_visible(folio)
    if submission is None or submission.clock is None:
        abort(404)
    return _certificate(submission.clock, submission.folio, submission.topic.window.title, extension)


def _certificate(clock: Clock, about: str, title: str, extension: str) -> Response:
    if clock.derivation is None:
        abort(404)
    events = sorted(clock.events, key=lambda event: event.id)
    content = _content(clock, about, events)
    key = load_key(services().settings.instance / "keys")
    message = canonical(content)
    if extension == "json":
        signed = {"signature": sign(key, message), "public_key": public_key(key), "algorithm": "Ed25519"}
        return jsonify({"canonical": base64.b64encode(message).decode("ascii"), "content": plain(content), **signed})
    if extension not in TYPES:
        abort(404)
    seal = Seal(message.decode("utf-8"), sign(key, message), fingerprint(key))
    paper = _paper(clock, about, title, events, seal)
    response = make_response(as_pdf(paper) if extension == "pdf" else as_docx(paper, events[-1].at))
    response.content_type = TYPES[extension]
    response.headers["Content-Disposition"] = f'attachment; filename="computo-{about}.{extension}"'
    return response


def _content(clock: Clock, about: str, events: Sequence[ClockEvent]) -> dict[str, Any]:
    """Return what is signed: the date, how it was computed, and everything that happened to the clock."""
    return {
        "about": about,
        "kind": clock.kind,
        "government": clock.government.key,
        "due_at": clock.due_at,
        "derivation": clock.derivation,
        "events": [
            {
                "kind": event.kind,
                "happened_on": event.happened_on,
                "at": event.at,
                "from_due_on": event.from_due_on,
                "to_due_on": event.to_due_on,
                "citation": event.citation,
                "reason": event.reason,
                "calendar_version": event.calendar_version,
            }
            for event in events
        ],
    }


def _paper(clock: Clock, about: str, title: str, events: Sequence[ClockEvent], seal: Seal) -> Paper:
    derivation = clock.derivation or {}
    due_on = date.fromisoformat(derivation["due_on"])
    facts = [
        (_("Sobre"), f"{title} ({about})"),
        (_("Plazo"), _term(derivation)),
        (_("Fundamento"), shipped(derivation["citation"]) or _("No se cita norma")),
        (_("Calendario"), derivation["calendar"]),
        (_("Vence"), _("a las 24:00 h del %(date)s", date=long_date(due_on))),
    ]
    return Paper(
        issuer=clock.government.name,
        title=_("Certificación de cómputo de plazo"),
        language=TAGS[language()],
        facts=tuple(facts),
        tables=(_days(derivation), *([_events(events)] if len(events) > 1 else [])),
        notes=(
            _("El sello es del sistema: prueba que este cómputo salió de él y no se cambió. No es e.firma de nadie."),
            _("Se comprueba con la clave pública que está en esta misma dirección, terminada en .json."),
        ),
        seal=seal,
        seal_title=_("Sello electrónico del sistema (no es e.firma)"),
        seal_labels=(_("Cadena original"), _("Firma Ed25519, en Base64"), _("Huella de la clave")),
    )


def _term(derivation: dict[str, Any]) -> str:
    unit = label("day_unit", derivation["unit"])
    counted = plural("%(count)s %(unit)s", "%(count)s %(unit)s", derivation["n"], unit=unit)
    return _("%(term)s, desde el día siguiente al %(date)s", term=counted, date=iso_long(derivation["starts_on"]))


def _days(derivation: dict[str, Any]) -> PaperTable:
    rows = tuple(
        (
            iso_long(day["date"]),
            str(day["number"]) if day["counted"] else _("no"),
            label("day_reason", day["reason"])
            + (f" ({day['source']})" if day["source"] and not day["counted"] else ""),
        )
        for day in derivation["days"]
    )
    return PaperTable(_("Cómputo, día por día"), (_("Día"), _("Cuenta"), _("Razón")), rows)


def _events(events: Sequence[ClockEvent]) -> PaperTable:
    rows = tuple(
        (
            long_date(event.happened_on),
            label("clock_event", event.kind),
            _day(event.from_due_on),
            _day(event.to_due_on),
            "; ".join(part for part in (event.citation, event.reason) if part),
        )
        for event in events
    )
    header = (_("Día"), _("Qué pasó"), _("Vencía"), _("Vence"), _("Fundamento y motivo"))
    return PaperTable(_("Lo que le pasó al plazo"), header, rows)


def _day(on: date | None) -> str:
    return long_date(on) if on is not None else ""
