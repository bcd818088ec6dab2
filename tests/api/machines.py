"""A program that calls the API, and what it demands of every refusal."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


class Machine:
    """A program with the token of a post, or none."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """Read."""
        return self._json(self.client.get(f"/api/v1{path}", headers={**self.headers, **headers}), status)

    def post(self, path: str, body: Any, status: int = 201, **headers: str) -> Any:
        """Write."""
        sent = self.client.post(f"/api/v1{path}", json=body, headers={**self.headers, **headers})
        return self._json(sent, status)

    def _json(self, response: TestResponse, status: int) -> Any:
        assert response.status_code == status, response.get_data(as_text=True)
        if status >= 400:
            check_problem(response)
        return response.get_json()


def check_problem(response: TestResponse) -> dict[str, Any]:
    """Hold RFC 9457: type, status and title, and the fields to correct with a sentence each."""
    assert response.mimetype == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert body["status"] == response.status_code
    assert body["type"] == "about:blank"
    assert body["title"]
    for item in body.get("errors", []):
        assert item["field"]
        assert item["message"]
    return body


def fields_of(problem: Any) -> list[str]:
    """Return the names of the fields to correct."""
    return [item["field"] for item in problem["errors"]]
