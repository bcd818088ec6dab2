"""What is accepted and what is refused whatever its type, proven with real files."""

import hashlib
import io
import random
import zipfile
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from consulta.errors import Refused
from consulta.inspection.files import ACCEPTED, MAX_FILE_BYTES, MAX_FILES, inspect
from tests.inspection.inspected_files import (
    SAMPLES,
    a_jpeg,
    a_pdf,
    a_png,
    a_zip,
    refused,
)

# What is accepted


@pytest.mark.parametrize("filename", SAMPLES)
def test_ordinary_file_is_accepted_with_its_measure_and_hash(filename: str) -> None:
    content = SAMPLES[filename]()

    result = inspect(filename, content)

    kinds = {each.extension: each.media_type for each in ACCEPTED}
    assert result.filename == filename
    assert result.media_type == kinds[filename.rpartition(".")[2]]
    assert result.size == len(content)
    assert result.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("filename", SAMPLES)
def test_public_copy_is_accepted_again_and_does_not_depend_on_the_day(filename: str) -> None:
    content = SAMPLES[filename]()

    first, second = inspect(filename, content), inspect(filename, content)

    assert first.public_content == second.public_content
    assert inspect(filename, first.public_content).filename == filename


def test_limits_are_the_ones_shown_on_the_form() -> None:
    assert (MAX_FILES, MAX_FILE_BYTES) == (5, 10_485_760)
    assert {each.extension for each in ACCEPTED} == {"pdf", "jpg", "png", "docx", "xlsx"}


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("C:\\Users\\juana\\Mi foto.JPEG", "Mi foto.jpg"),
        ("../../etc/foto.jpg", "foto.jpg"),
        ("fo\u202egpj.jpg", "fogpj.jpg"),
        ("a\x00b\nc\t d.jpg", "ab c d.jpg"),
        ("opinio\u0301n.jpg", "opini\u00f3n.jpg"),
        ("IMG_0001", "IMG_0001.jpg"),
        ("...jpg.jpg", "jpg.jpg"),
        ("ñ" * 300 + ".jpg", "ñ" * 116 + ".jpg"),
        (" \u200b.jpg", "archivo.jpg"),
        ("", "archivo.jpg"),
        ("<script>.jpg", "<script>.jpg"),
    ],
)
def test_name_is_made_fit_to_be_shown(given_name: str, shown: str) -> None:
    assert inspect(given_name, a_jpeg()).filename == shown


# What is refused whatever its type


def test_empty_file_is_refused_with_its_name_and_the_remedy() -> None:
    assert refused("vacío.pdf", b"") == (
        "El archivo «vacío.pdf» está vacío. Compruebe que se abre en su equipo y adjúntelo de nuevo."
    )


def test_file_is_refused_from_the_first_byte_over_the_limit() -> None:
    padded = a_jpeg() + b"\x00" * MAX_FILE_BYTES

    assert inspect("a.jpg", padded[:MAX_FILE_BYTES]).size == MAX_FILE_BYTES
    assert "pesa más de 10 MB" in refused("a.jpg", padded[: MAX_FILE_BYTES + 1])


@pytest.mark.parametrize("filename", ["a.exe", "a.svg", "a.html", "a.docm", "a.doc", "a.zip", "a.heic", "a.pdf.exe"])
def test_other_types_are_refused_naming_those_accepted(filename: str) -> None:
    assert "PDF, JPG, PNG, DOCX o XLSX" in refused(filename, a_pdf())


@pytest.mark.parametrize("filename", SAMPLES)
@pytest.mark.parametrize("other", SAMPLES)
def test_content_of_another_type_is_refused(filename: str, other: str) -> None:
    content = SAMPLES[other]()

    if filename == other:
        assert inspect(filename, content).size == len(content)
    else:
        assert "no contiene lo que anuncia su extensión" in refused(filename, content)


@pytest.mark.parametrize("filename", SAMPLES)
def test_file_cut_short_is_refused(filename: str) -> None:
    noise = random.Random(7).randbytes(90_000)
    large = {
        "a.pdf": a_pdf(lambda pdf: pdf.pages[0].Contents.write(noise.hex().encode())),
        "a.jpg": jpeg_of(noise),
        "a.png": png_of(noise),
    }.get(filename) or SAMPLES[filename]()

    for part in (0.3, 0.6, 0.9):
        assert "dañado o incompleto" in refused(filename, large[: int(len(large) * part)])


def jpeg_of(noise: bytes) -> bytes:
    output = io.BytesIO()
    Image.frombytes("RGB", (300, 100), noise).save(output, "JPEG")
    return output.getvalue()


def png_of(noise: bytes) -> bytes:
    output = io.BytesIO()
    Image.frombytes("RGB", (300, 100), noise).save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize("filename", ["a.pdf", "a.jpg", "a.png"])
def test_second_file_hidden_behind_the_first_is_not_published(filename: str) -> None:
    hidden = a_zip({"payload.html": b"<script>alert(1)</script>"}, zipfile.ZIP_STORED)
    tail = b"\n%%EOF\n" if filename == "a.pdf" else b""

    public = inspect(filename, SAMPLES[filename]() + hidden + tail).public_content

    assert b"payload.html" not in public
    assert not zipfile.is_zipfile(io.BytesIO(public))


@pytest.mark.parametrize("filename", ["a.pdf", "a.docx", "a.jpg"])
def test_file_that_begins_as_something_else_is_refused(filename: str) -> None:
    refused(filename, b"<html><script>alert(1)</script></html>" + SAMPLES[filename]())


@pytest.mark.parametrize("filename", [*SAMPLES, "a"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_arbitrary_bytes_raise_nothing_but_refused(filename: str, data: st.DataObject) -> None:
    start = data.draw(st.sampled_from([b"", *(each.start for each in ACCEPTED)]))
    content = start + data.draw(st.binary(max_size=400)) + data.draw(st.sampled_from([b"", b"\n%%EOF"]))

    try:
        inspect(filename, content)
    except Refused as refusal:
        field = refusal.field
    else:
        field = "files"

    assert field == "files"


@cache
def one_sample(filename: str) -> bytes:
    """The same bytes for all examples: workbooks carry the second in which they were made."""
    return SAMPLES[filename]()


@pytest.mark.parametrize("filename", SAMPLES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_real_files_raise_nothing_but_refused(filename: str, data: st.DataObject) -> None:
    content = bytearray(one_sample(filename))
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position : position + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))

    try:
        inspect(filename, bytes(content))
    except Refused as refusal:
        field = refusal.field
    else:
        field = "files"

    assert field == "files"


@given(name=st.text(max_size=300))
def test_any_name_becomes_one_short_printable_line(name: str) -> None:
    shown = inspect(name.rpartition("/")[2].replace(".", "") + ".png", a_png((1, 1))).filename

    assert shown.isprintable()
    assert 5 <= len(shown) <= 120
    assert shown.endswith(".png")
    assert not {"/", "\\"} & set(shown)
