"""Posting comments to a running server as a browser without JavaScript does: the three steps' last one."""

import http.client
import re
import urllib.parse
from dataclasses import dataclass

from measure.instances import Instance

FOLIO = re.compile(r'id="folio">([A-Z]{2,6}-\d{4}-[0-9A-Z]{8}-[0-9A-Z])<')
KEY = re.compile(r'id="clave">([^<]+)<')
NONCE = re.compile(r'name="nonce" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the server answered to a post; `folio` None: no receipt."""

    status: int
    folio: str | None
    key: str | None
    is_late: bool


class Browser:
    """One client with one connection, kept alive while the server lives."""

    def __init__(self, instance: Instance, address: str) -> None:
        self.port = instance.port
        self.address = address
        self._connection: http.client.HTTPConnection | None = None

    def new_nonce(self) -> str:
        """Open the form and take its nonce."""
        status, body = self._request("GET", None)
        found = NONCE.search(body)
        if status != 200 or found is None:
            raise OSError(f"the form answered {status}")
        return found[1]

    def send(self, nonce: str, text: str, email: str = "") -> Answer:
        """Send a comment; raises OSError or HTTPException when the server dies meanwhile."""
        fields = {"nonce": nonce, "notice_version": "2026-1", "kind": "comment", "text": text, "behalf": "self"}
        fields |= {"email": email, "sex": "woman", "age_group": "30-44", "accion": "enviar"}
        status, body = self._request("POST", urllib.parse.urlencode(fields))
        folio, key = FOLIO.search(body), KEY.search(body)
        return Answer(status, folio[1] if folio else None, key[1] if key else None, "fuera de plazo</h1>" in body)

    def close(self) -> None:
        """Forget the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _request(self, method: str, body: str | None) -> tuple[int, str]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        try:
            self._connection.request(method, self.address, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        except (OSError, http.client.HTTPException):
            self.close()
            raise
