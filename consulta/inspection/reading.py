"""A document as a page: clean HTML with an anchor per article and heading. The only reader of text documents."""

import io
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import Any

import lxml.html
import mammoth
import nh3
from lxml.etree import ParserError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from consulta.errors import Refused
from consulta.i18n.text import _

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
# Fewer letters than this on an average page is a picture of a text, not a text.
FEWEST_LETTERS_A_PAGE = 40
MOST_PAGES = 600
MOST_ANCHORS = 3_000
ALLOWED_TAGS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "sup", "sub", "br", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "a"),
}
# A page has one h1 already, so the titles of a document begin one level below.
STYLES = "\n".join(
    [
        "p[style-name='Title'] => h2:fresh",
        "p[style-name='Título'] => h2:fresh",
        *(f"p[style-name='heading {n}'] => h{min(n + 1, 6)}:fresh" for n in range(1, 7)),
        *(f"p[style-name='Heading {n}'] => h{min(n + 1, 6)}:fresh" for n in range(1, 7)),
        "r[style-name='Strong'] => strong",
    ]
)
# "Artículo 12 Bis.", "ARTÍCULO PRIMERO.-", "Art. 5": how Mexican laws open an article.
ARTICLE = re.compile(
    r"^\s*(art[íi]culo|art\.)\s+((?:\d+|[a-záéíóúñ]+)(?:\s*[º°o](?=[\s.]))?(?:\s+(?:bis|ter|qu[áa]ter))?)",
    re.IGNORECASE,
)
CHAPTER = re.compile(r"^\s*(t[íi]tulo|cap[íi]tulo|secci[óo]n|transitorios?|anexo)\b.{0,90}$", re.IGNORECASE)


@dataclass(frozen=True)
class ReadDocument:
    """A document as a page. `anchors` are its headings and articles in order."""

    html: str
    anchors: list[dict[str, Any]] = field(default_factory=list)


def read_document(name: str, media_type: str, content: bytes) -> ReadDocument:
    """Return the page of a DOCX, or of the text of a PDF.

    Raises Refused, naming the file, for a PDF without text (a scan): a person who cannot see could not read it;
    and for a document with nothing in it.
    """
    if media_type == DOCX:
        raw = _docx(name, content)
    elif media_type == PDF:
        raw = _pdf(name, content)
    else:
        raise Refused(
            _("«%(name)s»: el documento que se consulta debe ser DOCX, o PDF con texto.", name=name), field="file"
        )
    return _anchored(name, _clean(raw))


def _clean(html: str, *, ids: bool = False) -> str:
    """Return HTML with the known tags only; `ids` keeps those that were given here."""
    own = {"id"} if ids else set()
    attributes = {tag: set(own) for tag in ALLOWED_TAGS} | {"td": {"colspan", "rowspan"}, "a": {"href"}}
    return nh3.clean(html, tags=ALLOWED_TAGS, attributes=attributes)


def _docx(name: str, content: bytes) -> str:
    try:
        found = mammoth.convert_to_html(
            io.BytesIO(content), style_map=STYLES, convert_image=mammoth.images.img_element(lambda _image: {})
        )
    except Exception as error:  # the library raises whatever its parsers raise
        raise Refused(
            _("«%(name)s» no se puede leer: ábralo, guárdelo de nuevo como DOCX y súbalo otra vez.", name=name),
            field="file",
        ) from error
    return str(found.value)


def _pdf(name: str, content: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(content))
        if len(reader.pages) > MOST_PAGES:
            raise Refused(
                _("«%(name)s» tiene más de %(most)s páginas: divídalo.", name=name, most=MOST_PAGES), field="file"
            )
        pages = [page.extract_text() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise Refused(_("«%(name)s» no se puede leer como PDF.", name=name), field="file") from error
    letters = sum(character.isalnum() for text in pages for character in text)
    if letters < FEWEST_LETTERS_A_PAGE * max(len(pages), 1):
        raise Refused(
            _(
                "«%(name)s» es una imagen: nadie puede buscar en ella ni oírla leída. Suba el DOCX, o el PDF que se "
                "exporta desde el procesador de textos.",
                name=name,
            ),
            field="file",
        )
    return "".join(f"<p>{escape(text)}</p>" for text in _paragraphs("\n".join(pages)))


def _paragraphs(text: str) -> list[str]:
    """Return the lines of a PDF joined into paragraphs: an article, a chapter or a blank line begins one."""
    found: list[list[str]] = []
    fresh = True
    for line in (" ".join(raw.split()) for raw in text.split("\n")):
        if not line:
            fresh = True
        elif fresh or ARTICLE.match(line) or CHAPTER.match(line):
            found.append([line])
            fresh = bool(CHAPTER.match(line))
        else:
            found[-1].append(line)
    return [" ".join(lines) for lines in found]


def _anchored(name: str, html: str) -> ReadDocument:
    """Give every heading and article an id; a chapter written as a plain paragraph becomes a heading."""
    try:
        body = lxml.html.fragment_fromstring(html, create_parent="div")
    except ParserError as error:
        raise _empty(name) from error
    if not "".join(body.itertext()).strip():
        raise _empty(name)
    anchors: list[dict[str, Any]] = []
    # The frame of every page has these.
    taken = Counter({"contenido": 1, "folio": 1})
    for title in body.iter("h1"):
        title.tag = "h2"
    for element in list(body.iter("p", "h2", "h3", "h4", "h5", "h6")):
        text = " ".join("".join(element.itertext()).split())
        level = _level(element, text)
        if not text or level is None:
            continue
        if element.tag == "p" and level < 5:
            element.tag = f"h{level}"
        title = _title(text)
        element.set("id", _anchor(title, taken))
        anchors.append({"id": element.get("id"), "title": title, "level": level})
    if len(anchors) > MOST_ANCHORS:
        raise Refused(
            _("«%(name)s» tiene demasiados artículos: divídalo en varios documentos.", name=name), field="file"
        )
    inner = escape(body.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in body)
    return ReadDocument(_clean(inner, ids=True), anchors)


def _level(element: Any, text: str) -> int | None:
    """Return the level of a heading; 5 for an article inside its paragraph; None for plain text."""
    if element.tag != "p":
        return int(element.tag[1])
    if element.getparent().tag in ("td", "th", "li"):
        return None
    if CHAPTER.match(text):
        return 3
    return 5 if ARTICLE.match(text) else None


def _title(text: str) -> str:
    article = ARTICLE.match(text)
    if article is not None:
        return f"Artículo {article[2].strip().capitalize() if not article[2][0].isdigit() else article[2].strip()}"
    return text if len(text) <= 120 else text[:119].rsplit(" ", 1)[0] + "…"


def _anchor(title: str, taken: Counter[str]) -> str:
    """Return an id that no other part has: the title's words, and a number from the second on."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", ascii_title))[:60] or "parte"
    taken[base] += 1
    while taken[base] > 1 and f"{base}-{taken[base]}" in taken:
        taken[base] += 1
    name = base if taken[base] == 1 else f"{base}-{taken[base]}"
    taken[name] += name != base
    return name


def _empty(name: str) -> Refused:
    return Refused(_("«%(name)s» no trae texto: revise que sea el documento correcto.", name=name), field="file")
