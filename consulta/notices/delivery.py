"""Delivery of mail: to the SMTP server of the settings, or to a folder when there is none."""

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from consulta.db import session, unit_of_work
from consulta.i18n.text import LANGUAGES, SOURCE, TAGS, _, language, speaking
from consulta.notices.html import as_html
from consulta.notices.models import Notice
from consulta.notices.operations import hide_addresses, mark_failed, mark_sent
from consulta.notices.return_path import ReturnPath
from consulta.notices.states import NoticeState

TIMEOUT_SECONDS = 20
PERMANENT = 500
ON_ONE_LINE = frozenset({"List-Id", "List-Unsubscribe"})
# A server that says "later" is asked again for as long as others do (RFC 5321, 4.5.4.1: four to five days).
GIVE_UP = timedelta(days=5)


class MailPolicy(EmailPolicy):
    """How a mail is written. Addresses of lists stay on their line: folded, they would no longer be addresses."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as text."""
        return f"{name}: {value}{self.linesep}" if name in ON_ONE_LINE else super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header as it is sent."""
        return self.fold(name, value).encode("ascii") if name in ON_ONE_LINE else super().fold_binary(name, value)


MAIL = MailPolicy()


def deliver_to(
    smtp_url: str | None, folder: Path, sender: str, return_path: ReturnPath | None = None
) -> Callable[[dict[str, Any], datetime], None]:
    """Return the handler of `notices.send`. Sends outside any transaction, then marks the row.

    A recipient that the server refuses for good (5xx) makes it failed at once; one that it refuses for now (4xx)
    is tried again until `GIVE_UP`.
    """

    def deliver(payload: dict[str, Any], now: datetime) -> None:
        notice = session().get(Notice, payload["notice_id"])
        if notice is None or notice.state != NoticeState.PENDING:
            return
        message = compose(notice, sender)
        notice_id, is_old = notice.id, now - notice.created_at >= GIVE_UP
        session().rollback()
        refused = None
        if smtp_url is None:
            _write(message, folder, notice_id)
        else:
            refused = _send(message, smtp_url, return_path.of_notice(notice_id) if return_path else None)
        if refused is not None and refused[0] < PERMANENT and not is_old:
            raise ConnectionError(f"{refused[0]} {hide_addresses(refused[1])}")
        with unit_of_work():
            # Whoever left meanwhile took the row away.
            sent = session().get(Notice, notice_id)
            if sent is not None and refused is None:
                mark_sent(notice=sent, now=now)
            elif sent is not None and refused is not None:
                code, words = refused
                mark_failed(notice=sent, now=now, failure=f"{code} {words}", is_hard=code >= PERMANENT)

    return deliver


def compose(notice: Notice, sender: str) -> EmailMessage:
    """Return the mail of a notice. Line breaks in the subject are refused by the library."""
    message = EmailMessage(policy=MAIL)
    message["From"] = sender
    message["To"] = _ascii_address(notice.address or "")
    message["Subject"] = " ".join(notice.subject.split())
    message["Date"] = format_datetime(notice.created_at)
    message["Message-ID"] = make_msgid(idstring=f"aviso-{notice.id}", domain="consulta.invalid")
    message["Auto-Submitted"] = "auto-generated"
    if notice.leave_url:
        message["List-Id"] = f"Avisos <avisos.{sender.rsplit('@', 1)[1].rstrip('>')}>"
        message["List-Unsubscribe"] = f"<{notice.leave_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(notice.body)
    with speaking(notice.language if notice.language in LANGUAGES else SOURCE):
        page = as_html(subject=notice.subject, body=notice.body, language=TAGS[language()], action=_("Abrir"))
    message.add_alternative(page, subtype="html")
    # After the content, which takes every header of this family with it.
    message["Content-Language"] = TAGS.get(notice.language, notice.language)
    return message


def _ascii_address(address: str) -> str:
    """Return the address with its domain as mail servers write it (IDNA)."""
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).ascii_email or address
    except EmailNotValidError:
        return address


def _write(message: EmailMessage, folder: Path, notice_id: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{notice_id:08d}.eml").write_bytes(message.as_bytes())


def _send(message: EmailMessage, smtp_url: str, envelope: str | None) -> tuple[int, str] | None:
    """Hand a mail to the server. Returns code and words where it refuses the recipient."""
    parts = urlsplit(smtp_url)
    factory = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    port = parts.port or {"smtps": 465, "smtp+starttls": 587}.get(parts.scheme, 25)
    with factory(parts.hostname or "localhost", port, timeout=TIMEOUT_SECONDS) as server:
        if parts.scheme == "smtp+starttls":
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        try:
            server.send_message(message, from_addr=envelope)
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, words)] = refused.recipients.values()
            return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return None
