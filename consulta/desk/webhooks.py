"""Systems that are told what becomes public: registering, testing, pausing, changing the secret, removing."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, current_app, redirect, request
from wtforms import SelectMultipleField

from consulta.actors import Actor, Role
from consulta.agencies.queries import get_government
from consulta.db import unit_of_work
from consulta.errors import NotFound, Refused
from consulta.hooks.models import Webhook
from consulta.hooks.notices import PAGE
from consulta.hooks.operations import (
    Keeper,
    WebhookDraft,
    ask_ping,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from consulta.hooks.queries import find_webhook, list_webhooks, map_last_deliveries
from consulta.hooks.sending import Courier
from consulta.hooks.states import CHOSEN
from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.web.access import access, acting, roles
from consulta.web.context import arrived_at, services
from consulta.web.flashes import flash
from consulta.web.forms import BaseForm, CleanString
from consulta.web.responses import render_private

blueprint = Blueprint("webhooks", __name__)
COURIER = "consulta.courier"
OWNS = roles(Role.COORDINATOR)
SEES = roles(Role.COORDINATOR, Role.ADMINISTRATOR)


class WebhookForm(BaseForm):
    """A system, its address and what it is told."""

    label = CleanString(N_("Qué programa es"))
    url = CleanString(N_("Dirección que recibe los avisos"))
    events = SelectMultipleField(
        N_("De qué se le avisa"),
        choices=lambda: [(event.value, label("webhook_event", event.value)) for event in CHOSEN],
        validate_choice=False,
    )

    def draft(self) -> WebhookDraft:
        """Return what was written."""
        return WebhookDraft(self.label.data or "", self.url.data or "", tuple(self.events.data or ()))


@blueprint.get(PAGE)
@access(SEES)
def webhooks(actor: Actor) -> str:
    """List the programs of the government, with what was sent to each last, and the form to add one."""
    return _page(_best(actor), WebhookForm())


@blueprint.post(PAGE)
@access(OWNS)
def register(actor: Actor) -> Any:
    """Register a program, and show its secret for the only time."""
    form = WebhookForm(request.form)
    form.attach_removed()
    if form.has_problems():
        return _page(actor, form), 422
    try:
        draft = form.draft()
        # Before the transaction: it asks the network where the name leads.
        cast(Courier, current_app.extensions[COURIER]).check(draft.url)
        with unit_of_work():
            government = get_government(actor.government_id)
            _added, secret = register_webhook(
                government=government, draft=draft, actor=actor, keeper=_keeper(), now=arrived_at()
            )
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _page(actor, form), 422
    return _page(actor, WebhookForm(), secret=secret)


@blueprint.post(f"{PAGE}/<int:webhook_id>/probar")
@access(OWNS)
def try_out(webhook_id: int, actor: Actor) -> Any:
    """Send a test, or the proof that a new program waits for."""
    return _act(
        webhook_id,
        actor,
        lambda found: ask_ping(webhook=found, actor=actor, keeper=_keeper(), now=arrived_at()),
        _("Prueba enviada: recargue la página en unos segundos para ver qué respondió."),
    )


@blueprint.post(f"{PAGE}/<int:webhook_id>/pausar")
@access(OWNS)
def pause(webhook_id: int, actor: Actor) -> Any:
    """Stop telling a program."""
    return _act(
        webhook_id,
        actor,
        lambda found: pause_webhook(webhook=found, actor=actor, now=arrived_at()),
        _("En pausa: no se le enviará nada hasta que lo reanude."),
    )


@blueprint.post(f"{PAGE}/<int:webhook_id>/reanudar")
@access(OWNS)
def resume(webhook_id: int, actor: Actor) -> Any:
    """Tell a program again."""
    return _act(
        webhook_id,
        actor,
        lambda found: resume_webhook(webhook=found, actor=actor, keeper=_keeper(), now=arrived_at()),
        _("Reanudado. Si estaba suspendido, empieza a recibir cuando responda a la prueba."),
    )


@blueprint.post(f"{PAGE}/<int:webhook_id>/secreto")
@access(OWNS)
def rotate(webhook_id: int, actor: Actor) -> Any:
    """Give a program a new secret, and show it for the only time."""
    found = _find(webhook_id, actor)
    with unit_of_work():
        secret = rotate_secret(webhook=found, actor=actor, keeper=_keeper(), now=arrived_at())
    return _page(actor, WebhookForm(), secret=secret)


@blueprint.post(f"{PAGE}/<int:webhook_id>/quitar")
@access(SEES)
def remove(webhook_id: int, actor: Actor) -> Any:
    """Remove a program."""
    own = _best(actor)
    return _act(
        webhook_id,
        own,
        lambda found: remove_webhook(webhook=found, actor=own, now=arrived_at()),
        _("Quitado: su dirección y su secreto se borraron."),
    )


def _best(actor: Actor) -> Actor:
    """Return the post that coordinates, of who also administers: it may do more."""
    return acting(actor, lambda post: post.role == Role.COORDINATOR)


def _find(webhook_id: int, actor: Actor) -> Webhook:
    found = find_webhook(actor.government_id, webhook_id) if webhook_id < 2**62 else None
    if found is None:
        raise NotFound(_("No existe ese programa."))
    return found


def _act(webhook_id: int, actor: Actor, act: Callable[[Webhook], None], done: str) -> Any:
    found = _find(webhook_id, actor)
    try:
        with unit_of_work():
            act(found)
    except Refused as refused:
        return _page(actor, WebhookForm(), problem=(f"programa-{webhook_id}", refused.message)), 422
    flash(done)
    return redirect(PAGE)


def _keeper() -> Keeper:
    settings = services().settings
    return Keeper(settings.secret_key, settings.public_url)


def _page(actor: Actor, form: WebhookForm, *, secret: str = "", problem: tuple[str, str] | None = None) -> str:
    government = get_government(actor.government_id)
    return render_private(
        "desk/webhooks.html",
        programs=list_webhooks(government.id),
        deliveries=map_last_deliveries(government.id),
        owns=actor.role == Role.COORDINATOR,
        zone=government.timezone,
        form=form,
        secret=secret,
        problem=problem,
        address=PAGE,
    )
