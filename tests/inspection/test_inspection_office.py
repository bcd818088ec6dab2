"""Office documents lose the names of those who wrote them, and nothing of what they wrote."""

import io

import openpyxl
import xlsxwriter
from PIL import Image

from consulta.inspection.files import inspect
from tests.inspection.inspected_files import (
    AUTHOR,
    LINK,
    WORD_SPACE,
    a_body,
    a_docx,
    a_jpeg,
    a_xlsx,
    a_zip,
    an_exif,
    links,
    unzipped,
)


def test_properties_leave_the_docx_and_the_text_stays() -> None:
    public = unzipped(inspect("a.docx", a_docx()).public_content)

    assert set(public) == {"[Content_Types].xml", "_rels/.rels", "word/document.xml"}
    assert b"docProps" not in public["[Content_Types].xml"] + public["_rels/.rels"]
    assert b'<w:t xml:space="preserve"> Me opongo &amp; propongo </w:t>' in public["word/document.xml"]
    assert b'mc:Ignorable="w14"' in public["word/document.xml"]
    assert not any(b"Autora" in part for part in public.values())


def test_authors_of_changes_and_comments_are_blanked_in_the_docx() -> None:
    body = a_body(
        f'<!-- {AUTHOR} --><w:p w:rsidR="00A1B2C3"><w:ins w:id="1" w:author="{AUTHOR}">'
        "<w:r><w:t>autora</w:t></w:r></w:ins></w:p>"
    )
    comments = f"""<w:comments xmlns:w="{WORD_SPACE}">
<w:comment w:id="0" w:author="{AUTHOR}" w:initials="JPA">
<w:p><w:r><w:t>Revisar</w:t></w:r></w:p></w:comment></w:comments>""".encode()
    utf16 = f'<?xml version="1.0" encoding="UTF-16"?><w:x xmlns:w="{WORD_SPACE}" w:author="{AUTHOR}"/>'.encode("utf-16")

    public = unzipped(
        inspect(
            "a.docx",
            a_docx(
                **{"word/document.xml": body, "word/comments.xml": comments, "word/footnotes.xml": utf16},
            ),
        ).public_content
    )

    assert b'w:ins w:id="1" w:author=""' in public["word/document.xml"]
    assert b"autora" in public["word/document.xml"]
    assert b"rsid" not in public["word/document.xml"]
    assert b'w:author="" w:initials=""' in public["word/comments.xml"]
    assert b"Revisar" in public["word/comments.xml"]
    assert b'w:author=""' in public["word/footnotes.xml"]
    assert not any(AUTHOR.encode() in part or b"JPA" in part for part in public.values())


def test_people_templates_and_own_folders_leave_the_docx() -> None:
    main_links = links(
        ("http://schemas.microsoft.com/office/2011/relationships/people", "people.xml", ""),
        (f"{LINK}/customXml", "../customXml/item1.xml", ""),
        (f"{LINK}/hyperlink", "file:///C:/Users/juana/notas.docx", "External"),
        (f"{LINK}/hyperlink", "https://www.gob.mx/", "External"),
    )
    template = links((f"{LINK}/attachedTemplate", "file:///C:/Users/juana/plantilla.dotm", "External"))
    settings_part = f"""<w:settings xmlns:w="{WORD_SPACE}"
 xmlns:r="{LINK}"><w:attachedTemplate r:id="rId1"/><w:zoom w:percent="100"/>
<w:rsids><w:rsidRoot w:val="00A1B2C3"/></w:rsids></w:settings>""".encode()

    public = unzipped(
        inspect(
            "a.docx",
            a_docx(
                **{
                    "word/_rels/document.xml.rels": main_links,
                    "word/people.xml": b"<people author='juana'/>",
                    "customXml/item1.xml": b"<dueno>juana</dueno>",
                    "word/settings.xml": settings_part,
                    "word/_rels/settings.xml.rels": template,
                }
            ),
        ).public_content
    )

    assert not {"word/people.xml", "customXml/item1.xml"} & set(public)
    kept = public["word/_rels/document.xml.rels"]
    assert b"about:blank" in kept
    assert b"https://www.gob.mx/" in kept
    assert b"people" not in kept
    assert b"<w:zoom" in public["word/settings.xml"]
    assert not any(b"juana" in part or b"rsid" in part for part in public.values())


