"""Administration of how a government presents itself: privacy notice, name, contact, colours, shield."""

from typing import Any

from flask import Blueprint, request

from consulta.actors import Actor
from consulta.agencies.models import Government
from consulta.agencies.operations import LARGEST_SHIELD, edit_government, publish_privacy_notice, set_shield
from consulta.agencies.pages import ADMINISTERS, perform, show_page, typed_lines, typed_text
from consulta.agencies.themes import DEFAULTS
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.storage.current import current_storage
from consulta.web.access import access
from consulta.web.context import arrived_at

blueprint = Blueprint("presentation", __name__)


@blueprint.get("/administracion/textos")
@access(ADMINISTERS)
def texts(actor: Actor) -> str:
    """Show the privacy notice in force, with the form to publish another version."""
    return show_page(actor, "notice")


@blueprint.post("/administracion/textos")
@access(ADMINISTERS)
def publish_notice(actor: Actor) -> Any:
    """Publish a version of the privacy notice."""

    def act(government: Government) -> str:
        version = typed_text("version")
        publish_privacy_notice(
            government=government,
            version=version,
            summary=typed_lines("summary"),
            text=typed_lines("text"),
            now=arrived_at(),
        )
        return _("Aviso publicado: versión %(version)s.", version=version)

    return perform(actor, "notice", act)


@blueprint.get("/administracion/apariencia")
@access(ADMINISTERS)
def look(actor: Actor) -> str:
    """Show name, contact, colours and shield with their forms."""
    return show_page(actor, "look")


@blueprint.post("/administracion/apariencia")
@access(ADMINISTERS)
def change_look(actor: Actor) -> Any:
    """Change name, contact and colours."""

    def act(government: Government) -> str:
        colours = {name: typed_text(name) for name in DEFAULTS}
        edit_government(
            government=government,
            name=typed_text("name"),
            contact=typed_lines("contact"),
            colours=colours,
            now=arrived_at(),
        )
        return _("Apariencia guardada.")

    return perform(actor, "look", act)


@blueprint.post("/administracion/escudo")
@access(ADMINISTERS)
def change_shield(actor: Actor) -> Any:
    """Change the shield."""

    def act(government: Government) -> str:
        chosen = request.files.get("shield")
        if chosen is None or not chosen.filename:
            raise Refused(_("Elija una imagen."), field="shield")
        set_shield(
            government=government,
            filename=chosen.filename,
            content=chosen.read(LARGEST_SHIELD + 1),
            storage=current_storage(),
            now=arrived_at(),
        )
        return _("Escudo guardado.")

    return perform(actor, "shield", act)
