"""Runs migrations on the database of the settings, or on a connection handed in by a command or a test."""

from alembic import context

from consulta.db import Base, Database
from consulta.models import load_models

load_models()


def _configure(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="consulta.db.base.",
    )


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _configure(connection)
        with context.begin_transaction():
            context.run_migrations()
        return
    database = Database(context.config.get_main_option("sqlalchemy.url"))
    with database.engine.connect() as opened:
        _configure(opened)
        with context.begin_transaction():
            context.run_migrations()
    database.dispose()


run()
