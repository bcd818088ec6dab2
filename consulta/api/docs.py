"""The page that explains the API: every call in words, made of its description, without script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from apiflask import APIFlask
from flask import Blueprint, current_app, render_template

from consulta.web.access import EVERYBODY, access

blueprint = Blueprint("api_docs", __name__)
# Told once for all calls, not at each.
COMMON = ("If-None-Match", "Idempotency-Key")
DEEPEST = 3


@dataclass(frozen=True)
class Value:
    """What a call takes: its name, with dots where it lies inside another, its form and what it means."""

    name: str
    form: str
    is_required: bool
    description: str


@dataclass(frozen=True)
class Call:
    """One call."""

    method: str
    path: str
    summary: str
    scopes: tuple[str, ...]
    values: tuple[Value, ...]
    answers: tuple[tuple[str, str], ...]

    @property
    def anchor(self) -> str:
        """Return where the page names it."""
        return f"{self.method.lower()}{self.path.replace('/', '-').replace('{', '').replace('}', '')}"


@blueprint.get("/ayuda/api")
@access(EVERYBODY)
def page() -> str:
    """Show every call, by what it is for."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return render_template("api/docs.html", groups=_groups(app))


@cache
def _groups(app: APIFlask) -> tuple[tuple[Mapping[str, str], tuple[Call, ...]], ...]:
    """Return the calls by tag: the description is made once per application."""
    spec: Any = app.spec
    calls = [
        (call["tags"][0], _call(spec, path, method, call))
        for path, item in spec["paths"].items()
        for method, call in item.items()
        if method in ("get", "post")
    ]
    return tuple(
        (tag, tuple(sorted((call for name, call in calls if name == tag["name"]), key=lambda call: call.path)))
        for tag in spec["tags"]
    )


def _call(spec: Any, path: str, method: str, call: Mapping[str, Any]) -> Call:
    values = [
        Value(item["name"], _form(item["schema"]), item.get("required", False), item.get("description", ""))
        for item in call["parameters"]
        if item["name"] not in COMMON and item["in"] != "path"
    ]
    body = call.get("requestBody")
    if body:
        values += _members(spec, body["content"]["application/json"]["schema"])
    return Call(
        method=method.upper(),
        path=path,
        summary=call["summary"],
        scopes=tuple(call["security"][0]["bearer"]) if "security" in call else (),
        values=tuple(values),
        answers=tuple((status, given["description"]) for status, given in call["responses"].items() if status < "4"),
    )


def _members(spec: Any, schema: Mapping[str, Any], inside: str = "") -> Iterator[Value]:
    """Yield the members of a body, those of objects inside it with their whole name."""
    found = _resolved(spec, schema)
    for name, member in found.get("properties", {}).items():
        whole, many = f"{inside}{name}", member.get("type") == "array"
        within = _resolved(spec, member["items"] if many else member)
        if "properties" in within and whole.count(".") < DEEPEST:
            yield from _members(spec, within, f"{whole}[]." if many else f"{whole}.")
        else:
            yield Value(whole, _form(member), name in found.get("required", ()), member.get("description", ""))


def _resolved(spec: Any, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    named = schema.get("$ref") or next((item["$ref"] for item in schema.get("allOf", ()) if "$ref" in item), None)
    found: Mapping[str, Any] = spec["components"]["schemas"][named.rsplit("/", 1)[1]] if named else schema
    return found


def _form(schema: Mapping[str, Any]) -> str:
    options = [str(item) for item in schema.get("enum", ()) if item is not None]
    if options:
        return ", ".join(options)
    kind = schema.get("type", "")
    named = schema.get("format") or next((item for item in kind if item != "null"), "") if kind else ""
    return str(schema.get("format") or (kind if isinstance(kind, str) else named))
