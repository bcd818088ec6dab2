"""The sentences with which a file is refused: they name the file and say what to do. Pure."""

from consulta.errors import Refused

__all__ = ["broken", "mislabelled", "protected", "refusal"]


def refusal(name: str, problem: str) -> Refused:
    """Return the refusal «name» + problem, tied to the files field of the form."""
    return Refused(f"El archivo «{name}» {problem}", field="files")


def broken(name: str) -> Refused:
    """Return the refusal of a file that cannot be opened to its end."""
    return refusal(
        name,
        "está dañado o incompleto y no se puede abrir. Guárdelo de nuevo en su equipo y adjunte esa copia.",
    )


def mislabelled(name: str) -> Refused:
    """Return the refusal of a file that is not what its extension says."""
    return refusal(
        name,
        "no contiene lo que anuncia su extensión. Guárdelo con el formato correcto y adjúntelo de nuevo.",
    )


def protected(name: str) -> Refused:
    """Return the refusal of a file that needs a password or restricts what may be done with it."""
    return refusal(
        name,
        "está protegido con contraseña o con permisos. Guarde una copia sin contraseña y adjunte esa copia.",
    )
