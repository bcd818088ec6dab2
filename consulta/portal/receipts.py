"""The receipt of what one sent, made when it is asked for: for people on its first page, for proof on the second."""

import base64
import json
from datetime import UTC
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from consulta.errors import ConsultaError, Refused
from consulta.folio import parse_folio
from consulta.i18n.text import TAGS, _, language
from consulta.papers import Paper, PaperTable, Seal
from consulta.papers.pdf import as_pdf
from consulta.receipts.queries import make_receipt, mark_of
from consulta.receipts.rules import Read, receipt_json
from consulta.record.notes import read_note
from consulta.record.signing import fingerprint, load_key
from consulta.referrals.story import tell_story
from consulta.submissions.models import Submission
from consulta.submissions.queries import find_own
from consulta.web.access import EVERYBODY, access
from consulta.web.context import arrived_at, services
from consulta.web.filters import closing, moment
from consulta.web.responses import no_store

blueprint = Blueprint("receipts", __name__)
ATTACHED = "acuse.json"
TYPES = {"pdf": "application/pdf", "json": "application/json", "txt": "text/plain; charset=utf-8"}
Facts = tuple[tuple[str, str], ...]


@blueprint.post("/seguimiento/acuse")
@access(EVERYBODY)
def download() -> Any:
    """Give the receipt of a folio to who has its key: PDF, plain text or JSON, as `formato` says."""
    no_store()
    kind = request.form.get("formato", "pdf")
    found = _own()
    if found is None or kind not in TYPES:
        return redirect("/seguimiento", 303)
    try:
        key = load_key(services().settings.instance / "keys")
        read = make_receipt(found, origin=services().settings.record_origin, key=key)
        content = _written(found, read, kind)
    except (Refused, ConsultaError) as refused:
        return render_template("portal/no_receipt.html", submission=found, problem=refused.message), 422
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="acuse-{found.folio}.{kind}"'
    return response


def _own() -> Submission | None:
    try:
        folio = parse_folio(request.form.get("folio", ""))
    except Refused:
        return None
    return find_own(folio=folio, key=request.form.get("key", "")[:200], secret=services().secret)


def _written(found: Submission, read: Read, kind: str) -> bytes:
    about = _about(found)
    whole = json.dumps(receipt_json(read, about=_about_json(found)), ensure_ascii=False, indent=1).encode("utf-8")
    if kind == "json":
        return whole
    if kind == "txt":
        return _text(found, read, about).encode("utf-8")
    return as_pdf(_paper(found, read, about, whole))


def _about(found: Submission) -> Facts:
    """Return what a person wants to know: when, before whom, about what, who answers, and by when."""
    topic = found.received_topic or found.topic
    zone = topic.window.government.timezone
    unit = _("El órgano interno de control, que es el único que lo lee")
    if not found.reserved:
        unit = topic.unit.name if topic.unit else _("La unidad que decida la coordinación")
    due_at = found.clock.due_at if found.clock is not None else None
    in_utc = f"{found.received_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    facts = [
        (_("Folio"), found.folio),
        (_("Recibido"), f"{moment(found.received_at, zone)} ({in_utc})"),
        (_("Ante"), topic.window.government.name),
        (_("Sobre"), _("%(topic)s, en %(window)s", topic=topic.title, window=topic.window.title)),
        (_("Responde"), unit),
    ]
    if due_at is not None:
        facts.append((_("A más tardar"), closing(due_at, zone)))
    for order, item in enumerate(found.files, start=1):
        facts.append((_("Archivo %(n)s", n=order), f"{item['filename']} (SHA-256 {item['sha256']})"))
    return tuple(facts)


def _about_json(found: Submission) -> dict[str, Any]:
    topic = found.received_topic or found.topic
    return {
        "government": topic.window.government.key,
        "window": topic.window.slug,
        "topic": topic.reference,
        "due_at": found.clock.due_at.isoformat() if found.clock is not None and found.clock.due_at else None,
    }


def _paper(found: Submission, read: Read, about: Facts, whole: bytes) -> Paper:
    key = load_key(services().settings.instance / "keys")
    zone = found.topic.window.government.timezone
    steps = tell_story(found, arrived_at()).steps
    rows = tuple(
        (
            step.title,
            moment(step.at, zone) if step.at else (closing(step.due_at, zone) if step.due_at else ""),
            step.office,
        )
        for step in steps
    )
    return Paper(
        issuer=found.topic.window.government.name,
        title=_("Acuse de recibo"),
        language=TAGS[language()],
        facts=about,
        tables=(PaperTable(_("Qué ha pasado y qué sigue"), (_("Paso"), _("Cuándo"), _("Quién")), rows),),
        notes=(
            _("Con el código se comprueba que lo que envió sigue ahí y sin cambios: no hace falta clave ni cuenta."),
            _("Este archivo trae su texto adentro, para poder probarlo: compártalo solo con quien usted quiera."),
        ),
        seal=Seal(read.promise.original, base64.b64encode(read.seal).decode("ascii"), fingerprint(key)),
        seal_title=_("Sello electrónico del sistema (no es e.firma)"),
        seal_labels=(_("Cadena original"), _("Firma Ed25519, en Base64"), _("Huella de la clave")),
        code=_address(read),
        code_label=_("Código para verificar el folio %(folio)s", folio=found.folio),
        proof=_proof(read),
        proof_title=_("Prueba"),
        attached=((ATTACHED, whole),),
    )


def _proof(read: Read) -> Facts:
    """Return the second page: what was sealed, what opens it, and where it stands in the record."""
    inclusion = read.inclusion
    facts = [
        (_("Dónde se verifica"), _address(read)),
        (_("Clave pública de la bitácora"), read.key),
        (_("Compromiso (SHA-256 de la sal y del contenido)"), read.promise.commitment.hex()),
        (_("Sal"), read.salt.hex() if read.salt else ""),
    ]
    if inclusion is None:
        waits = _(
            "Aún no tiene lugar: baje otra vez el acuse después del próximo punto de control, en una hora o menos."
        )
        return (*facts, (_("Lugar en la bitácora"), waits))
    head = read_note(inclusion.note)[0]
    path = " ".join(base64.b64encode(step).decode("ascii") for step in inclusion.path)
    return (
        *facts,
        (_("Lugar en la bitácora"), f"{inclusion.index:,}"),
        (_("Punto de control"), _("%(n)s actos, raíz %(root)s", n=f"{head.size:,}", root=head.root.hex())),
        (_("Prueba de inclusión (RFC 6962)"), path or _("es el único acto")),
        (_("Sello de tiempo RFC 3161"), _("este gobierno no tiene proveedor")),
        (_("Constancia NOM-151"), _("este gobierno no tiene proveedor")),
    )


def _text(found: Submission, read: Read, about: Facts) -> str:
    seal = base64.b64encode(read.seal).decode("ascii")
    lines = [
        found.topic.window.government.name,
        _("Acuse de recibo"),
        "",
        *(f"{name}: {value}" for name, value in about),
        "",
        _("Prueba"),
        *(f"{name}: {value}" for name, value in _proof(read)),
        f"{_('Cadena original')}: {read.promise.original}",
        f"{_('Sello electrónico del sistema (no es e.firma)')}: {seal}",
    ]
    return "\n".join(lines) + "\n"


def _address(read: Read) -> str:
    """Return the address that the code of a receipt opens: its folio, and half of what its act commits to."""
    return f"{services().settings.public_url}/verificar?folio={read.promise.folio}&huella={mark_of(read.promise)}"
