"""The catalogues kept in step with the sources: `make translations`.

New sentences arrive empty, those that no source says any more leave; what is translated stays. Places in the sources
are not written down: they would change with every line.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

from consulta.i18n.text import CATALOGUES, LANGUAGES, SOURCE, forms_of, read_catalogue

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "plural": (1, 2)}


def extract() -> Catalog:
    """Return every sentence of the sources."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = Catalog(charset="utf-8")
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=_is_source)
    for _filename, _line, message, _comments, _context in found:
        template.add(message)
    return template


def extract_rows(
    file: BinaryIO, _keywords: object, _tags: object, options: Mapping[str, str]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Yield the texts of rows that come with the product, for Babel: those under the keys that `babel.cfg` names."""
    keys = options["keys"].split()
    for text in _texts(tomllib.load(file), keys, is_wanted=False):
        yield 0, None, text, []


def missing(catalogue: Catalog) -> Iterator[str]:
    """Yield the sentences of a catalogue that still lack their translation."""
    for message in catalogue:
        if message.id and not forms_of(message):
            yield message.id if isinstance(message.id, str) else message.id[0]


def update(chosen: str) -> Catalog:
    """Bring the catalogue of a language in step with the sources and write it."""
    catalogue = read_catalogue(chosen)
    template = extract()
    # The day of the run says nothing and would change the file every time.
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (CATALOGUES / f"{chosen}.po").open("wb") as file:
        write_po(file, catalogue, width=100_000, no_location=True, omit_header=False, sort_output=True)
    return catalogue


def main() -> None:
    """Update every catalogue and say what still has to be translated."""
    for chosen in LANGUAGES:
        if chosen == SOURCE:
            continue
        waiting = sorted(missing(update(chosen)))
        sys.stdout.write(f"{chosen}: faltan {len(waiting)} traducciones\n")
        sys.stdout.writelines(f"  {message}\n" for message in waiting)


def _texts(value: Any, keys: list[str], *, is_wanted: bool) -> Iterator[str]:
    if isinstance(value, str):
        yield from [value] if value and is_wanted else []
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, keys, is_wanted=key in keys)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, keys, is_wanted=is_wanted)


def _is_source(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in ("tests", "build", "artefacts", "instance", "migrations")


if __name__ == "__main__":
    main()
