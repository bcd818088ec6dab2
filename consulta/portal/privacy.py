"""The privacy notice, whole and simplified, as it is in force and in every version that it had."""

from flask import Blueprint, abort, render_template

from consulta.agencies.models import Government
from consulta.agencies.queries import current_notice, find_government_by_key, find_main_government, list_notices
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.web.access import EVERYBODY, access
from consulta.web.context import show_government

blueprint = Blueprint("privacy", __name__)
OF_MAIN, OF_ONE = "/privacidad", "/gobiernos/<key>/privacidad"


@blueprint.get(OF_MAIN, defaults={"key": ""})
@blueprint.get(OF_ONE)
@access(EVERYBODY)
def whole(key: str) -> str:
    """Show the whole notice in force, with its version."""
    government = _government(key)
    return render_template("texts/privacy.html", notice=current_notice(government.id), base=_base(key))


@blueprint.get(f"{OF_MAIN}/simplificado", defaults={"key": ""})
@blueprint.get(f"{OF_ONE}/simplificado")
@access(EVERYBODY)
def simplified(key: str) -> str:
    """Show the simplified notice in force: what is read before writing."""
    government = _government(key)
    return render_template("texts/privacy_simplified.html", notice=current_notice(government.id), base=_base(key))


@blueprint.get(f"{OF_MAIN}/versiones", defaults={"key": ""})
@blueprint.get(f"{OF_ONE}/versiones")
@access(EVERYBODY)
def versions(key: str) -> str:
    """List every version with the days on which it was in force, newest first."""
    government = _government(key)
    found = list_notices(government.id)
    ends = [*(notice.published_at for notice in found[1:]), None]
    rows = [(number, notice, ends[number - 1]) for number, notice in enumerate(found, start=1)]
    return render_template("texts/privacy_versions.html", rows=rows[::-1], base=_base(key), zone=government.timezone)


@blueprint.get(f"{OF_MAIN}/versiones/<int:number>", defaults={"key": ""})
@blueprint.get(f"{OF_ONE}/versiones/<int:number>")
@access(EVERYBODY)
def version(key: str, number: int) -> str:
    """Show one version in both forms, as it was published."""
    government = _government(key)
    found = list_notices(government.id)
    if not 1 <= number <= len(found):
        raise NotFound(_("No existe esa versión del aviso."))
    return render_template(
        "texts/privacy_version.html",
        notice=found[number - 1],
        until=found[number].published_at if number < len(found) else None,
        base=_base(key),
        zone=government.timezone,
    )


def _government(key: str) -> Government:
    if not key:
        found = find_main_government()
        if found is None:
            raise NotFound(_("Esta instancia todavía no tiene gobierno: ejecute «consulta init»."))
        return found
    named = find_government_by_key(key)
    if named is None:
        abort(404)
    show_government(named)
    return named


def _base(key: str) -> str:
    return OF_ONE.replace("<key>", key) if key else OF_MAIN
