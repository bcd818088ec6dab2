"""What `create_app()` puts at the disposal of views."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app, g

from consulta.config import Settings
from consulta.db import Database


@dataclass(frozen=True)
class Services:
    """The collaborators of an application."""

    settings: Settings
    database: Database
    clock: Callable[[], datetime]

    @property
    def secret(self) -> bytes:
        """The instance's key."""
        return self.settings.secret_key


def services() -> Services:
    """Return the collaborators of the current application."""
    return cast(Services, current_app.extensions["consulta"])


def show_government(government: object) -> None:
    """Dress the current page as that government's: name, shield, colours, contact. The first one asked for stays."""
    g.setdefault("page_government", government)


def arrived_at() -> datetime:
    """Return the instant at which the current request arrived."""
    return cast(datetime, g.arrived_at)
