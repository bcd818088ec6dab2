"""Who may use which view. A view without `@access` stops the start of the application."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request
from flask_login import current_user

from consulta.actors import Actor, Role
from consulta.i18n.text import _
from consulta.web.context import services

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Rule:
    """Who may pass. Without roles and sign-in: everybody. `scopes` ask for a bearer token instead of a session.

    `from_anywhere` lets a write come from another site: only where a code in its address is what allows it.
    """

    roles: frozenset[Role] = frozenset()
    signed_in: bool = False
    scopes: tuple[str, ...] = ()
    from_anywhere: bool = False


EVERYBODY = Rule()
# Programs that read mail leave a list for their reader, from wherever they are (RFC 8058).
BY_CODE = Rule(from_anywhere=True)
SIGNED_IN = Rule(signed_in=True)


def roles(*names: Role) -> Rule:
    """Return the rule of a page for posts with one of these roles."""
    return Rule(roles=frozenset(names), signed_in=True)


def token(scopes: tuple[str, ...], *names: Role) -> Rule:
    """Return the rule of a call for bearer tokens with one of the scopes, of posts with one of these roles."""
    return Rule(roles=frozenset(names), scopes=scopes)


def access(rule: Rule) -> Callable[[View], View]:
    """Declare who may use a view, and enforce it before the view runs.

    A rule with roles hands the view `actor`, the post in which the person acts. Who is not signed in is sent to
    sign in; who is, and may not, sees the same page as for something that does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            refused = _check(rule, kwargs)
            return refused if refused is not None else view(*args, **kwargs)

        checked.access_rule = rule  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def require_declared(app: Flask) -> None:
    """Refuse to start when a view lacks `@access`. Raises RuntimeError naming them."""
    missing = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "access_rule"))
    if missing:
        raise RuntimeError(f"views without @access: {', '.join(missing)}")


def csrf_token() -> str:
    """Return the token that forms of the current session carry; empty without a session."""
    session_key = getattr(current_user, "session_key", None)
    if session_key is None:
        return ""
    return hmac.new(services().secret, b"csrf:" + session_key.encode("ascii"), "sha256").hexdigest()


def may(role: Role) -> bool:
    """Say whether the person signed in holds a post with that role."""
    return any(actor.role == role for actor in getattr(current_user, "actors", ()))


def acting(default: Actor, may_act: Callable[[Actor], bool]) -> Actor:
    """Return the post, among those the person holds today, from which she may act on an object; else `default`."""
    held: tuple[Actor, ...] = getattr(current_user, "actors", ())
    return next((actor for actor in held if may_act(actor)), default)


def held_posts(*names: Role) -> tuple[Actor, ...]:
    """Return the posts with one of these roles that the person signed in holds today."""
    return tuple(actor for actor in getattr(current_user, "actors", ()) if actor.role in names)


def _check(rule: Rule, kwargs: dict[str, Any]) -> Response | None:
    if rule.scopes:
        kwargs["actor"] = _token_actor(rule)
        return None
    if request.method not in SAFE_METHODS and not rule.from_anywhere:
        _check_origin()
    if not rule.signed_in:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if request.method not in SAFE_METHODS:
        _check_csrf()
    if rule.roles:
        kwargs["actor"] = _session_actor(rule)
    return None


def _token_actor(rule: Rule) -> Actor:
    actor: Actor | None = getattr(g, "token_actor", None)
    if actor is None:
        abort(401)
    if actor.scope not in rule.scopes or actor.role not in rule.roles:
        abort(403)
    return actor


def _session_actor(rule: Rule) -> Actor:
    found: Actor | None = next((actor for actor in current_user.actors if actor.role in rule.roles), None)
    if found is None:
        abort(404)
    return found


def _check_origin() -> None:
    """Refuse a write that another site's page caused (Fetch Metadata; Origin for older browsers)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403, description=_("El envío vino de otro sitio: abra la página aquí y envíe de nuevo."))
    origin = request.headers.get("Origin")
    if origin not in (None, "null", request.host_url.rstrip("/"), services().settings.public_url):
        abort(403, description=_("El envío vino de otro sitio: abra la página aquí y envíe de nuevo."))


def _check_csrf() -> None:
    if not hmac.compare_digest(request.form.get("csrf_token", "").encode("utf-8", "replace"), csrf_token().encode()):
        abort(403, description=_("La página llevaba mucho tiempo abierta: recárguela y envíe de nuevo."))


def _to_sign_in() -> Response:
    after = request.full_path.rstrip("?") if request.method == "GET" else "/bandeja"
    response = redirect(f"/entrar?siguiente={quote(after, safe='/')}")
    assert isinstance(response, Response)
    return response
