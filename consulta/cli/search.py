"""`consulta search`: the index, made again from the database."""

import click

from consulta.cli.runtime import Refusal, instance, print_json
from consulta.finding.following import rebuild
from consulta.search.current import current_index


@click.group("search", short_help="Rehace el índice de búsqueda.")
def search() -> None:
    """Rehace el índice de búsqueda."""


@search.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Para programas.")
def rebuild_search(as_json: bool) -> None:
    """Escribe de nuevo todo el índice desde la base. Mientras tanto se encuentra solo lo que ya va escrito."""
    with instance():
        index = current_index()
        with index.alone() as is_alone:
            if not is_alone:
                raise Refusal("El trabajador está escribiendo el índice ahora: espere a que termine.")
            count = rebuild(index)
    if as_json:
        print_json({"documents": count})
        return
    click.echo(f"{count} textos en el índice." if count != 1 else "1 texto en el índice.")
