"""The sentences with which a file is refused: they name the file and say what to do. Pure."""

from consulta.errors import Refused
from consulta.i18n.text import N_, _

__all__ = ["broken", "mislabelled", "protected", "refusal"]


def refusal(name: str, sentence: str, **values: object) -> Refused:
    """Return the refusal of a file, tied to the files field of the form; `sentence` names it as `%(name)s`."""
    return Refused(_(sentence, name=name, **values), field="files")


def broken(name: str) -> Refused:
    """Return the refusal of a file that cannot be opened to its end."""
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» está dañado o incompleto y no se puede abrir. Guárdelo de "
            "nuevo en su equipo y adjunte esa copia."
        ),
    )


def mislabelled(name: str) -> Refused:
    """Return the refusal of a file that is not what its extension says."""
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» no contiene lo que anuncia su extensión. Guárdelo con el "
            "formato correcto y adjúntelo de nuevo."
        ),
    )


def protected(name: str) -> Refused:
    """Return the refusal of a file that needs a password or restricts what may be done with it."""
    return refusal(
        name,
        N_(
            "El archivo «%(name)s» está protegido con contraseña o con permisos. Guarde una "
            "copia sin contraseña y adjunte esa copia."
        ),
    )
