"""Pictures: opened completely, and published without what they tell about the person who took them.

A picture handed in on its own is decoded and encoded again. A picture inside a document keeps its pixels
byte by byte and only loses the segments that carry text, places, dates or devices. Pure.
"""

import io
import re
import struct
import zlib

from PIL import Image, ImageOps

from consulta.errors import Refused
from consulta.i18n.text import N_
from consulta.inspection.refusals import broken, refusal

__all__ = ["MAX_PIXELS", "clean_image", "strip_jpeg", "strip_png"]

# A 40-megapixel photograph takes 120 MB once decoded; telephones' ordinary photographs have 12 to 16.
MAX_PIXELS = 40_000_000

_JPEG_QUALITY = 88
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    EOFError,
    MemoryError,
    UserWarning,
    struct.error,
    zlib.error,
)

_JPEG_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_JPEG_BARE = 0x01
_JPEG_SCAN, _JPEG_END, _JPEG_COMMENT = 0xDA, 0xD9, 0xFE
_JPEG_APPLICATION = range(0xE0, 0xF0)
_JPEG_JFIF, _JPEG_ADOBE = 0xE0, 0xEE

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Only what is needed to draw the pixels. Profiles, texts, dates and EXIF are not.
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"})


def clean_image(name: str, content: bytes, image_format: str) -> bytes:
    """Return the picture upright and encoded anew in its format ("JPEG" or "PNG"), with nothing but pixels.

    Raises Refused when it has more than MAX_PIXELS or cannot be decoded to its end. Only the first frame of
    an animation is kept. The colour profile is dropped, not applied: profiles carry text too.
    """
    try:
        return _encoded_anew(name, content, image_format)
    except Refused:
        raise
    except _UNREADABLE:
        return _without_metadata(name, content, image_format)


def _without_metadata(name: str, content: bytes, image_format: str) -> bytes:
    """Try once more without metadata: EXIF that cannot be read is no reason to refuse pixels that can."""
    strip = strip_jpeg if image_format == "JPEG" else strip_png
    try:
        return _encoded_anew(name, strip(content), image_format)
    except Refused:
        raise
    except _UNREADABLE as error:
        raise broken(name) from error


def _encoded_anew(name: str, content: bytes, image_format: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=(image_format,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_many_pixels(name)
            image.load()
            return _encode(ImageOps.exif_transpose(image), image_format)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(name) from error


def _too_many_pixels(name: str) -> Refused:
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» tiene más de %(number)s millones de píxeles. Reduzca la imagen y adjúntela de nuevo."
        ),
        number=MAX_PIXELS // 1_000_000,
    )


def _encode(image: Image.Image, image_format: str) -> bytes:
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    output = io.BytesIO()
    if image_format == "JPEG":
        pixels = image if image.mode in {"L", "RGB"} else image.convert("RGB")
        pixels.save(output, "JPEG", quality=_JPEG_QUALITY, progressive=True)
    else:
        image.save(output, "PNG")
    return output.getvalue()


def strip_jpeg(content: bytes) -> bytes:
    """Return the same JPEG without its comment and application segments; raise ValueError when it is none.

    JFIF and Adobe segments stay, since decoders need them for the colours. What follows the end marker
    (thumbnails, makers' trailers, other files) goes too.
    """
    if not content.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG start")
    kept = [content[:2]]
    position = 2
    while position < len(content):
        found = _JPEG_NEXT_MARKER.match(content, position)
        if found is None:
            raise ValueError("no JPEG marker where one belongs")
        marker, start = found[1][0], found.end()
        if marker == _JPEG_END:
            kept.append(b"\xff\xd9")
            break
        position = _segment_end(content, marker, start)
        if _is_needed(marker, content[start + 2 : start + 7]):
            kept.append(content[found.start() : position])
    return b"".join(kept)


def _segment_end(content: bytes, marker: int, start: int) -> int:
    if marker == _JPEG_BARE:
        return start
    length = int.from_bytes(content[start : start + 2], "big")
    if length < 2:
        raise ValueError("impossible JPEG segment")
    end = start + length
    if marker != _JPEG_SCAN:
        return end
    after_scan = _JPEG_NEXT_MARKER.search(content, end)
    return len(content) if after_scan is None else after_scan.start()


def _is_needed(marker: int, head: bytes) -> bool:
    if marker == _JPEG_JFIF:
        return head == b"JFIF\x00"
    return marker == _JPEG_ADOBE or (marker != _JPEG_COMMENT and marker not in _JPEG_APPLICATION)


def strip_png(content: bytes) -> bytes:
    """Return the same PNG with only the chunks that draw its pixels; raise ValueError when it is none."""
    if not content.startswith(_PNG_SIGNATURE):
        raise ValueError("no PNG signature")
    kept = [_PNG_SIGNATURE]
    position = len(_PNG_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        length = int.from_bytes(content[position : position + 4], "big")
        kind = content[position + 4 : position + 8]
        end = position + 12 + length
        if end > len(content):
            raise ValueError("truncated PNG chunk")
        if kind in _PNG_KEPT:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)
