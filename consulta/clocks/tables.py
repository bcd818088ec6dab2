"""Reading TOML tables with complaints that name the file, the key and what to write instead.

The files are edited by legal units, so a mistake must be findable without knowing the code.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeGuard

from consulta.errors import ConsultaError


class BadData(ConsultaError):
    """A calendar or rule file says something that cannot be used."""


class Table:
    """One table of a file. Every getter raises `BadData` when the key is missing or of another kind."""

    def __init__(self, values: Mapping[str, Any], *, where: str) -> None:
        self._values = values
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str, *, default: str | None = None) -> str:
        """Give a text that is not blank; `default`, when there is one, where the key is absent."""
        if default is not None and key not in self._values:
            return default
        value = self._values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(key, "escriba un texto entre comillas")
        return value

    def choice(self, key: str, options: Sequence[str], *, default: str | None = None) -> str:
        """Give one of the words in `options`; `default`, when there is one, where the key is absent."""
        value = self.text(key, default=default)
        if value not in options:
            raise self.bad(key, f"escriba una de estas palabras: {', '.join(options)}")
        return value

    def whole(self, key: str, *, low: int, high: int) -> int:
        """Give a whole number with `low` <= number <= `high`."""
        value = self._values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.bad(key, f"escriba un número entero de {low} a {high}")
        return value

    def flag(self, key: str) -> bool:
        """Give true or false."""
        value = self._values.get(key)
        if not isinstance(value, bool):
            raise self.bad(key, "escriba true o false")
        return value

    def day(self, key: str) -> date:
        """Give a date."""
        value = self._values.get(key)
        if not _is_date(value):
            raise self.bad(key, "escriba una fecha AAAA-MM-DD, sin comillas")
        return value

    def time(self, key: str) -> time:
        """Give a time of day."""
        value = self._values.get(key)
        if not isinstance(value, time):
            raise self.bad(key, "escriba una hora HH:MM:SS, sin comillas")
        return value

    def days(self, key: str) -> tuple[date, ...]:
        """Give a list with at least one date."""
        value = self._values.get(key)
        if not isinstance(value, list) or not value or not all(map(_is_date, value)):
            raise self.bad(key, "escriba una lista de fechas AAAA-MM-DD, sin comillas")
        return tuple(value)

    def table(self, key: str) -> "Table":
        """Give the table written as key = { … }."""
        value = self._values.get(key)
        if not isinstance(value, dict):
            raise self.bad(key, "escriba sus valores entre llaves")
        return Table(value, where=f"{self.where}, «{key}»")

    def names(self) -> tuple[str, ...]:
        """Give the keys, in the order in which they are written."""
        return tuple(self._values)

    def tables(self, key: str) -> "list[Table]":
        """Give the tables written as [[key]], in order; none when the key is absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, f"escriba cada elemento bajo su propio [[{key}]]")
        return [Table(item, where=f"{self.where}, [[{key}]] n.º {at}") for at, item in enumerate(value, 1)]

    def refuse_others(self, known: Sequence[str]) -> None:
        """Raise `BadData` for the first key that is not in `known`: a misspelt key must not be ignored."""
        for key in self._values:
            if key not in known:
                raise self.bad(key, f"quite esa clave o corrija su nombre; se admiten: {', '.join(known)}")

    def bad(self, key: str, remedy: str) -> BadData:
        """Give the complaint about `key`, to be raised."""
        return BadData(f"{self.where}: la clave «{key}» falta o no es válida; {remedy}.")


def read_table(path: Path) -> Table:
    """Read a TOML file. Raises `BadData` when it is absent or is not TOML in UTF-8."""
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), where=path.name)
    except FileNotFoundError as error:
        raise BadData(f"{path.name}: el archivo no existe; créelo o corrija la referencia.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{path.name}: no es un archivo TOML válido ({error}); corrija esa línea.") from error


def _is_date(value: object) -> TypeGuard[date]:
    """Tell a date from everything else; TOML's instants are dates to Python and not to the law."""
    return isinstance(value, date) and not isinstance(value, datetime)
