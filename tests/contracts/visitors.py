"""Somebody who asks for what a line of the access matrix says, and what happened in the words of the matrix."""

from flask import Flask
from werkzeug.test import TestResponse

from consulta.accounts.cookies import COOKIE
from consulta.db import Database, session_scope
from tests.builders import World, a_session
from tests.clock import Clock
from tests.contracts.matrix import TOKEN_SCOPES, Line, Objects, request_of
from tests.contracts.offices import a_token
from tests.pages import Shown

ENDS_SESSION = ("/salir", "/mi-cuenta/cerrar-sesiones")


class Visitor:
    """Somebody in one role, who asks for what a line says."""

    def __init__(self, app: Flask, database: Database, world: World, role: str, clock: Clock) -> None:
        self.app, self.database, self.world, self.role, self.clock = app, database, world, role, clock
        self.client = app.test_client()
        self.tokens: dict[str, str] = {}
        self.csrf = ""
        if role != "anonymous":
            self._sign_in()
            with session_scope(database):
                self.tokens = {scope: a_token(world, role, scope, clock.now) for scope in TOKEN_SCOPES}

    def ask(self, line: Line, objects: Objects) -> str:
        """Return what happened, in the words of the matrix."""
        if line.is_call and self.role != "anonymous":
            answers = [self._send(line, objects, token) for token in self.tokens.values()]
            return "yes" if any(word_of(answer) == "yes" for answer in answers) else word_of(answers[0])
        word = word_of(self._send(line, objects, ""))
        if line.route in ENDS_SESSION and word == "yes":
            self._sign_in()
        return word

    def _send(self, line: Line, objects: Objects, token: str) -> TestResponse:
        address, sent = request_of(line, objects)
        if "data" in sent:
            sent["data"] = {**sent["data"], "csrf_token": self.csrf}
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.client.open(address, method=line.method, headers=headers, buffered=True, **sent)

    def _sign_in(self) -> None:
        with session_scope(self.database):
            token = a_session(self.world, self.role, self.clock.now)
        self.client.set_cookie(COOKIE, token)
        self.csrf = Shown(self.client.get("/mi-cuenta")).value("csrf_token")


def word_of(response: TestResponse) -> str:
    if response.status_code in (302, 303) and response.headers["Location"].startswith("/entrar?siguiente="):
        return "login"
    if response.status_code == 404:
        return "no"
    if response.status_code == 403 and response.mimetype == "application/problem+json":
        return "no"
    if response.status_code == 401:
        return "401"
    return "yes" if response.status_code in (200, 201, 202, 302, 303, 422) else f"status {response.status_code}"
