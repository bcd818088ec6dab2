"""Programs that act from a post: each holder asks for her tokens and ends them; administration sees and ends all."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request
from flask_login import current_user

from consulta.actors import Actor, Role
from consulta.agencies.pages import ADMINISTERS, typed_day, typed_number, typed_text
from consulta.agencies.tokens import (
    USEFUL,
    USUAL_DAYS,
    end_token,
    find_token,
    issue_token,
    list_own_tokens,
    list_posts_of,
    list_tokens,
    zone_of,
)
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.web.access import SIGNED_IN, access
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.web.responses import render_private

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/mi-cuenta/programas")
@access(SIGNED_IN)
def own() -> str:
    """Show the tokens that the person asked for, and the form to ask for another."""
    return _page()


@blueprint.post("/mi-cuenta/programas")
@access(SIGNED_IN)
def ask() -> Any:
    """Issue a token of one of her posts and show it, once."""
    post_id = typed_number("post_id")
    try:
        with unit_of_work():
            actor = next((item for item in current_user.actors if item.post_id == post_id), None)
            post = next((item for item in list_posts_of(current_user.actors) if item.id == post_id), None)
            if actor is None or post is None:
                raise Refused(_("Elija con qué cargo actúa."), field="post_id")
            token = issue_token(
                actor=actor,
                post=post,
                scope=typed_text("scope"),
                label=typed_text("label"),
                last_on=typed_day("last_on"),
                zone=zone_of(post),
                now=arrived_at(),
            )
    except Refused as refused:
        return _page(refused), 422
    return _page(token=token), 201


@blueprint.post("/mi-cuenta/programas/<int:token_id>/anular")
@access(SIGNED_IN)
def end_own(token_id: int) -> Any:
    """End one of her tokens."""
    return _end(token_id, "/mi-cuenta/programas", person_id=current_user.person_id)


@blueprint.get("/administracion/programas")
@access(ADMINISTERS)
def all_tokens(actor: Actor) -> str:
    """Show every token of the government's posts."""
    return render_template("agencies/tokens_all.html", tokens=list_tokens(actor.government_id))


@blueprint.post("/administracion/programas/<int:token_id>/anular")
@access(ADMINISTERS)
def end_any(token_id: int, actor: Actor) -> Any:
    """End a token of the government's posts."""
    return _end(token_id, "/administracion/programas", government_id=actor.government_id)


def _end(token_id: int, page: str, *, person_id: int | None = None, government_id: int | None = None) -> Any:
    with unit_of_work():
        found = find_token(token_id, person_id=person_id, government_id=government_id)
        if found is None:
            raise NotFound(_("No existe ese token."))
        token, post, _person = found
        label = token.label or post.title
        end_token(token=token, post=post, now=arrived_at())
    flash(_("Token anulado: %(label)s. El programa que lo usaba ya no entra.", label=label))
    return redirect(page)


def _page(refused: Refused | None = None, token: str = "") -> str:
    today = arrived_at().astimezone(ZoneInfo(services().settings.timezone.key)).date()
    typed = {name: typed_text(name) for name in request.form} if refused else {}
    posts = list_posts_of(current_user.actors)
    return render_private(
        "agencies/tokens.html",
        tokens=list_own_tokens(current_user.person_id),
        posts=posts,
        scopes=sorted({scope for post in posts for scope in USEFUL[Role(post.role)]}),
        usual=(today + timedelta(days=USUAL_DAYS)).isoformat(),
        refused=refused,
        section="token" if refused else "",
        typed=typed,
        token=token,
    )
