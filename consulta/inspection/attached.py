"""Reading a file that a PDF carries within."""

import io

import pikepdf

from consulta.errors import Refused
from consulta.i18n.text import _

LONGEST = 2_000_000


def read_attached(content: bytes, name: str) -> bytes:
    """Return the file of that name that a PDF carries. Raises Refused when there is none, or it cannot be read."""
    try:
        with pikepdf.Pdf.open(io.BytesIO(content)) as pdf:
            found = pdf.attachments[name].get_file().read_bytes()
    except (pikepdf.PdfError, pikepdf.PasswordError, KeyError, ValueError, RuntimeError) as error:
        raise Refused(
            _("Ese PDF no trae la prueba adentro: suba el que bajó del sistema, sin imprimirlo ni convertirlo."),
            field="file",
        ) from error
    if len(found) > LONGEST:
        raise Refused(_("Lo que ese PDF trae adentro es demasiado grande para ser un acuse."), field="file")
    return found
