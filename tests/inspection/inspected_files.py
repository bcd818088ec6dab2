"""Real files of every accepted type, made on the spot, and how the tests look at them."""

import io
import zipfile
from collections.abc import Callable
from xml.sax.saxutils import escape

import openpyxl
import pikepdf
import pytest
from openpyxl.comments import Comment
from PIL import Image

from consulta.errors import Refused
from consulta.inspection.files import inspect

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AUTHOR = "Juana Pérez Autora"
Parts = dict[str, bytes]


def a_jpeg(size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(output, "JPEG", **options)
    return output.getvalue()


def a_png(size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size).save(output, "PNG", **options)
    return output.getvalue()


def an_exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif[0x013B] = AUTHOR
    exif.get_ifd(0x8825).update({1: "N", 2: (19.0, 25.0, 57.0), 3: "W", 4: (99.0, 7.0, 59.0)})
    return exif


def a_pdf(change: Callable[[pikepdf.Pdf], None] | None = None, **options: object) -> bytes:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 720 Td (Hola) Tj ET")
        if change is not None:
            change(pdf)
        output = io.BytesIO()
        pdf.save(output, **options)
    return output.getvalue()


def word_parts() -> Parts:
    return {
        "[Content_Types].xml": f"""<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="jpeg" ContentType="image/jpeg"/>
<Override PartName="/word/document.xml" ContentType="{WORD}"/>
<Override PartName="/docProps/core.xml"
 ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>""".encode(),
        "_rels/.rels": links(
            (f"{LINK}/officeDocument", "word/document.xml", ""),
            (
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
                "",
            ),
        ),
        "docProps/core.xml": f"""<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties">
<dc:creator>{AUTHOR}</dc:creator><cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy></cp:coreProperties>""".encode(),
        "word/document.xml": a_body('<w:p><w:r><w:t xml:space="preserve"> Me opongo &amp; propongo </w:t></w:r></w:p>'),
    }


def a_body(inside: str) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD_SPACE}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14">'
        f"<w:body>{inside}</w:body></w:document>"
    ).encode()


def links(*entries: tuple[str, str, str]) -> bytes:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"/>' if mode else "/>")
        for number, (kind, target, mode) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'.encode()


def a_zip(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


def a_docx(**parts: bytes) -> bytes:
    return a_zip({**word_parts(), **parts})


def a_written_docx(*paragraphs: str) -> bytes:
    """Build a document of plain paragraphs; one that begins with # is a heading of the first level."""
    inside = "".join(_a_paragraph(text) for text in paragraphs)
    return a_docx(**{"word/document.xml": a_body(inside)})


def _a_paragraph(text: str) -> str:
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>' if text.startswith("# ") else ""
    return f"<w:p>{style}<w:r><w:t>{escape(text.removeprefix('# '))}</w:t></w:r></w:p>"


def a_written_pdf(*lines: str) -> bytes:
    """Build a PDF of one page with these lines as text."""
    shown = " ".join(f"({line.encode('latin-1').decode('latin-1')}) Tj T*" for line in lines)

    def write(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(f"BT /F1 12 Tf 14 TL 40 700 Td {shown} ET".encode("latin-1"))

    return a_pdf(write)


def a_xlsx() -> bytes:
    output = io.BytesIO()
    book = openpyxl.Workbook()
    book.properties.creator = AUTHOR
    book.properties.lastModifiedBy = AUTHOR
    book.active["A1"] = "Presupuesto"
    book.active["B1"] = 1250.5
    book.active["A1"].comment = Comment(f"{AUTHOR}:\nRevisar", AUTHOR)
    book.save(output)
    return output.getvalue()


def unzipped(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(filename: str, content: bytes) -> str:
    with pytest.raises(Refused) as caught:
        inspect(filename, content)
    assert caught.value.field == "files"
    return caught.value.message


SAMPLES: dict[str, Callable[[], bytes]] = {
    "a.pdf": a_pdf,
    "a.jpg": a_jpeg,
    "a.png": a_png,
    "a.docx": a_docx,
    "a.xlsx": a_xlsx,
}
