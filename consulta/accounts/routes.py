"""Signing in and out, invitations and forgotten passwords."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField

from consulta.accounts.cookies import COOKIE, set_cookie
from consulta.accounts.devices import device_name
from consulta.accounts.models import StaffSession
from consulta.accounts.notices import reset_notice
from consulta.accounts.operations import issue_link, revoke_session, revoke_sessions, set_password, sign_in
from consulta.accounts.queries import find_link, find_person_by_email, list_sessions
from consulta.accounts.states import AccountState, LinkPurpose, SignInOutcome
from consulta.db import session, unit_of_work
from consulta.errors import NotFound, Refused
from consulta.i18n.text import N_, _
from consulta.notices import notify
from consulta.web.access import EVERYBODY, SIGNED_IN, access
from consulta.web.context import arrived_at, services
from consulta.web.forms import BaseForm, CleanString
from consulta.web.languages import local
from consulta.web.responses import no_store, render_private

blueprint = Blueprint("accounts", __name__)


class SignInForm(BaseForm):
    """Address and password."""

    email = CleanString(N_("Correo"))
    password = PasswordField(N_("Contraseña"))


class PasswordForm(BaseForm):
    """A new password."""

    password = PasswordField(N_("Contraseña nueva"))


class EmailForm(BaseForm):
    """The address of an account."""

    email = CleanString(N_("Correo"))


@blueprint.get("/entrar")
@access(EVERYBODY)
def show_sign_in() -> str:
    """Show the form."""
    return render_private("accounts/sign_in.html", form=SignInForm(), after=_local(request.args.get("siguiente")))


@blueprint.post("/entrar")
@access(EVERYBODY)
def do_sign_in() -> Any:
    """Check the password and open a session."""
    no_store()
    form = SignInForm(request.form)
    after = _local(request.form.get("siguiente"))
    with unit_of_work():
        outcome, token = sign_in(
            email=form.email.data or "",
            password=form.password.data or "",
            device=request.user_agent.string,
            now=arrived_at(),
        )
    if outcome == SignInOutcome.SUCCESS and token is not None:
        return set_cookie(make_response(redirect(after)), token)
    if outcome == SignInOutcome.LOCKED:
        form.add_problem(
            None,
            _(
                "Hubo varios intentos fallidos y la cuenta espera 15 minutos. "
                "Si es suya, entre ya con «Olvidé mi contraseña»."
            ),
        )
    else:
        form.add_problem("password", _("El correo o la contraseña no coinciden: revíselos."))
    return render_template("accounts/sign_in.html", form=form, after=after), 422


@blueprint.post("/salir")
@access(SIGNED_IN)
def sign_out() -> Response:
    """End the session of this browser."""
    with unit_of_work():
        revoke_session(staff_session=session().get_one(StaffSession, current_user.session_id), now=arrived_at())
    response = redirect("/")
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/mi-cuenta")
@access(SIGNED_IN)
def account() -> str:
    """Show posts and open sessions."""
    return render_private(
        "accounts/account.html",
        device_name=device_name,
        sessions=list_sessions(current_user.person_id, arrived_at()),
        person=current_user.person,
    )


@blueprint.post("/mi-cuenta/cerrar-sesiones")
@access(SIGNED_IN)
def end_sessions() -> Response:
    """End every session of the person, this one included."""
    with unit_of_work():
        revoke_sessions(person_id=current_user.person_id, now=arrived_at())
    response = redirect("/entrar")
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/recuperar")
@access(EVERYBODY)
def show_forgotten() -> str:
    """Ask for the address."""
    return render_private("accounts/forgotten.html", form=EmailForm(), sent=False)


@blueprint.post("/recuperar")
@access(EVERYBODY)
def do_forgotten() -> str:
    """Send a link if the account exists; say the same either way."""
    form = EmailForm(request.form)
    with unit_of_work():
        person = find_person_by_email(form.email.data or "")
        if person is not None and person.state != AccountState.SUSPENDED:
            invited = person.state == AccountState.INVITED
            purpose = LinkPurpose.INVITATION if invited else LinkPurpose.RESET
            token = issue_link(person=person, purpose=purpose, now=arrived_at())
            notify(reset_notice(person, _link(token), arrived_at()), now=arrived_at())
    return render_private("accounts/forgotten.html", form=form, sent=True)


@blueprint.get("/invitacion/<token>")
@access(EVERYBODY)
def show_password(token: str) -> str:
    """Ask for a new password, for an invitation or a reset."""
    link = find_link(token=token, now=arrived_at())
    if link is None:
        raise NotFound(_("Este enlace ya se usó o venció: pida otro en «Olvidé mi contraseña»."))
    return render_private("accounts/password.html", form=PasswordForm(), person=link.person)


@blueprint.post("/invitacion/<token>")
@access(EVERYBODY)
def do_password(token: str) -> Any:
    """Store the new password and send the person to sign in."""
    no_store()
    form = PasswordForm(request.form)
    try:
        with unit_of_work():
            set_password(token=token, password=form.password.data or "", now=arrived_at())
    except Refused as refused:
        link = find_link(token=token, now=arrived_at())
        if link is None:
            raise NotFound(refused.message) from refused
        form.add_problem(refused.field, refused.message)
        return render_template("accounts/password.html", form=form, person=link.person), 422
    return redirect("/entrar?siguiente=/bandeja")


def _link(token: str) -> str:
    return services().settings.public_url + local(f"/invitacion/{token}")


def _local(target: str | None) -> str:
    """Return a path of this site; anything that a browser could read as another site becomes the desk."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/bandeja"
    return target if target.isprintable() and "\\" not in target else "/bandeja"
