"""Messages to people: rows written with the act that causes them, delivered later by the worker.

The only importer of smtplib. Never carries a tracking key.
"""

from consulta.notices.messages import Message
from consulta.notices.operations import notify

__all__ = ["Message", "notify"]
