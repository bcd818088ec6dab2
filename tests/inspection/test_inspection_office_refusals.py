"""Office documents that act, embed, reach outside or explode are refused."""

import random
import time

import pytest

from consulta.inspection.files import MAX_FILE_BYTES, inspect
from tests.inspection.inspected_files import (
    LINK,
    WORD,
    Parts,
    a_body,
    a_docx,
    a_xlsx,
    a_zip,
    links,
    refused,
    unzipped,
    word_parts,
)


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"word/vbaProject.bin": b"x"}, "contiene macros"),
        ({"word/_rels/document.xml.rels": links((f"{LINK}/vbaProject", "m.xml", ""))}, "contiene macros"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "objetos incrustados"),
        ({"word/activeX/activeX1.bin": b"x"}, "objetos incrustados"),
        ({"word/embeddings/otro.docx": b"x"}, "objetos incrustados"),
        ({"payload.exe": b"MZ"}, "objetos incrustados"),
        (
            {"word/_rels/document.xml.rels": links((f"{LINK}/oleObject", "http://x.example/a", "External"))},
            "objetos",
        ),
        (
            {"word/_rels/document.xml.rels": links((f"{LINK}/control", "activeX/a.xml", ""))},
            "objetos incrustados",
        ),
        ({"word/_rels/document.xml.rels": links((f"{LINK}/aFChunk", "a.xml", ""))}, "objetos incrustados"),
        (
            {"word/_rels/document.xml.rels": links((f"{LINK}/image", "http://x.example/p.png", "External"))},
            "sitios",
        ),
        ({"word/_rels/document.xml.rels": links((f"{LINK}/frame", "\\\\x\\y", "external"))}, "sitios"),
        ({"word/document.xml": a_body('<w:fldSimple w:instr=" DDEAUTO cmd x"/>')}, "sitios"),
        (
            {
                "word/document.xml": a_body(
                    '<w:fldChar w:fldCharType="begin"/><w:instrText>DD</w:instrText><w:instrText>E cmd</w:instrText>'
                )
            },
            "sitios",
        ),
        ({"word/../../../etc/cron.d/x.xml": b"<x/>"}, "dañado"),
        ({"/etc/x.xml": b"<x/>"}, "dañado"),
        ({"word\\..\\x.xml": b"<x/>"}, "dañado"),
        ({"word/DOCUMENT.xml": b"<x/>"}, "dañado"),
        ({"word/document.xml": b"<w:document"}, "dañado"),
        ({"word/document.xml": b"<otro/>"}, "dañado"),
        ({"word/footnotes.xml": b"not xml"}, "dañado"),
        ({"word/footnotes.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "dañado"),
        ({"word/footnotes.xml": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}, "dañado"),
        ({"word/media/image1.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 20}, "dañado"),
    ],
)
def test_docx_with_dangerous_parts_is_refused(parts: Parts, problem: str) -> None:
    assert problem in refused("a.docx", a_docx(**parts))


def test_words_that_contain_dde_are_not_dynamic_exchange() -> None:
    body = a_body('<w:fldChar w:fldCharType="begin"/><w:instrText> HYPERLINK "https://x.mx/saddened"</w:instrText>')

    assert inspect("a.docx", a_docx(**{"word/document.xml": body})).filename == "a.docx"


@pytest.mark.parametrize(
    "declared",
    ["application/vnd.ms-word.document.macroEnabled.main+xml", "application/vnd.ms-office.vbaProject"],
)
def test_docx_that_declares_macros_is_refused(declared: str) -> None:
    types = word_parts()["[Content_Types].xml"].replace(WORD.encode(), declared.encode())

    assert "contiene macros" in refused("a.docx", a_docx(**{"[Content_Types].xml": types}))


@pytest.mark.parametrize("kind", ["externalLink", "connections", "xlMacrosheet"])
def test_xlsx_that_takes_from_elsewhere_or_has_old_macros_is_refused(kind: str) -> None:
    parts = unzipped(a_xlsx())
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="x" Type="{LINK}/{kind}" Target="x.xml"/></Relationships>'.encode(),
    )

    assert ("macros" if kind == "xlMacrosheet" else "otros archivos o sitios") in refused("a.xlsx", a_zip(parts))


def test_zip_that_is_no_document_is_refused() -> None:
    assert "no contiene lo que anuncia" in refused("a.docx", a_zip({"a.xml": b"<a/>"}))


def test_document_with_password_or_of_before_2007_is_refused() -> None:
    assert "protegido con contraseña" in refused("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500)
    encrypted = bytearray(a_docx())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        position = encrypted.find(start)
        encrypted[position + (6 if start[2] == 3 else 8)] |= 1
    assert "protegido con contraseña" in refused("a.docx", bytes(encrypted))


@pytest.mark.parametrize(
    "parts",
    [
        {"word/bomb.xml": b"<a>" + b" " * 20_000_000 + b"</a>"},
        {f"word/a{number}.xml": random.Random(1).randbytes(900).hex().encode() * 7_000 for number in range(9)},
        {f"word/a{number}.xml": b"<a/>" for number in range(2_001)},
    ],
    ids=["ratio", "total", "entries"],
)
def test_zip_bomb_is_refused_quickly(parts: Parts) -> None:
    content = a_docx(**parts)
    started = time.monotonic()

    assert len(content) < MAX_FILE_BYTES
    assert "ocupa demasiado al abrirse" in refused("a.docx", content)
    assert time.monotonic() - started < 2


def test_zip_that_lies_about_its_size_is_refused() -> None:
    content = a_docx(**{"word/bomb.xml": b"<a>" + b" " * 20_000_000 + b"</a>"})
    real = (20_000_007).to_bytes(4, "little")
    assert content.count(real) == 2

    assert "dañado" in refused("a.docx", content.replace(real, (1000).to_bytes(4, "little")))
