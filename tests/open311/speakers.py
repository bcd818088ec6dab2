"""Programs that speak Open311, and the schemas of the standard that every answer must hold."""

import json
from pathlib import Path
from typing import Any

import jsonschema
from flask import Flask
from lxml import etree
from werkzeug.test import TestResponse

SCHEMAS = Path(__file__).parent / "schemas"
SWAGGER: dict[str, Any] = json.loads((SCHEMAS / "swagger.json").read_text("utf-8"))
ROOT = "/open311/v2"
LISTS = frozenset({"services", "service_requests", "attributes", "values", "endpoints", "formats", "errors"})
ERRORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "required": ["code", "description"],
        "additionalProperties": False,
        "properties": {"code": {"type": "integer"}, "description": {"type": "string", "minLength": 5}},
    },
}


def schema_of(definition: str, *, many: bool = False) -> dict[str, Any]:
    """Return a definition of the standard as a schema: of one object, or of a list of them.

    Nothing that the standard does not name may be there, so that an answer says no more than it should.
    """
    definitions = json.loads(json.dumps(SWAGGER["definitions"]))
    for item in definitions.values():
        item |= {"type": "object", "additionalProperties": False}
    one = {"$ref": f"#/definitions/{definition}"}
    return {**({"type": "array", "items": one} if many else one), "definitions": definitions}


def check(content: Any, schema: dict[str, Any]) -> Any:
    """Hold a schema of the standard, formats included, and return the content."""
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(content)
    return content


class Speaker:
    """A program that asks for each answer in both forms and holds that they say the same."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()

    def get(self, path: str, code: int = 200, /, **query: str) -> Any:
        """Read in JSON and in XML."""
        read = self.client.get(f"{ROOT}{path}.json", query_string=query)
        same = self.client.get(f"{ROOT}{path}.xml", query_string=query)
        return self._both(read, same, code)

    def post(self, form: dict[str, Any], status: int = 200, extension: str = "json", **headers: str) -> Any:
        """Hand in, and return what the answer says."""
        response = self.client.post(f"{ROOT}/requests.{extension}", data=form, headers=headers)
        assert response.status_code == status, response.get_data(as_text=True)
        assert response.headers["Cache-Control"] == "no-store"
        content = from_xml(response) if extension == "xml" else from_json(response)
        return check(content, ERRORS if status >= 400 else schema_of("RequestResponse", many=True))

    def _both(self, read: TestResponse, same: TestResponse, status: int) -> Any:
        assert (read.status_code, same.status_code) == (status, status), read.get_data(as_text=True)
        content = from_json(read)
        if status >= 400:
            check(content, ERRORS)
        assert from_xml(same) == as_words(content)
        return content


def from_json(response: TestResponse) -> Any:
    """Return what an answer says in JSON."""
    assert response.content_type == "application/json; charset=utf-8"
    assert not response.headers.getlist("Set-Cookie")
    return json.loads(response.get_data())


def from_xml(response: TestResponse) -> Any:
    """Return what an answer says in XML, as the Spark convention reads it: every value a word."""
    assert response.content_type == "text/xml; charset=utf-8"
    assert not response.headers.getlist("Set-Cookie")
    return read_xml(response.get_data())


def read_xml(content: bytes) -> Any:
    """Return what XML says: every value a word."""
    assert content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    return _read(etree.fromstring(content))


def as_words(content: Any) -> Any:
    """Return JSON with every value as the word that XML has for it."""
    if isinstance(content, dict):
        # The code of an error is a number in both forms: so it can be held against one schema.
        kept = {"code"} if set(content) == {"code", "description"} else set()
        return {name: value if name in kept else as_words(value) for name, value in content.items()}
    if isinstance(content, list):
        return [as_words(item) for item in content]
    return {True: "true", False: "false"}.get(content, str(content)) if isinstance(content, bool) else str(content)


def _read(element: Any) -> Any:
    """Return an element: a list, an object or a word. Codes of errors are numbers in both forms."""
    if element.tag == "code" and element.getparent().tag == "error":
        return int(element.text)
    if element.tag in LISTS:
        return [_read(child) for child in element]
    return {child.tag: _read(child) for child in element} if len(element) else element.text or ""
