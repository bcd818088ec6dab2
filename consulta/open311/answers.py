"""Answers in the two forms of the standard: XML, and JSON by the Spark convention."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, request
from lxml import etree

from consulta.open311.states import AnswerFormat
from consulta.submissions.rules import FORBIDDEN

MEDIA_TYPES = {AnswerFormat.JSON: "application/json; charset=utf-8", AnswerFormat.XML: "text/xml; charset=utf-8"}
# What each member of a list is called in XML; in JSON a list at the root has no name.
MEMBERS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}


def answer(root: str, content: Sequence[Any] | Mapping[str, Any], form: AnswerFormat, status: int = 200) -> Response:
    """Return an answer whose root has a name (in XML; JSON has none), in a form."""
    body = as_json(content) if form == AnswerFormat.JSON else as_xml(root, content)
    return Response(body, status, content_type=MEDIA_TYPES[form])


def refuse(status: int, *descriptions: str) -> Response:
    """Return errors as the standard writes them: a list of codes, which are the HTTP status, and descriptions."""
    errors = [{"code": status, "description": text} for text in descriptions]
    return answer("errors", errors, asked_form(), status)


def answer_error(status: int, description: str) -> Response:
    """Return what the application could not do, in the form that was asked for. What must be corrected is a 400."""
    return refuse(400 if status == 422 else status, description)


def asked_form() -> AnswerFormat:
    """Return the form of the address; without one, JSON where it is accepted before XML, and else XML.

    XML is the form that the standard requires of everybody.
    """
    extension = request.path.rpartition(".")[2]
    if extension in list(AnswerFormat):
        return AnswerFormat(extension)
    accepted = request.accept_mimetypes.best_match(["text/xml", "application/xml", "application/json"], "text/xml")
    return AnswerFormat.JSON if accepted == "application/json" else AnswerFormat.XML


def as_json(content: Any) -> bytes:
    """Return JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def as_xml(root: str, content: Any) -> bytes:
    """Return XML with its declaration; characters that XML does not allow are left out."""
    written: bytes = etree.tostring(_element(root, content), xml_declaration=True, encoding="utf-8")
    return written


def _element(name: str, value: Any) -> Any:
    element = etree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, item) for key, item in value.items())
    elif isinstance(value, (list, tuple)):
        element.extend(_element(MEMBERS[name], item) for item in value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = FORBIDDEN.sub("", str(value))
    return element
