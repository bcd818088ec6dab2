"""DOCX and XLSX documents: opened completely, refused when active, published without author's traces.

Macros, OLE objects, ActiveX controls, other embedded documents, data connections and links to outside files
are **refused, not removed**, for the same reasons as in PDF documents. The properties (core, extended,
custom), the thumbnail, custom XML, printer settings, signatures and the list of people leave the copy whole,
with what points to them; an office program creates empty ones when it needs them. Only kinds of parts that
are known to be harmless are let in. Pure.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial

from consulta.errors import Refused
from consulta.i18n.text import N_
from consulta.inspection.images import strip_jpeg, strip_png
from consulta.inspection.office_edits import (
    AuthorEdits,
    edit_content_type,
    edit_link,
    link_target,
    may_name_someone,
)
from consulta.inspection.package import Package
from consulta.inspection.refusals import broken, mislabelled, refusal
from consulta.inspection.xml import rewrite, scan

__all__ = ["DOCX_MAIN", "XLSX_MAIN", "clean_office"]

_FAMILY = "application/vnd.openxmlformats-officedocument."
DOCX_MAIN = f"{_FAMILY}wordprocessingml.document.main+xml"
XLSX_MAIN = f"{_FAMILY}spreadsheetml.sheet.main+xml"
_ROOTS = {DOCX_MAIN: "document", XLSX_MAIN: "workbook"}

_CONTENT_TYPES = "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MACRO_TYPES = ("macroenabled", "vbaproject", "macrosheet")
_MACRO_LINKS = frozenset({"vbaProject", "wordVbaData", "xlMacrosheet", "xlIntlMacrosheet"})
_OBJECT_LINKS = frozenset({"aFChunk", "activeXControlBinary", "control", "oleObject", "package"})
_OUTSIDE_LINKS = frozenset({"connections", "externalLink", "externalLinkPath", "subDocument"})
_DROPPED_FOLDERS = ("docprops/", "customxml/", "docmetadata/", "_xmlsignatures/")
_DROPPED_LINKS = frozenset({"core-properties", "people", "printerSettings", "thumbnail"})
_HARMLESS = frozenset(
    {"bmp", "emf", "fntdata", "gif", "jpeg", "jpg", "odttf", "png", "rels", "svg", "vml", "wdp", "wmf", "xml"}
)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass
class _Plan:
    """What the first reading found: the parts to leave out, and which part is the document itself."""

    dropped: set[str] = field(default_factory=set)
    main: str = ""


def clean_office(name: str, content: bytes, main_type: str) -> bytes:
    """Return the document rewritten without properties or names of authors.

    Raises Refused when it is broken, protected, too large once unpacked, of another kind than main_type
    (DOCX_MAIN or XLSX_MAIN), or has macros, embedded objects or links to outside files. The same
    document always gives the same copy.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = Package(name, archive)
            plan = _plan(name, package, main_type)
            return _rewritten(name, package, plan)
    except Refused:
        raise
    except _UNREADABLE as error:
        raise broken(name) from error


def _plan(name: str, package: Package, main_type: str) -> _Plan:
    plan = _Plan()
    mains: dict[str, str] = {}

    def note_type(element: str, attributes: dict[str, str]) -> None:
        declared = attributes.get("ContentType", "")
        if any(mark in declared.lower() for mark in _MACRO_TYPES):
            raise _macros(name)
        if element == "Override" and declared in _ROOTS:
            mains[declared] = attributes.get("PartName", "").removeprefix("/")

    if _CONTENT_TYPES not in package.names():
        raise mislabelled(name)
    scan(package.read(_CONTENT_TYPES), note_type)
    if main_type not in mains:
        raise mislabelled(name)
    plan.main = mains[main_type]
    _require_root(package.read(plan.main), _ROOTS[main_type])
    for part in package.names():
        _plan_part(name, package, part, plan)
    return plan


def _require_root(data: bytes, expected: str) -> None:
    elements: list[str] = []
    scan(data, lambda element, _: elements.append(element) if not elements else None)
    if elements != [expected]:
        raise ValueError("the main part is not a document")


def _plan_part(name: str, package: Package, part: str, plan: _Plan) -> None:
    folded = part.casefold()
    if folded.startswith(_DROPPED_FOLDERS):
        plan.dropped.add(folded)
    elif folded.endswith(".rels"):
        scan(package.read(part), lambda _, attributes: _plan_link(name, part, attributes, plan))


def _plan_link(name: str, source: str, attributes: dict[str, str], plan: _Plan) -> None:
    kind = posixpath.basename(attributes.get("Type", ""))
    embedded_in_chart = kind == "package" and "/charts/" in f"/{source}"
    if kind in _DROPPED_LINKS or embedded_in_chart:
        plan.dropped.add(link_target(source, attributes))
    elif kind in _MACRO_LINKS:
        raise _macros(name)
    elif kind in _OBJECT_LINKS:
        raise _objects(name)
    elif kind in _OUTSIDE_LINKS or _leads_outside(kind, attributes):
        raise _outside(name)


def _leads_outside(kind: str, attributes: dict[str, str]) -> bool:
    is_external = attributes.get("TargetMode", "").lower() == "external"
    return is_external and kind not in {"hyperlink", "attachedTemplate"}


def _rewritten(name: str, package: Package, plan: _Plan) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as copy:
        for part, data in package.contents():
            if part.casefold() in plan.dropped:
                continue
            if _extension(part) not in _HARMLESS:
                raise _macros(name) if "vba" in part.casefold() else _objects(name)
            copy.writestr(zipfile.ZipInfo(part, _EPOCH), _clean_part(name, part, data, plan), zipfile.ZIP_DEFLATED)
    return output.getvalue()


def _extension(part: str) -> str:
    return part.rpartition(".")[2].casefold()


def _clean_part(name: str, part: str, data: bytes, plan: _Plan) -> bytes:
    extension = _extension(part)
    if part == _CONTENT_TYPES:
        return rewrite(data, partial(edit_content_type, plan.dropped))
    if extension == "rels":
        return rewrite(data, partial(edit_link, part, plan.dropped))
    if extension in {"xml", "svg"}:
        return _clean_xml(name, data)
    if data.startswith(b"\xff\xd8"):
        return strip_jpeg(data)
    return strip_png(data) if data.startswith(b"\x89PNG") else data


def _clean_xml(name: str, data: bytes) -> bytes:
    """Rewrite only parts that may name someone: large sheets are many, and are only read to their end."""
    if not may_name_someone(data):
        scan(data)
        return data
    edits = AuthorEdits()
    cleaned = rewrite(data, edits.attributes, edits.text)
    if edits.has_dynamic_exchange:
        raise _outside(name)
    return cleaned


def _macros(name: str) -> Refused:
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» contiene macros. Guárdelo como PDF, o como documento sin macros, "
            "y adjunte esa copia."
        ),
    )


def _objects(name: str) -> Refused:
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» lleva objetos incrustados (OLE, ActiveX u otros archivos). "
            "Guárdelo como PDF y adjunte esa copia; los demás archivos puede adjuntarlos por "
            "separado."
        ),
    )


def _outside(name: str) -> Refused:
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» toma datos o imágenes de otros archivos o sitios. Guárdelo como "
            "PDF y adjunte esa copia."
        ),
    )
