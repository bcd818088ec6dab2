"""PDF documents lose every trace of their author, and those that act on their own are refused."""

import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from consulta.inspection.files import inspect
from tests.inspection.inspected_files import AUTHOR, a_jpeg, a_pdf, an_exif, refused


def test_author_dates_and_programs_leave_the_pdf() -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Author"] = AUTHOR
        pdf.docinfo["/Producer"] = "Escaner 3000"
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = [AUTHOR]
        pdf.trailer.ID = Array([String(b"0123456789abcdef"), String(b"0123456789abcdef")])
        page = pdf.pages[0]
        page.PieceInfo = Dictionary(Editor=Dictionary(Private=String(AUTHOR)))
        page.obj["/Metadata"] = pdf.make_stream(AUTHOR.encode())
        page.Annots = Array(
            [
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Text,
                    Rect=[0, 0, 9, 9],
                    Contents=String("Nota"),
                    T=String(AUTHOR),
                    M=String("D:20260101"),
                )
            ]
        )

    content = a_pdf(sign, static_id=False)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Author"]) == AUTHOR

    public = inspect("a.pdf", content).public_content

    with pikepdf.open(io.BytesIO(public)) as pdf:
        assert dict(pdf.docinfo) == {}
        assert "/Metadata" not in pdf.Root
        assert not {"/PieceInfo", "/Metadata"} & set(pdf.pages[0].keys())
        note = pdf.pages[0].Annots[0]
        assert str(note.Contents) == "Nota"
        assert not {"/T", "/M"} & set(note.keys())
        assert b"(Hola) Tj" in pdf.pages[0].Contents.read_bytes()
        assert b"0123456789abcdef" not in [bytes(each) for each in pdf.trailer.ID]
    assert not any(trace in public for trace in (b"Autora", b"Escaner", b"Producer", b"0123456789abcdef"))


def test_place_leaves_a_photograph_inside_a_pdf_and_its_pixels_stay() -> None:
    photograph = a_jpeg(exif=an_exif(), comment=b"secreto")

    def embed(pdf: pikepdf.Pdf) -> None:
        plain = pdf.make_stream(photograph, Type=Name.XObject, Subtype=Name.Image, Filter=Name.DCTDecode)
        packed = pdf.make_stream(zlib.compress(photograph), Type=Name.XObject, Subtype=Name.Image)
        packed.Filter = Array([Name.FlateDecode, Name.DCTDecode])
        pdf.pages[0].Resources = Dictionary(XObject=Dictionary(A=plain, B=packed))

    content = a_pdf(embed)
    assert b"CameraMaker" in content

    with pikepdf.open(io.BytesIO(inspect("a.pdf", content).public_content)) as pdf:
        for stream in (pdf.pages[0].Resources.XObject.A, pdf.pages[0].Resources.XObject.B):
            raw = stream.read_raw_bytes()
            assert stream.Filter == Name.DCTDecode
            assert b"CameraMaker" not in raw
            assert b"secreto" not in raw
            assert Image.open(io.BytesIO(raw)).tobytes() == Image.open(io.BytesIO(photograph)).tobytes()


def test_certificate_leaves_a_signed_pdf() -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        value = Dictionary(
            Type=Name.Sig, Name=String(AUTHOR), ByteRange=[0, 1, 2, 3], Contents=String(b"CURP PEAJ800101")
        )
        signature = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String("firma"),
                Rect=[0, 0, 9, 9],
                V=pdf.make_indirect(value),
            )
        )
        pdf.pages[0].Annots = Array([signature])
        pdf.Root.AcroForm = Dictionary(Fields=Array([signature]), SigFlags=3)

    public = inspect("a.pdf", a_pdf(sign)).public_content

    with pikepdf.open(io.BytesIO(public)) as pdf:
        field = pdf.pages[0].Annots[0]
        assert "/V" not in field
        assert str(field.T) == "firma"
        written = b"".join(each.unparse(True) for each in pdf.objects)
    assert not any(trace in written for trace in (b"Autora", b"PEAJ800101", b"ByteRange"))


def test_earlier_revisions_of_a_pdf_are_not_published() -> None:
    with pikepdf.open(io.BytesIO(a_pdf())) as pdf:
        pdf.make_indirect(Dictionary(Draft=String("borrador secreto")))
        output = io.BytesIO()
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    content = output.getvalue().replace(b"%%EOF", b"99 0 obj\n(borrador secreto)\nendobj\n%%EOF")

    assert b"borrador" not in inspect("a.pdf", content).public_content


def on_opening(action: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = action

    return change


@pytest.mark.parametrize(
    "action",
    [
        Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")),
        Dictionary(S=Name.Launch, F=String("calc.exe")),
        Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.SubmitForm, F=String("https://x.example"))])),
        Dictionary(S=Name.ImportData, F=String("x.fdf")),
    ],
    ids=["javascript", "launch", "chained-submit", "import"],
)
def test_pdf_that_acts_on_its_own_is_refused(action: Dictionary) -> None:
    assert "acciones automáticas" in refused("a.pdf", a_pdf(on_opening(action)))


def test_pdf_script_with_a_disguised_name_or_in_packed_objects_is_refused() -> None:
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    disguised = a_pdf(on_opening(action)).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")
    packed = a_pdf(on_opening(action), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in disguised
    assert b"JavaScript" not in packed

    for content in (disguised, packed):
        assert "acciones automáticas" in refused("a.pdf", content)


def test_pdf_with_files_or_media_inside_is_refused() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["virus.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ")

    def play(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])])

    for change in (attach, play):
        assert "lleva otros archivos o medios dentro" in refused("a.pdf", a_pdf(change))


@pytest.mark.parametrize("password", ["", "secreta"])
def test_encrypted_pdf_is_refused(password: str) -> None:
    content = a_pdf(encryption=pikepdf.Encryption(owner="dueña", user=password))

    assert "protegido con contraseña" in refused("a.pdf", content)


def test_pdf_without_pages_is_refused() -> None:
    output = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.save(output)

    assert "dañado" in refused("a.pdf", output.getvalue())


def a_pdf_packed_with(padding: int) -> bytes:
    """A PDF whose objects lie in one packed stream, before so many MiB of blanks."""
    catalog, pages = b"<</Type/Catalog/Pages 4 0 R>>", b"<</Type/Pages/Kids[5 0 R]/Count 1>>"
    page = b"<</Type/Page/Parent 4 0 R/MediaBox[0 0 9 9]>>"
    table = b"2 0 4 %d 5 %d " % (len(catalog), len(catalog + pages))
    packer = zlib.compressobj(9)
    packed = packer.compress(table + catalog + pages + page)
    packed += b"".join(packer.compress(b" " * 1_048_576) for _ in range(padding)) + packer.flush()
    content = b"%%PDF-1.5\n1 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (
        len(table),
        len(packed),
    )
    content += packed + b"\nendstream\nendobj\n"
    entries = ((0, 0, 65535), (1, 9, 0), (2, 1, 0), (1, len(content), 0), (2, 1, 1), (2, 1, 2))
    rows = b"".join(struct.pack(">BIH", *entry) for entry in entries)
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(content)
    head = b"3 0 obj\n<</Type/XRef/Size 6/W[1 4 2]/Root 2 0 R/Length %d>>\nstream\n" % len(rows)
    return content + head + rows + end


def test_pdf_with_packed_objects_that_explode_is_refused() -> None:
    assert inspect("a.pdf", a_pdf_packed_with(1)).media_type == "application/pdf"

    assert "dañado" in refused("a.pdf", a_pdf_packed_with(65))
