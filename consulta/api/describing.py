"""The description of the API (OpenAPI 3.1), made of the calls themselves: their rules of access, inputs and answers.

What a call gives is said at the call (`gives`). What holds for every call is added here from what it is: who may
call it from its `@access`, its problems from that, from its method and from its inputs.
"""

import re
from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask, Schema

from consulta.web.access import Rule
from consulta.web.addresses import LARGEST

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "status", "title"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string", "description": "Qué pasó, en una oración"},
        "detail": {"type": "string", "description": "Qué hacer"},
        "errors": {
            "type": "array",
            "description": "Campos que corregir",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "additionalProperties": False,
                "properties": {
                    "field": {"type": "string", "description": "Campo, con puntos si está dentro de otro"},
                    "message": {"type": "string", "description": "Qué hacer"},
                },
            },
        },
    },
}
WORDS = {
    "400": "Lo enviado no se pudo leer, o el cursor no es de esta lista.",
    "401": "Falta un token vigente.",
    "403": "El token no tiene ese permiso.",
    "404": "No existe, o no es de su competencia: se ven igual.",
    "405": "Esa dirección no admite ese método.",
    "413": "Lo enviado pesa demasiado.",
    "415": "El cuerpo debe ser application/json.",
    "422": "Hay campos que corregir; nada se guardó.",
    "429": "El token llegó a su límite por minuto; Retry-After dice cuántos segundos esperar.",
}
TAGS = [
    {"name": "Consultas", "description": "Ventanas, buzones, temas y lo que se opinó en ellos. Sin token."},
    {"name": "Responder", "description": "Turnos y respuestas de la unidad. Token con permiso desk."},
    {
        "name": "Coordinar",
        "description": "Abrir, ampliar y concluir; publicar respuestas. Token con permiso coordination.",
    },
    {"name": "Capturar", "description": "Lo que llegó por ventanilla, teléfono o papel. Token con permiso capture."},
    {"name": "Bitácora", "description": "El registro público que cualquiera verifica. Sin token."},
]
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Clave propia de la petición: repetirla con el mismo cuerpo no hace nada dos veces, durante un día.",
    "schema": {"type": "string", "minLength": 16, "maxLength": 200, "pattern": "^[ -~]*$"},
}
CONDITION = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETag de la lectura anterior: si nada cambió se responde 304, sin cuerpo.",
    "schema": {"type": "string"},
}
ETAG = {"description": "Cambia cuando cambia la respuesta", "schema": {"type": "string"}}
LIMITS = {
    "RateLimit-Limit": {"description": "Llamadas por minuto", "schema": {"type": "integer"}},
    "RateLimit-Remaining": {"description": "Las que quedan en este minuto", "schema": {"type": "integer"}},
    "RateLimit-Reset": {"description": "Segundos hasta el siguiente", "schema": {"type": "integer"}},
}
NUMBER = {"minimum": 0, "maximum": LARGEST}
# Segments that a path names with its own form.
SHAPES: Mapping[str, dict[str, Any]] = {
    "slug": {"type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 80},
    "folio": {"type": "string", "description": "PREFIJO-AÑO-OCHO-C", "minLength": 1, "pattern": "^[^/]+$"},
}


Answers = dict[int | str, Any]
# Of calls whose address names nothing, and whose body or filter does.
ABSENT: Answers = {404: {"description": WORDS["404"], "content": PROBLEM}}


# From what a call gives to the calls that take it: `{call: {status: {call it leads to: what it takes}}}`.
BODY = "$response.body#"
LINKS: Mapping[str, Mapping[str, Mapping[str, dict[str, str]]]] = {
    "windows": {"200": {"window": {"slug": f"{BODY}/items/0/slug"}}},
    "window": {
        "200": {
            "submit": {"topic_id": f"{BODY}/topics/0/id"},
            "submissions": {"topic_id": f"{BODY}/topics/0/id"},
            "capture": {"topic_id": f"{BODY}/topics/0/id"},
        }
    },
    "mailboxes": {"200": {"submit": {"topic_id": f"{BODY}/items/0/topic_id"}}},
    "agencies": {"200": {"indicators": {"agency_id": f"{BODY}/items/0/id"}}},
    "submit": {"201": {"submission": {"folio": f"{BODY}/folio"}, "proof": {"folio": f"{BODY}/folio"}}},
    "capture": {"201": {"submission": {"folio": f"{BODY}/folio"}}},
    "referrals": {
        "200": {
            "answer_one": {"referral_id": f"{BODY}/items/0/id"},
            "give_back": {"referral_id": f"{BODY}/items/0/id"},
        }
    },
    "answer_one": {"201": {"sign": {"answer_id": f"{BODY}/answer_id"}}},
    "answer_many": {"201": {"sign": {"answer_id": f"{BODY}/answer_id"}}},
    "sign": {"200": {"publish": {"answer_id": f"{BODY}/answer_id"}}},
    "publish": {"200": {"correct": {"answer_id": f"{BODY}/answer_id"}}},
    "create": {
        "201": {
            "schedule": {"slug": f"{BODY}/slug"},
            "extend": {"slug": f"{BODY}/slug"},
            "conclude": {"slug": f"{BODY}/slug"},
        }
    },
}


def gives(schema: type[Schema], text: str, status: int = 200) -> Answers:
    """Return what a call answers, for `doc(responses=…)`."""
    return {status: {"description": text, "content": {"application/json": {"schema": schema}}}}


def install(app: APIFlask) -> None:
    """Set what the description says of the whole, and complete it when it is made."""
    app.config.update(
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_TAGS=False,
        SECURITY_SCHEMES={
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "Token de un cargo. Se emite en /administracion/tokens o con «consulta token».",
            }
        },
    )
    app.description = (
        "Las mismas operaciones que las páginas, como JSON. Instantes en UTC. Los errores son application/problem+json "
        "(RFC 9457), con los campos que corregir. Las listas se leen con el cursor que da cada página en «next»."
    )
    app.tags = TAGS
    app.spec_processor(lambda spec: _complete(app, spec))


