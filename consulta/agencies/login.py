"""Who is signed in: Flask-Login over server-side session rows. Flask's own cookie session is switched off.

A cookie copied before signing out stops working with the row, because the row is the session.
"""

from datetime import timedelta
from functools import cached_property
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin

from consulta.accounts.cookies import COOKIE
from consulta.accounts.models import Person, StaffSession
from consulta.accounts.operations import touch_session
from consulta.accounts.queries import find_api_token, find_session
from consulta.actors import Actor
from consulta.agencies.queries import find_actor_of_token, list_actors
from consulta.db import session, unit_of_work
from consulta.web.context import arrived_at

TOUCH_EVERY = timedelta(minutes=5)


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person of the current request, with the posts she holds today."""

    def __init__(self, staff_session: StaffSession) -> None:
        self.session_id = staff_session.id
        self.session_key = staff_session.token_hash
        self.person_id = staff_session.person_id
        self.name = staff_session.person.name

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """One actor per post."""
        return list_actors(self.person_id, arrived_at())

    @property
    def person(self) -> Person:
        """The row of the person."""
        return session().get_one(Person, self.person_id)

    def get_id(self) -> str:
        """Return the identifier that Flask-Login asks for."""
        return str(self.person_id)


class NoCookieSession(SessionInterface):
    """Flask's session, always empty and never written: public pages set no cookie."""

    class _Empty(dict[str, Any], SessionMixin):
        pass

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002 - the interface's names
        """Return an empty session."""
        return self._Empty()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write nothing."""


def install(app: Flask) -> None:
    """Switch Flask's session off and load people from session rows, posts from bearer tokens."""
    app.session_interface = NoCookieSession()
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(_load_signed_in)
    app.before_request(_load_token)


def _load_signed_in(request: Request) -> SignedIn | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    found = find_session(token, arrived_at())
    if found is None:
        return None
    if arrived_at() - found.seen_at > TOUCH_EVERY:
        with unit_of_work():
            touch_session(staff_session=found, now=arrived_at())
    return SignedIn(found)


def _load_token() -> None:
    from flask import request

    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return
    found = find_api_token(token.strip(), arrived_at())
    if found is not None:
        g.token_id = found.id
        g.token_actor = find_actor_of_token(found, arrived_at())
