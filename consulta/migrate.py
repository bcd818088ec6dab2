"""Creates and migrates the database of an instance."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from consulta.db import Base, Database
from consulta.models import load_models

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the database to a revision, in one transaction."""
    with database.engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the database back to a revision, in one transaction."""
    with database.engine.begin() as connection:
        command.downgrade(_config(connection, database.keys), revision)


def current_revision(database: Database) -> str | None:
    """Return the revision of the database; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """Return the newest revision in the repository."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def differences(database: Database) -> list[object]:
    """Return what `alembic check` would find between models and database."""
    load_models()
    with database.engine.connect() as connection:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )


def _config(connection: Connection, keys: Path | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["demographics_keys"] = keys
    return config