def _complete(app: APIFlask, spec: Any) -> Any:
    rules = {_path(rule.rule): rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    by_method = {
        (_path(rule.rule), method.lower()): rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
    }
    for path, item in spec["paths"].items():
        for method, call in item.items():
            if method in ("get", "post"):
                endpoint = by_method[path, method]
                call["operationId"] = endpoint.rsplit(".", 1)[1]
                rule: Rule = getattr(app.view_functions[endpoint], "access_rule")  # noqa: B009 - set by `access`
                _complete_call(call, method, rule, bool(rules[path].arguments))
                if {"get", "post"} <= set(item) and rules[path].arguments:
                    # A number that no row can have is told by the first method that has the address.
                    call["responses"]["405"] = {"description": WORDS["405"], "content": PROBLEM}
    spec["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    return spec


def _path(rule: str) -> str:
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)


def _complete_call(call: dict[str, Any], method: str, rule: Rule, names_object: bool) -> None:
    parameters = call.setdefault("parameters", [])
    for parameter in (item for item in parameters if item["in"] == "path"):
        shape = NUMBER if parameter["schema"].get("type") == "integer" else SHAPES.get(parameter["name"], {})
        parameter["schema"] = {**parameter["schema"], **shape}
    for status in sorted(_problems(call, rule, names_object)):
        call["responses"][status] = {"description": WORDS[status], "content": PROBLEM}
    if rule.scopes:
        call["security"] = [{"bearer": list(rule.scopes)}]
        call["x-roles"] = sorted(role.value for role in rule.roles)
    if method == "get":
        parameters.append(CONDITION)
        call["responses"]["304"] = {"description": "Nada cambió desde esa ETag."}
    elif rule.scopes or names_object:
        parameters.append(IDEMPOTENCY)
    for status, led in LINKS.get(call["operationId"], {}).items():
        call["responses"][status]["links"] = {
            name: {"operationId": name, "parameters": taken} for name, taken in led.items()
        }
    headers = ({"ETag": ETAG} if method == "get" else {}) | (LIMITS if rule.scopes else {})
    for answer in (given for status, given in call["responses"].items() if status.startswith("2")):
        answer["headers"] = headers


def _problems(call: Mapping[str, Any], rule: Rule, names_object: bool) -> set[str]:
    """Return the problems that a call may answer with, from what it is."""
    found = {"400"}
    if names_object:
        found.add("404")
    if "requestBody" in call:
        found |= {"413", "415", "422"}
    if any(parameter["in"] == "query" for parameter in call["parameters"]):
        found.add("422")
    if rule.scopes:
        found |= {"401", "403", "422", "429"}
    return found
