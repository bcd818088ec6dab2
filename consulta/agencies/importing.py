"""Organisation charts from CSV: agencies, units and posts; what is known already is left as it is."""

from datetime import datetime
from pathlib import Path

from consulta.actors import Role
from consulta.agencies.models import Government
from consulta.agencies.operations import create_agency, create_post, create_unit, make_key
from consulta.agencies.queries import find_agency_by_key, find_post_by_key, find_unit_by_key
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.tables import CatalogueReport, RowProblem, read_rows, require_own_columns

AGENCY = "dependencia"


def import_agencies(path: Path, government: Government, now: datetime) -> CatalogueReport:
    """Import a chart. Columns: `dependencia`, and optionally `unidad`, `cargo` with `funcion`, and keys.

    Keys (`dependencia_clave`, `unidad_clave`, `cargo_clave`) are made of the names where they are not given.
    A bad row never stops the good ones.
    """
    report = CatalogueReport()
    for line, row in read_rows(path, {AGENCY}):
        report.rows += 1
        try:
            with unit_of_work():
                added = _import_row(row, government, now)
        except Refused as refused:
            report.problems.append(RowProblem(line, refused.field or AGENCY, refused.message))
            continue
        report.added += added
        report.known += not added
    return report


def _import_row(row: dict[str, str], government: Government, now: datetime) -> bool:
    require_own_columns(row)
    added = False
    name, unit_name, title = (_text(row, column) for column in (AGENCY, "unidad", "cargo"))
    agency_key = _text(row, "dependencia_clave") or make_key(name)
    agency = find_agency_by_key(government.id, agency_key)
    if agency is None:
        agency, added = create_agency(government=government, key=agency_key, name=name, now=now), True
    elif name and agency.name != name:
        raise Refused(
            f"La clave «{agency_key}» ya es de «{agency.name}»: escriba otra clave, o el mismo nombre.",
            field="dependencia_clave",
        )
    if not unit_name:
        return added
    unit_key = _text(row, "unidad_clave") or make_key(unit_name)
    unit = find_unit_by_key(government.id, f"{agency_key}/{unit_key}")
    if unit is None:
        unit, added = create_unit(agency=agency, key=unit_key, name=unit_name, now=now), True
    if not title:
        return added
    post_key = _text(row, "cargo_clave") or make_key(f"{unit_key} {title}", longest=120)
    if find_post_by_key(post_key) is None:
        role = _text(row, "funcion")
        if role not in list(Role):
            raise Refused(f"«funcion» debe ser una de: {', '.join(Role)}.", field="funcion")
        create_post(unit=unit, key=post_key, title=title, role=Role(role), now=now)
        added = True
    return added


def _text(row: dict[str, str], column: str) -> str:
    value = " ".join(row.get(column, "").split())
    if any(0xD800 <= ord(character) <= 0xDFFF or character == "\0" for character in value):
        raise Refused("Trae bytes que no son UTF-8: guarde el archivo como CSV UTF-8.", field=column)
    return value
