"""Writes of tokens: one transaction per call, done once however often a program asks under the same key."""

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from flask import Response, jsonify, request

from consulta.accounts.tokens import ActKey, find_act, remember_act
from consulta.actors import Actor
from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.web.context import arrived_at
from consulta.web.hand_ins import LONGEST_KEY, SHORTEST_KEY

KEY_LENGTH = f"La clave debe tener de {SHORTEST_KEY} a {LONGEST_KEY} caracteres."
Result = Mapping[str, Any]
Represent = Callable[[Result, Actor], dict[str, Any]]


def acts(represent: Represent, *, status: int = 200) -> Callable[[Callable[..., Result]], Callable[..., Response]]:
    """Turn a view that acts into a call: its whole act in one unit of work, then what it led to, as JSON.

    The view returns ids and states. With an `Idempotency-Key` these are kept for a day in the same transaction, so
    that the same request again is answered with what it led to, as it stands by then, and does nothing.

    Args:
        represent: makes the body of the answer from what the view returned and the actor.
        status: of the answer.
    """

    def decorate(view: Callable[..., Result]) -> Callable[..., Response]:
        @wraps(view)
        def call(*args: Any, **kwargs: Any) -> Response:
            actor: Actor = kwargs["actor"]
            key = _key(actor)
            with unit_of_work():
                kept = find_act(key) if key else None
                result = kept if kept is not None else view(*args, **kwargs)
                if key and kept is None:
                    remember_act(key=key, result=result, now=arrived_at())
                # What a row holds is gone with its transaction; the ids are not.
                result = dict(result)
            response = jsonify(represent(result, actor))
            response.status_code = status
            if kept is not None:
                response.headers["Idempotency-Replayed"] = "true"
            return response

        return call

    return decorate


def read_key() -> str | None:
    """Return the `Idempotency-Key` of the request, None without one. Raises Refused when its length is not fit."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise Refused(KEY_LENGTH, field="Idempotency-Key")
    return key


def _key(actor: Actor) -> ActKey | None:
    key = read_key()
    if key is None:
        return None
    asked = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data())
    return ActKey(post_id=actor.post_id, key=key, fingerprint=asked.hexdigest())
