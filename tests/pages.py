"""A browser of tests: every page it is shown must be valid HTML with one heading and a title."""

import warnings
from collections.abc import Mapping
from typing import Any

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

from tests.builders import PASSWORD

Fields = Mapping[str, Any]


class Shown:
    """What came back: the answer, and its page when it is one."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        self.soup = BeautifulSoup(self.text, "html.parser")
        if self.text and not self.location:
            self._check()

    def _check(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            html5lib.HTMLParser(strict=True).parse(self.text)
        assert len(self.soup.find_all("h1")) == 1, "a page has exactly one h1"
        assert self.soup.title is not None, "a page has a title"
        assert self.soup.title.get_text(strip=True), "the title says something"
        ids = [tag["id"] for tag in self.soup.find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), "an id is given once"

    @property
    def heading(self) -> str:
        """The text of the heading."""
        found = self.soup.h1
        return " ".join(found.get_text(" ").split()) if found else ""

    @property
    def body(self) -> str:
        """Every word of the main part, with single spaces."""
        return " ".join((self.soup.main or self.soup).get_text(" ").split())

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary; each must lead to something on the page."""
        links = self.soup.select(".error-summary a")
        for link in links:
            assert self.soup.find(id=str(link["href"]).removeprefix("#")) is not None, f"{link['href']} leads nowhere"
        return [link.get_text(strip=True) for link in links]

    def value(self, name: str) -> str:
        """What a field of the page holds."""
        field = self.soup.find(["input", "textarea", "select"], {"name": name})
        assert isinstance(field, Tag), f"no field {name}"
        if field.name == "textarea":
            return field.get_text().removeprefix("\n")
        if field.name == "select":
            chosen = field.find("option", selected=True)
            return str(chosen["value"]) if isinstance(chosen, Tag) else ""
        if field.get("type") == "radio":
            chosen = self.soup.find("input", {"name": name, "checked": True})
            return str(chosen["value"]) if isinstance(chosen, Tag) else ""
        return str(field.get("value", ""))

    def links(self) -> list[str]:
        """Where the main part leads."""
        return [str(link["href"]) for link in (self.soup.main or self.soup).find_all("a", href=True)]


class Page:
    """A browser with its cookies; `post` sends the token of the last form, as a person's browser does."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.csrf = ""

    def sign_in(self, email: str, password: str = PASSWORD) -> "Page":
        """Sign in through the form and keep the token of the session."""
        shown = self.post("/entrar", {"email": email, "password": password}, status=302)
        assert shown.location == "/bandeja"
        self.get("/mi-cuenta")
        return self

    def get(self, address: str, status: int = 200) -> Shown:
        """Open an address."""
        return self._shown(self.client.get(address), status)

    def post(self, address: str, fields: Fields | None = None, status: int = 200) -> Shown:
        """Send a form."""
        return self._shown(self.client.post(address, data={"csrf_token": self.csrf, **(fields or {})}), status)

    def follow(self, address: str, fields: Fields | None = None) -> Shown:
        """Send a form that succeeds, and open the page it leads to."""
        sent = self.post(address, fields, status=302)
        return self.get(sent.location.split("#")[0])

    def _shown(self, response: TestResponse, status: int) -> Shown:
        shown = Shown(response)
        assert shown.status == status, f"{shown.status}: {shown.errors or shown.heading or shown.location}"
        field = shown.soup.find("input", {"name": "csrf_token"})
        if isinstance(field, Tag):
            self.csrf = str(field["value"])
        return shown
