"""`consulta template`: the XLSX of a catalogue, with a sheet that explains each column."""

from pathlib import Path

import click

from consulta.actors import Role
from consulta.cli.runtime import Refusal, instance
from consulta.entries.importing import write_columns, write_template
from consulta.windows.queries import get_instrument

# Columns of the catalogues that are the same for every instrument: name, what to write, whether it is needed, law.
COLUMNS = {
    "agencies": [
        ("dependencia", "Nombre oficial de la dependencia o entidad.", "Sí", ""),
        ("dependencia_clave", "Clave corta; vacía, se forma con el nombre.", "No", ""),
        ("unidad", "Unidad administrativa.", "No", ""),
        ("unidad_clave", "Clave corta de la unidad.", "No", ""),
        ("cargo", "Nombre del cargo.", "No", ""),
        ("cargo_clave", "Clave corta del cargo.", "No", ""),
        ("funcion", f"Qué hace el cargo: {', '.join(Role)}.", "Si hay cargo", ""),
    ],
    "calendar": [
        ("desde", "Primer día, como 2026-12-21.", "Sí", ""),
        ("hasta", "Último día; vacío, es uno solo.", "No", ""),
        ("tipo", "inhábil, vacaciones, suspensión o habilitado.", "Sí", ""),
        ("motivo", "Por qué no cuentan, o cuentan, esos días.", "Sí", ""),
        ("exentos", "Claves de instrumentos en que sí cuentan, separadas por punto y coma.", "No", ""),
    ],
    "projects": [
        ("tipo", "proyecto o accion.", "Sí", ""),
        ("clave", "La que le dio la oficina: repetir el archivo no la duplica.", "Sí", ""),
        ("titulo", "Nombre del proyecto, o qué se hace.", "Sí", ""),
        ("proyecto", "Para una acción: la clave de su proyecto.", "Si es acción", ""),
        ("clase", "regulacion, tramite o servicio.", "No", ""),
        ("unidad", "Clave de la unidad que lo lleva, dependencia/unidad.", "No", ""),
        (
            "estado",
            "propuesto, comprometido, en_marcha, terminado, descartado; o programada, en_marcha, hecha, no_se_hizo.",
            "No",
            "",
        ),
        ("motivo", "Por qué se descartó o no se hizo.", "En esos casos", ""),
        ("inicio", "Cuándo empieza, como 2021-01-15; de una acción, para cuándo.", "No", ""),
        ("fin", "Cuándo termina; de una acción hecha, qué día.", "No", ""),
        ("resumen", "Qué cambia.", "No", ""),
        ("folios", "Folios de las opiniones de que viene, separados por espacios.", "No", ""),
        ("comprobantes", "O el comprobante con que se capturaron, separados por punto y coma.", "No", ""),
    ],
    "topics": [
        ("titulo", "Título del tema.", "Sí", ""),
        ("explicacion", "Qué cambia, para quién y desde cuándo.", "No", ""),
        ("unidad", "Clave de la unidad que responde, dependencia/unidad.", "No", ""),
        ("clave", "Una clave suya por fila: repetir el archivo no la duplica.", "No", ""),
    ],
}


@click.command("template", short_help="Escribe la plantilla XLSX de un catálogo.")
@click.argument("name", type=click.Choice(["agencies", "calendar", "entries", "projects", "topics"]), metavar="NOMBRE")
@click.option("--instrument", "instrument_key", metavar="CLAVE", help="Instrumento, para «entries».")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Dónde se escribe.")
def template(name: str, instrument_key: str | None, output: Path | None) -> None:
    """Escribe la plantilla de un catálogo, con una hoja que explica cada columna."""
    path = output or Path(f"plantilla-{name}.xlsx")
    if name == "entries":
        if instrument_key is None:
            raise Refusal("Indique el instrumento con --instrument CLAVE, por ejemplo agenda_regulatoria.")
        with instance():
            write_template(get_instrument(instrument_key), path)
    else:
        write_columns(COLUMNS[name], path)
    click.echo(f"Plantilla escrita en {path}.")
