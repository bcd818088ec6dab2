"""Pictures lose everything but their pixels, and bombs are refused before they explode."""

import io
import random
import struct
import time
import warnings
import zlib

import pytest
from PIL import Image, PngImagePlugin

from consulta.inspection.files import inspect
from consulta.inspection.images import strip_jpeg, strip_png
from tests.inspection.inspected_files import AUTHOR, a_jpeg, a_png, an_exif, refused


def test_place_camera_and_author_leave_the_photograph() -> None:
    content = a_jpeg(exif=an_exif(), comment=AUTHOR.encode(), xmp=b"<x:xmpmeta>secreto</x:xmpmeta>")
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)

    public = inspect("a.jpg", content).public_content

    with Image.open(io.BytesIO(public)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "comment", "xmp", "icc_profile"} & set(image.info)
    assert not any(trace in public for trace in (b"Exif", b"CameraMaker", AUTHOR.encode(), b"secreto", b"ICC_PROFILE"))


def test_colour_profile_leaves_the_picture() -> None:
    profile = b"\x00" * 128 + AUTHOR.encode()

    for filename, content in (("a.jpg", a_jpeg(icc_profile=profile)), ("a.png", a_png(icc_profile=profile))):
        with Image.open(io.BytesIO(inspect(filename, content).public_content)) as image:
            assert "icc_profile" not in image.info


def test_photograph_taken_sideways_is_published_upright() -> None:
    public = inspect("a.jpg", a_jpeg((60, 40), exif=an_exif(orientation=6))).public_content

    with Image.open(io.BytesIO(public)) as image:
        assert image.size == (40, 60)


def test_texts_leave_the_png_and_transparency_stays() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", AUTHOR)
    texts.add_itxt("XML:com.adobe.xmp", "secreto", zip=False)
    content = a_png(mode="P", pnginfo=texts, exif=an_exif(), transparency=0)

    public = inspect("a.png", content).public_content

    assert not any(trace in public for trace in (b"Autora", b"secreto", b"eXIf", b"tEXt", b"iTXt"))
    with Image.open(io.BytesIO(public)) as image:
        assert image.info == {"transparency": 0}
        assert image.size == (60, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_png_of_every_kind_keeps_its_kind(mode: str) -> None:
    public = inspect("a.png", a_png(mode=mode)).public_content

    with Image.open(io.BytesIO(public)) as image:
        assert image.mode == mode


def test_printers_colours_become_screen_colours() -> None:
    output = io.BytesIO()
    Image.new("CMYK", (10, 10)).save(output, "JPEG")

    with Image.open(io.BytesIO(inspect("a.jpg", output.getvalue()).public_content)) as image:
        assert image.mode == "RGB"


def png_declaring(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body)) + a_png()[33:]


@pytest.mark.parametrize("width", [8_001, 20_000, 60_000])
def test_picture_with_too_many_pixels_is_refused_before_decoding(width: int) -> None:
    started = time.monotonic()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        message = refused("a.png", png_declaring(width, 5_000))

    assert "40 millones de píxeles" in message
    assert time.monotonic() - started < 1


def test_picture_of_exactly_the_limit_is_accepted() -> None:
    assert inspect("a.png", a_png((8_000, 5_000), mode="1")).media_type == "image/png"


def test_unreadable_exif_does_not_lose_the_photograph() -> None:
    content = a_jpeg(exif=b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\xff\xff garbage")

    assert inspect("a.jpg", content).size == len(content)


def test_stripping_keeps_every_pixel() -> None:
    noise = random.Random(3).randbytes(90_000)
    source = Image.frombytes("RGB", (300, 100), noise)
    for progressive in (False, True):
        output = io.BytesIO()
        source.save(output, "JPEG", exif=an_exif(), comment=b"secreto", progressive=progressive)
        stripped = strip_jpeg(output.getvalue() + b"trailer")
        assert b"Exif" not in stripped
        assert b"secreto" not in stripped
        assert stripped.endswith(b"\xff\xd9")
        assert Image.open(io.BytesIO(stripped)).tobytes() == Image.open(output).tobytes()
    output = io.BytesIO()
    source.save(output, "PNG", exif=an_exif())
    stripped = strip_png(output.getvalue())
    assert b"eXIf" not in stripped
    assert Image.open(io.BytesIO(stripped)).tobytes() == noise
