"""The access matrix as written, and one true request for each of its lines."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from tests.clock import START

FILE = Path(__file__).resolve().parents[1] / "access_matrix.csv"
TOKEN_SCOPES = ("desk", "coordination", "capture", "read")
REASON = "Corresponde a otra unidad."
ANSWER = {"disposition": "adopted", "text": "Procedente: se cambia el artículo 12 del proyecto."}
EXTENSION = {"days": 3, "legal_basis": "Artículo 28", "reason": "Lo pidieron.", "agreement": "A-1"}
WINDOW = {"instrument": "agenda_regulatoria", "title": "Otra agenda", "summary": "Se consulta algo."}


@dataclass(frozen=True)
class Line:
    """One line: a method, a route, and what each role may."""

    method: str
    route: str
    cells: dict[str, str]

    @property
    def is_call(self) -> bool:
        """Whether it asks for a bearer token."""
        return self.cells["anonymous"] == "401"

    @property
    def is_staff(self) -> bool:
        """Whether it asks for a session."""
        return self.cells["anonymous"] == "login"

    @property
    def names_object(self) -> bool:
        """Whether its address names a thing that belongs to somebody; a kind is nobody's."""
        return "<" in self.route.replace("<kind>", "")


@dataclass
class Objects:
    """What addresses of the matrix point to.

    `invitation` gives a fresh token each time, and `followed` the code of a fresh subscription for a purpose.
    """

    slugs: dict[str, str]
    numbers: dict[str, int]
    folio: str
    invitation: Callable[[], str]
    followed: Callable[[str], str]

    def address(self, route: str) -> str:
        """Fill a route in with objects that exist."""
        permanent = route.startswith("/buzones/")
        asking = "/propuestas/" in route or "/recepcion" in route or "/recordatorio/" in route
        values = {
            "slug": self.slugs["mailbox" if permanent else "asking" if asking else "open"],
            "key": "guanajuato",
            "int:document": "1",
            "int:version": "1",
            "folio": self.slugs["request"] if route.startswith("/open311/") else self.folio,
            "path_segment": "agenda-regulatoria",
            "any(acta, constancia, resultados):name": "resultados",
            "kind": "minutes",
            "path:address": "0/000.p/1",
            "path:filename": "consulta.css",
            "filename": "comentarios",
            "extension": _extension(route),
            "service": f"{self.slugs['mailbox']}-1",
            "agency": "movilidad",
            "part": f"{self.slugs['open']}.{START:%Y-%m}",
            "int:number": "1",
        }
        values |= {f"int:{name}": str(number) for name, number in self.numbers.items()}

        def fill(found: re.Match[str]) -> str:
            if found[1] == "code":
                return self.followed("confirm" if "/confirmar/" in route else "manage")
            return self.invitation() if found[1] == "token" else values[found[1]]

        return re.sub(r"<([^>]+)>", fill, route)

    def form(self, route: str) -> dict[str, Any]:
        """The fields that let a form reach its view with things that exist."""
        return {
            "/bandeja/responder": {"turno": str(self.numbers["referral_id"]), "accion": "guardar"},
            "/bandeja/revision": {"folio": self.folio},
            "/coordinacion/plan": {"instrument": "agenda_simplificacion", "accion": "no-aplica"},
            "/coordinacion/entregar": {"folio": self.folio, "government_id": "999", "reason": REASON},
            "/coordinacion/archivo/series/asignar": {"que": f"consulta:{self.slugs['open']}", "series_id": ""},
            "/open311/v2/requests.<extension>": {
                "service_code": f"{self.slugs['mailbox']}-1",
                "address_string": "Calle Inventada 1",
            },
            "/coordinacion/sin-turnar": {"folio": self.folio, "unit_id": str(self.numbers["unit_id"])},
        }.get(route, {})

    def body(self, route: str) -> dict[str, Any]:
        """The JSON that lets a call reach its view with things that exist."""
        end = route.rsplit("/", 1)[1]
        if route.endswith("/topics/<int:topic_id>/captures"):
            return {"text": "Propongo otra cosa.", "channel": "phone", "received_at": f"{START:%Y-%m-%dT%H:%M:%SZ}"}
        if route.endswith("/topics/<int:topic_id>/submissions"):
            return {"text": "Propongo otra cosa."}
        if route == "/api/v1/answers":
            return {**ANSWER, "referral_ids": [self.numbers["referral_id"]]}
        return {
            "track": {"folio": "sin forma de folio", "key": "no es esta"},
            "answer": ANSWER,
            "return": {"reason": REASON},
            "correct": {**ANSWER, "reason": REASON},
            "windows": WINDOW,
            "schedule": {"opens_on": "2026-07-01", "days": 20},
            "extend": EXTENSION,
        }.get(end, {})


def _extension(route: str) -> str:
    if "computo" in route or route.startswith("/open311/"):
        return "json"
    return "docx" if any(word in route for word in ("entrega", "papel", "matriz")) else "csv"


def read_matrix() -> list[Line]:
    """Read the file."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [Line(row.pop("method"), row.pop("route"), row) for row in rows]


def declared_routes(app: Flask) -> list[tuple[str, str]]:
    """Return every method and route of the application; HEAD and OPTIONS are Flask's own."""
    return sorted(
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def request_of(line: Line, objects: Objects) -> tuple[str, dict[str, Any]]:
    """Return the address of a line and what is sent to it: JSON for calls, a form for pages."""
    if line.method == "GET":
        query = objects.form(line.route) if line.route == "/bandeja/responder" else {}
        return objects.address(line.route), {"query_string": query}
    sends_json = line.route.startswith("/api/")
    sent = {"json": objects.body(line.route)} if sends_json else {"data": objects.form(line.route)}
    return objects.address(line.route), sent
