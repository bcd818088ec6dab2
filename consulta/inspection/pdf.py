"""PDF documents: opened completely, refused when they act on their own, published without author's traces.

Scripts, actions that start programs or send data, attached files and embedded media are **refused, not
removed**: removing them would silently change what a person handed in, and the untouched original is what
officials may have to open as evidence. Signatures leave the public copy, because a certificate carries the
signer's name, RFC and CURP and rewriting invalidates it anyway; what the signature looks like on the page
stays. Earlier revisions go, since only what the current document reaches is written. Pure.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, StreamDecodeLevel

from consulta.errors import Refused
from consulta.i18n.text import N_
from consulta.inspection.images import strip_jpeg
from consulta.inspection.refusals import broken, protected, refusal

__all__ = ["MAX_OBJECTS", "clean_pdf"]

# Ten MiB of ordinary documents have some thousands of objects; each costs time and memory to visit.
MAX_OBJECTS = 200_000
# Object streams are unpacked in memory on opening: without a ceiling ten MiB may become ten GiB.
_MAX_UNPACKED = 64 * 1024 * 1024
# The end mark may be followed by a little padding, never by pages.
_TAIL = 2048

_ACTIONS = frozenset(
    {
        "/GoToE",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/RichMediaExecute",
        "/Sound",
        "/SubmitForm",
    }
)
_EMBEDDED = frozenset({"/EF", "/EmbeddedFile", "/EmbeddedFiles", "/RichMediaContent"})
_SCRIPTED = frozenset({"/JS", "/JavaScript", "/XFA"})
_MEDIA = frozenset({"/3D", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"})
_TRACES = ("/Metadata", "/PieceInfo", "/LastModified", "/Perms", "/DSS", "/SigFlags")
_ANNOTATION_TRACES = ("/T", "/M", "/CreationDate", "/NM")
_UNREADABLE = (
    pikepdf.PdfError,
    pikepdf.ForeignObjectError,
    pikepdf.DeletedObjectError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

# The limits are of the process and must be set before other threads use the library: hence on import.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_MAX_UNPACKED,
    png_max_memory=_MAX_UNPACKED,
    run_length_max_memory=_MAX_UNPACKED,
    tiff_max_memory=_MAX_UNPACKED,
)


def clean_pdf(name: str, content: bytes) -> bytes:
    """Return the document rewritten without information about who made it, when, or with what.

    Raises Refused when it is encrypted, incomplete, without pages, or has active or embedded content.
    The same document always gives the same copy.
    """
    if b"%%EOF" not in content[-_TAIL:]:
        raise broken(name)
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return _rewritten(name, pdf)
    except pikepdf.PasswordError as error:
        raise protected(name) from error
    except Refused:
        raise
    except _UNREADABLE as error:
        raise broken(name) from error


def _rewritten(name: str, pdf: Pdf) -> bytes:
    if pdf.is_encrypted:
        raise protected(name)
    if len(pdf.pages) == 0:
        raise broken(name)
    if len(pdf.objects) > MAX_OBJECTS:
        raise refusal(
            name,
            N_(
                "El archivo «%(name)s» es demasiado complejo. Imprímalo como PDF o divídalo en varios, y "
                "adjunte el resultado."
            ),
        )
    for holder in _dictionaries(pdf):
        _refuse_active_content(name, holder)
        _remove_traces(pdf, holder)
    for key in ("/Info", "/ID"):
        if key in pdf.trailer:
            del pdf.trailer[key]
    output = io.BytesIO()
    pdf.save(
        output,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=StreamDecodeLevel.none,
    )
    return output.getvalue()


def _dictionaries(pdf: Pdf) -> Iterator[Object]:
    """Yield every dictionary and stream of the file, also those written inside others."""
    for indirect in pdf.objects:
        waiting: list[Object] = [indirect]
        while waiting:
            current = waiting.pop()
            if isinstance(current, Array):
                children = list(current)
            elif isinstance(current, Dictionary | Stream):
                yield current
                children = [value for _, value in current.items()]
            else:
                continue
            waiting.extend(
                child for child in children if isinstance(child, Array | Dictionary) and not child.is_indirect
            )


def _refuse_active_content(name: str, holder: Object) -> None:
    keys = frozenset(holder.keys())
    if keys & _EMBEDDED or ("/Rect" in keys and str(holder.get("/Subtype")) in _MEDIA):
        raise refusal(
            name,
            N_(
                "El archivo «%(name)s» lleva otros archivos o medios dentro. Adjúntelos por separado y "
                "guarde este PDF sin ellos."
            ),
        )
    if keys & _SCRIPTED or ("/S" in keys and str(holder.get("/S")) in _ACTIONS):
        raise refusal(
            name,
            N_(
                "El archivo «%(name)s» contiene programas o acciones automáticas. Ábralo, elija "
                "«Imprimir» y «Guardar como PDF», y adjunte esa copia."
            ),
        )


def _remove_traces(pdf: Pdf, holder: Object) -> None:
    is_annotation = "/Rect" in holder and str(holder.get("/Subtype")) != "/Widget"
    for key in (*_TRACES, *_ANNOTATION_TRACES) if is_annotation else _TRACES:
        if key in holder:
            del holder[key]
    value = holder.get("/V")
    if isinstance(value, Dictionary) and "/ByteRange" in value:
        del holder["/V"]
    if isinstance(holder, Stream):
        _strip_photograph(pdf, holder)


def _strip_photograph(pdf: Pdf, stream: Stream) -> None:
    """Take the EXIF out of a photograph that lies unchanged in the document, as scanners leave it."""
    filters = _filters(stream)
    if not filters or filters[-1] != "/DCTDecode":
        return
    raw = stream.read_raw_bytes()
    if len(filters) > 1:
        wrapped = pdf.make_stream(raw)
        wrapped.Filter = Array([Name(each) for each in filters[:-1]])
        raw = wrapped.read_bytes()
    stream.write(strip_jpeg(raw), filter=Name.DCTDecode, decode_parms=_last_parameters(stream))


def _filters(stream: Stream) -> list[str]:
    declared = stream.get("/Filter")
    if isinstance(declared, Array):
        return [str(each) for each in declared]
    return [] if declared is None else [str(declared)]


def _last_parameters(stream: Stream) -> Dictionary | None:
    declared = stream.get("/DecodeParms")
    if isinstance(declared, Array):
        declared = declared[-1] if len(declared) else None
    return declared if isinstance(declared, Dictionary) else None
