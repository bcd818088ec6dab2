"""Mails that came back: delivery status notifications (RFC 3464) as mail servers write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage, Message
from enum import StrEnum

from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.notices.models import Notice
from consulta.notices.operations import mark_failed
from consulta.notices.return_path import ReturnPath

# Where a mail server writes to whom the report came.
RECIPIENT_HEADERS = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
LARGEST = 10 * 1024 * 1024


class Applied(StrEnum):
    """What a report changed."""

    FAILED = "failed"
    KNOWN = "known"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Report:
    """What a report says: of which notice, and the status of each recipient that it names."""

    notice_id: int
    failures: tuple[tuple[str, str], ...]


def read_report(content: bytes, return_path: ReturnPath) -> Report:
    """Return what a delivery status notification says. A report of success or delay has no failures.

    Raises Refused, with a sentence that says what is wrong, for what is no such notification or was not sent to a
    return address that this instance made.
    """
    if len(content) > LARGEST:
        raise Refused(_("El mensaje es demasiado grande para ser un aviso de entrega."))
    try:
        message = message_from_bytes(content, policy=policy.default)
        notice_id = return_path.find_notice(_recipients(message))
        if notice_id is None:
            raise Refused(_("No se envió a una dirección de retorno de esta instancia."))
        if str(message.get("Auto-Submitted", "")).lower().startswith("auto-replied") and not _is_report(message):
            return Report(notice_id, ())
        return Report(notice_id, tuple(_failures(message)))
    except (MessageError, HeaderParseError, ValueError, LookupError, AttributeError, TypeError) as error:
        # The library meets headers that nobody thought of; the message stays where it was.
        raise Refused(_("El mensaje está mal formado: %(error)s", error=type(error).__name__)) from error


def apply_report(report: Report, now: datetime) -> Applied:
    """Mark the notice of a report as failed. Returns what it changed: applying it again changes nothing.

    Any failed delivery is final for its notice: class 4 means that a server tried until it gave up.
    """
    notice = session().get(Notice, report.notice_id)
    if notice is None or not report.failures:
        return Applied.IGNORED
    status, words = report.failures[0]
    is_hard = any(code.startswith("5") for code, _words in report.failures)
    failed = mark_failed(notice=notice, now=now, failure=f"{status} {words}", is_hard=is_hard)
    return Applied.FAILED if failed else Applied.KNOWN


def _recipients(message: EmailMessage) -> str:
    return " ".join(str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, []))


def _is_report(message: Message) -> bool:
    return message.get_content_type() == "multipart/report"


def _failures(message: Message) -> Iterator[tuple[str, str]]:
    if not _is_report(message):
        raise Refused(_("No es un aviso de entrega (RFC 3464)."))
    status = next((part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None)
    blocks = status.get_payload() if status is not None else None
    if not isinstance(blocks, list):
        raise Refused(_("El aviso no trae el estado de la entrega."))
    per_recipient = [block for block in blocks if isinstance(block, Message) and "Action" in block]
    if not per_recipient:
        raise Refused(_("El aviso no dice qué pasó con ningún destinatario."))
    for block in per_recipient:
        code = str(block.get("Status", "")).split(" ")[0].strip()
        if str(block["Action"]).strip().lower() != "failed":
            continue
        if code[:2] not in ("4.", "5."):
            raise Refused(_("El aviso dice que falló sin un estado que se pueda leer."))
        yield code, str(block.get("Diagnostic-Code", "")).strip()
