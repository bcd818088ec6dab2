"""Delivery status notifications as mail servers write them (RFC 3464)."""

from textwrap import dedent


def a_report(
    to: str, *, status: str = "5.1.1", action: str = "failed", words: str = "smtp; 550 5.1.1 No existe"
) -> bytes:
    """Build a notification to a return address."""
    return dedent(
        f"""\
        Return-Path: <>
        From: MAILER-DAEMON@correo.ejemplo.com
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="limite"

        --limite
        Content-Type: text/plain; charset=us-ascii

        Your message could not be delivered.

        --limite
        Content-Type: message/delivery-status

        Reporting-MTA: dns; correo.ejemplo.com
        Arrival-Date: Wed, 10 Jun 2026 12:00:00 -0600

        Final-Recipient: rfc822; vecina@ejemplo.mx
        Action: {action}
        Status: {status}
        Diagnostic-Code: {words}

        --limite
        Content-Type: text/rfc822-headers

        Subject: Respuesta a su folio

        --limite--
        """
    ).encode()


VACATION = b"""\
From: vecina@ejemplo.mx
To: %s
Subject: Estoy de vacaciones
Auto-Submitted: auto-replied

Vuelvo el lunes.
"""
