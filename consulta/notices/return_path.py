"""The address to which a mail that cannot be delivered comes back: one for each notice, which nobody can make up.

Pure. `rebotes@ejemplo.gob.mx` becomes `rebotes+12-0123456789abcdef0123@ejemplo.gob.mx` (VERP), so that whatever comes
back says of which notice it speaks, however little a foreign server keeps of it.
"""

import hmac
import re
from dataclasses import dataclass

MARK_LENGTH = 20
LONGEST_NUMBER = 18


@dataclass(frozen=True)
class ReturnPath:
    """Where mails come back to.

    Attributes:
        address: of the mailbox, without tag.
        secret: of the instance.
    """

    address: str
    secret: bytes

    def of_notice(self, notice_id: int) -> str:
        """Return the envelope sender of a notice."""
        name, _, host = self.address.rpartition("@")
        return f"{name}+{notice_id}-{self._mark(notice_id)}@{host}"

    def find_notice(self, text: str) -> int | None:
        """Return the number of the notice whose return address stands in a text; None where no true one does."""
        name, _, host = self.address.rpartition("@")
        pattern = rf"{re.escape(name)}\+(\d{{1,{LONGEST_NUMBER}}})-([0-9a-f]{{{MARK_LENGTH}}})@{re.escape(host)}"
        for number, mark in re.findall(pattern, text, re.ASCII | re.IGNORECASE):
            if hmac.compare_digest(self._mark(int(number)), mark.lower()):
                return int(number)
        return None

    def _mark(self, notice_id: int) -> str:
        return hmac.new(self.secret, f"notices:return:{notice_id}".encode(), "sha256").hexdigest()[:MARK_LENGTH]