def test_place_leaves_a_photograph_inside_a_docx() -> None:
    public = unzipped(inspect("a.docx", a_docx(**{"word/media/image1.jpeg": a_jpeg(exif=an_exif())})).public_content)

    assert b"CameraMaker" not in public["word/media/image1.jpeg"]
    assert Image.open(io.BytesIO(public["word/media/image1.jpeg"])).size == (60, 40)


def test_author_leaves_the_xlsx_and_the_figures_stay() -> None:
    content = a_xlsx()
    assert openpyxl.load_workbook(io.BytesIO(content)).properties.creator == AUTHOR

    public = inspect("a.xlsx", content).public_content

    book = openpyxl.load_workbook(io.BytesIO(public))
    assert book.properties.creator != AUTHOR
    assert book.active["A1"].value == "Presupuesto"
    assert book.active["B1"].value == 1250.5
    assert "Revisar" in book.active["A1"].comment.text
    assert not any(b"Autora" in part for part in unzipped(public).values())


def test_note_signature_and_persons_are_blanked_in_the_xlsx() -> None:
    comments = f"""<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<authors><author>{AUTHOR}</author></authors><commentList><comment ref="A1" authorId="0"><text>
<r><t>{AUTHOR}:</t></r><r><t xml:space="preserve">
Revisar</t></r></text></comment></commentList></comments>""".encode()
    persons = f"""<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">
<person displayName="{AUTHOR}" id="{{1}}" userId="S::juana@x.mx" providerId="AD"/></personList>""".encode()
    parts = unzipped(a_xlsx())
    parts["xl/comments/comment1.xml"] = comments
    parts["xl/persons/person.xml"] = persons

    public = unzipped(inspect("a.xlsx", a_zip(parts)).public_content)

    assert b'displayName="" id="{1}" userId="" providerId=""' in public["xl/persons/person.xml"]
    assert b"Revisar" in public["xl/comments/comment1.xml"]
    assert not any(b"Autora" in part or b"juana" in part for part in public.values())


def test_workbook_written_by_another_program_survives() -> None:
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as book:
        book.set_properties({"author": AUTHOR, "company": "Secreta SA"})
        sheet = book.add_worksheet("Datos")
        sheet.write("A1", "=1+1")
        sheet.write_url("A2", "https://www.gob.mx/")
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Datos!$A$1:$A$2"})
        sheet.insert_chart("C1", chart)

    public = inspect("a.xlsx", output.getvalue()).public_content

    assert openpyxl.load_workbook(io.BytesIO(public))["Datos"]["A1"].value == "=1+1"
    assert not any(b"Autora" in part or b"Secreta" in part for part in unzipped(public).values())


def test_workbook_behind_a_chart_is_left_out_and_the_chart_stays() -> None:
    chart = f'<c:chart xmlns:c="c" xmlns:r="{LINK}"><c:v>5</c:v><c:externalData r:id="rId1"/></c:chart>'.encode()
    public = unzipped(
        inspect(
            "a.docx",
            a_docx(
                **{
                    "word/charts/chart1.xml": chart,
                    "word/charts/_rels/chart1.xml.rels": links((f"{LINK}/package", "../embeddings/libro.xlsx", "")),
                    "word/embeddings/libro.xlsx": a_xlsx(),
                }
            ),
        ).public_content
    )

    assert "word/embeddings/libro.xlsx" not in public
    assert b"<c:v>5</c:v></c:chart>" in public["word/charts/chart1.xml"]
    assert b"libro" not in public["word/charts/_rels/chart1.xml.rels"]
