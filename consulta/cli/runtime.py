"""What commands share: the application of the instance, its session, and how refusals end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask

from consulta.app import create_app
from consulta.config import Settings, load_settings
from consulta.db import Database, session_scope
from consulta.errors import ConsultaError
from consulta.migrate import current_revision, head_revision


class Refusal(click.ClickException):
    """A command that cannot be obeyed: the sentence on standard error, exit code 2."""

    exit_code = 2


@contextmanager
def instance() -> Iterator[tuple[Flask, Settings, Database]]:
    """Open the instance of the settings with a session; domain refusals become exit code 2."""
    settings = load_settings()
    database = Database(settings.database_url, keys=settings.demographics_keys)
    try:
        if current_revision(database) != head_revision():
            raise Refusal("La base no está al día: ejecute «consulta init» (nueva) o «consulta upgrade».")
        app = create_app(settings, database=database)
        with app.app_context(), session_scope(database):
            yield app, settings, database
    except ConsultaError as error:
        raise Refusal(error.message) from error
    finally:
        database.dispose()


def print_json(value: Any) -> None:
    """Print JSON for a machine."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
