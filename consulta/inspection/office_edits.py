"""What is changed inside each kind of part of an office document so that it stops naming people. Pure."""

import posixpath
import re
from collections.abc import Set as AbstractSet

from consulta.inspection.xml import local_name

__all__ = ["AuthorEdits", "edit_content_type", "edit_link", "link_target", "may_name_someone"]

# Written inside the document: who commented or changed something, who last edited a shared workbook, where
# the file lay. The marks of editing sessions (rsid) let two documents be traced to one author.
_BLANKED_ANYWHERE = frozenset({"author", "initials"})
_BLANKED_IN = frozenset(
    {
        ("absPath", "url"),
        ("fileSharing", "userName"),
        ("header", "userName"),
        ("person", "displayName"),
        ("person", "providerId"),
        ("person", "userId"),
        ("userInfo", "name"),
    }
)
_LEFT_OUT = frozenset({"attachedTemplate", "docVars", "externalData", "printerSettings", "rsids"})
_AUTHOR = "author"
_NOTE_TEXT = "t"
_FIELD_CODE = "instrText"
# A simple field carries its code in an attribute; a complex one begins and ends with a mark of its own.
_FIELD_EDGES = frozenset({"fldChar", "fldSimple"})
_DYNAMIC_EXCHANGE = re.compile(r"\n\s*DDE", re.IGNORECASE)

_TRIGGERS = (
    b"<!--",
    b"attachedTemplate",
    b"author",
    b"docVars",
    b"externalData",
    b"initials",
    b"instr",
    b"printerSettings",
    b"rsid",
    b"url",
    b"userId",
    b"userInfo",
    b"userName",
)
_PRINTER_LINK = re.compile(rb"pageSetup[^>]*:id")

_WEB = ("http://", "https://", "mailto:", "tel:", "#")
# Where links to a folder or machine of the author lead in the copy: the link remains, its address does not.
_NOWHERE = "about:blank"


def may_name_someone(data: bytes) -> bool:
    """Say whether the part has anything to blank; a part in UTF-16 always may."""
    if b"\x00" in data[:4] or _PRINTER_LINK.search(data):
        return True
    return any(trigger in data for trigger in _TRIGGERS)


class AuthorEdits:
    """Blanks the names in one part, and remembers its note authors and field codes while it is read."""

    def __init__(self) -> None:
        self._authors: set[str] = set()
        self._field_codes: list[str] = []

    @property
    def has_dynamic_exchange(self) -> bool:
        """Say whether some field starts another program (DDE), also when its code is cut into pieces."""
        return _DYNAMIC_EXCHANGE.search("".join(self._field_codes)) is not None

    def attributes(self, element: str, attributes: dict[str, str]) -> dict[str, str] | None:
        """Blank the attributes that name someone, drop those that trace or point to what was left out."""
        if element in _LEFT_OUT:
            return None
        if element in _FIELD_EDGES:
            self._field_codes.extend(["\n", *attributes.values(), "\n"])
        return {key: _value(element, key, value) for key, value in attributes.items() if not _is_trace(element, key)}

    def text(self, element: str, text: str) -> str:
        """Blank the list of note authors, and the "Name:" that spreadsheets put before the text of a note."""
        if element == _AUTHOR and text.strip():
            self._authors.add(f"{text.strip()}:")
            return ""
        if element == _NOTE_TEXT:
            return self._unsigned(text)
        if element == _FIELD_CODE:
            self._field_codes.append(text)
        return text

    def _unsigned(self, text: str) -> str:
        signature = next((each for each in self._authors if text.lstrip().startswith(each)), "")
        return text.lstrip().removeprefix(signature) if signature else text


def _is_trace(element: str, key: str) -> bool:
    prefix, _, name = key.rpartition(":")
    if prefix == "xmlns":
        return False
    return name.startswith("rsid") or (element == "pageSetup" and prefix != "" and name == "id")


def _value(element: str, key: str, value: str) -> str:
    name = local_name(key)
    if key.startswith("xmlns"):
        return value
    return "" if name in _BLANKED_ANYWHERE or (element, name) in _BLANKED_IN else value


def edit_content_type(dropped: AbstractSet[str], element: str, attributes: dict[str, str]) -> dict[str, str] | None:
    """Leave out of the list of types the parts that were left out of the package."""
    part = attributes.get("PartName", "").removeprefix("/").casefold()
    return None if element == "Override" and part in dropped else attributes


def link_target(source: str, attributes: dict[str, str]) -> str:
    """Return the part that a link in the relationship file ``source`` points to, folded for comparison."""
    folder = posixpath.dirname(posixpath.dirname(source))
    target = posixpath.join("/", folder, attributes.get("Target", ""))
    return posixpath.normpath(target).strip("/").casefold()


def edit_link(
    source: str, dropped: AbstractSet[str], element: str, attributes: dict[str, str]
) -> dict[str, str] | None:
    """Leave out links to dropped parts and templates; links to the author's machine lead nowhere."""
    if element != "Relationship":
        return attributes
    if posixpath.basename(attributes.get("Type", "")) == "attachedTemplate":
        return None
    if attributes.get("TargetMode", "").lower() != "external":
        return None if link_target(source, attributes) in dropped else attributes
    is_web = attributes.get("Target", "").lower().startswith(_WEB)
    return attributes if is_web else {**attributes, "Target": _NOWHERE}
