"""Reading and rewriting the XML parts of office documents, as a stream and without trusting them.

Names keep the prefixes they came with, because office programs refer to prefixes from inside values
(``mc:Ignorable="w14"``), which a namespace-aware rewriting would break. A document type declaration is
refused before its content is read, so neither entities nor external files are ever followed. Pure.
"""

from collections.abc import Callable
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

__all__ = ["AttributeEdit", "Malformed", "TextEdit", "local_name", "rewrite", "scan"]

# Given the element (without prefix) and its attributes: those to write, or None to leave the element out
# with all it contains.
AttributeEdit = Callable[[str, dict[str, str]], dict[str, str] | None]
# Given the element (without prefix) and a text inside it: the text to write.
TextEdit = Callable[[str, str], str]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CARRIAGE_RETURN = {"\r": "&#13;"}


class Malformed(ValueError):
    """The part is not well-formed XML, or carries a document type declaration."""


def local_name(name: str) -> str:
    """Return the name without its prefix."""
    return name.rpartition(":")[2]


def scan(data: bytes, on_start: Callable[[str, dict[str, str]], None] | None = None) -> None:
    """Read the part to its end, calling on_start(element, attributes); raise Malformed when that fails."""
    parser = _parser()
    if on_start is not None:
        parser.StartElementHandler = lambda name, attributes: on_start(local_name(name), attributes)
    _feed(parser, data)


def rewrite(data: bytes, edit_attributes: AttributeEdit, edit_text: TextEdit | None = None) -> bytes:
    """Return the part in UTF-8, edited and without comments; raise Malformed when it cannot be read."""
    return _Rewriter(edit_attributes, edit_text or _unchanged).run(data)


def _unchanged(_element: str, text: str) -> str:
    return text


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise Malformed("document type declaration")


def _feed(parser: expat.XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as error:
        raise Malformed(str(error)) from error


class _Rewriter:
    def __init__(self, edit_attributes: AttributeEdit, edit_text: TextEdit) -> None:
        self._edit_attributes = edit_attributes
        self._edit_text = edit_text
        self._written: list[str] = [_DECLARATION]
        self._path: list[str] = []
        self._left_out = 0
        self._tag_open = False

    def run(self, data: bytes) -> bytes:
        parser = _parser()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        _feed(parser, data)
        return "".join(self._written).encode("utf-8")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._left_out:
            self._left_out += 1
            return
        element = local_name(name)
        kept = self._edit_attributes(element, attributes)
        if kept is None:
            self._left_out = 1
            return
        self._close_tag()
        self._path.append(element)
        self._written.append("".join([f"<{name}", *(f" {key}={quoteattr(kept[key])}" for key in kept)]))
        self._tag_open = True

    def _end(self, name: str) -> None:
        if self._left_out:
            self._left_out -= 1
            return
        self._path.pop()
        self._written.append("/>" if self._tag_open else f"</{name}>")
        self._tag_open = False

    def _characters(self, text: str) -> None:
        if self._left_out:
            return
        self._close_tag()
        self._written.append(escape(self._edit_text(self._path[-1], text), _CARRIAGE_RETURN))

    def _close_tag(self) -> None:
        if self._tag_open:
            self._written.append(">")
            self._tag_open = False
