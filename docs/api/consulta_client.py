"""Cliente de ejemplo de la API de Consulta: con tipos y sin más dependencias que Python 3.11.

Muestra lo que un programa serio hace: lee por páginas con el cursor, no descarga lo que no cambió, repite sin
duplicar lo que escribe y espera lo que el servidor pide.

    consulta = Consulta("https://consultas.ejemplo.gob.mx")
    for ventana in consulta.windows(status="open"):
        print(ventana["title"], ventana["closes_at"])
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

Disposition = Literal["adopted", "partly_adopted", "not_adopted", "already_covered", "out_of_scope", "noted"]
Status = Literal["upcoming", "open", "closed", "concluded", "annulled"]
LONGEST_WAIT = 120.0


class Topic(TypedDict):
    """Un tema."""

    id: int
    reference: str
    title: str
    url: str


class Window(TypedDict):
    """Una consulta."""

    slug: str
    title: str
    status: Status
    opens_at: str | None
    closes_at: str | None
    topics: NotRequired[list[Topic]]


class Receipt(TypedDict):
    """El acuse: la clave solo se muestra aquí."""

    status: Literal["received", "late"]
    folio: str
    tracking_key: str
    received_at: str
    receipt_url: str


class Referral(TypedDict):
    """Un turno."""

    id: int
    folio: str
    text: str
    status: str
    due_at: str
    overdue: bool


class Answered(TypedDict):
    """Una respuesta y en qué va."""

    answer_id: int
    state: str
    disposition: Disposition


class Problem(Exception):
    """Lo que el servidor no aceptó (RFC 9457)."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(body.get("title", f"HTTP {status}"))
        self.status = status
        self.fields: dict[str, str] = {item["field"]: item["message"] for item in body.get("errors", [])}


@dataclass
class Consulta:
    """La API de una instalación; `token` es el de un cargo, donde hace falta."""

    address: str
    token: str | None = None
    # Lo último que se leyó de cada dirección, con su ETag.
    _known: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def windows(self, *, status: Status | None = None) -> Iterator[Window]:
        """Recorre las consultas, página por página."""
        yield from self._pages("/windows", {"status": status} if status else {})

    def window(self, slug: str) -> Window:
        """Lee una consulta con sus temas."""
        found: Window = self._read(f"/windows/{quote(slug)}")
        return found

    def submit(self, topic_id: int, text: str, **more: Any) -> Receipt:
        """Envía una opinión; si la red falla a la mitad, repetirla no la duplica."""
        receipt: Receipt = self._write(f"/topics/{topic_id}/submissions", {"text": text, **more})
        return receipt

    def track(self, folio: str, key: str) -> dict[str, Any]:
        """Lee el seguimiento propio."""
        found: dict[str, Any] = self._write("/track", {"folio": folio, "key": key})
        return found

    def referrals(self, *, status: str = "referred") -> Iterator[Referral]:
        """Recorre los turnos de la unidad, primero lo que vence antes. Pide permiso desk o read."""
        yield from self._pages("/referrals", {"status": status})

    def answer(self, referral_ids: list[int], disposition: Disposition, text: str) -> Answered:
        """Responde uno o varios turnos y los manda a firma. Pide permiso desk."""
        body = {"referral_ids": referral_ids, "disposition": disposition, "text": text}
        answered: Answered = self._write("/answers", body)
        return answered

    def sign_off(self, answer_id: int) -> Answered:
        """Firma una respuesta. Pide permiso desk de quien firma."""
        answered: Answered = self._write(f"/answers/{answer_id}/sign-off", {})
        return answered

    def publish(self, answer_id: int) -> Answered:
        """Publica y notifica. Pide permiso coordination."""
        answered: Answered = self._write(f"/answers/{answer_id}/publish", {})
        return answered

    def _pages(self, path: str, asked: dict[str, str]) -> Iterator[Any]:
        cursor: str | None = ""
        while cursor is not None:
            query = urlencode(asked | ({"cursor": cursor} if cursor else {}))
            page = self._read(f"{path}?{query}" if query else path)
            yield from page["items"]
            cursor = page["next"]

    def _read(self, path: str) -> Any:
        etag, body = self._known.get(path, ("", None))
        status, headers, fresh = self._send("GET", path, None, {"If-None-Match": etag} if etag else {})
        if status == 304:
            return body
        if "ETag" in headers:
            self._known[path] = (headers["ETag"], fresh)
        return fresh

    def _write(self, path: str, body: dict[str, Any]) -> Any:
        # La misma clave en cada intento: lo que ya se hizo no se hace otra vez.
        return self._send("POST", path, body, {"Idempotency-Key": uuid.uuid4().hex})[2]

    def _send(
        self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], Any]:
        sent = {"Accept": "application/json", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            sent["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.address}/api/v1{path}", data=data, headers=sent, method=method)
        for wait in (2.0, 4.0, 8.0):
            try:
                return _once(request)
            except Busy as busy:
                time.sleep(busy.seconds)
            except URLError:
                time.sleep(wait)
        return _once(request)


class Busy(Problem):
    """El token llegó a su límite por minuto."""

    def __init__(self, seconds: float, body: dict[str, Any]) -> None:
        super().__init__(429, body)
        self.seconds = min(seconds, LONGEST_WAIT)


def _once(request: Request) -> tuple[int, dict[str, str], Any]:
    try:
        with urlopen(request, timeout=30) as response:
            return response.status, dict(response.headers), json.load(response)
    except HTTPError as error:
        if error.code == 304:
            return 304, dict(error.headers), None
        if error.code == 429:
            raise Busy(float(error.headers.get("Retry-After", "1")), json.load(error)) from error
        raise Problem(error.code, json.load(error)) from error
