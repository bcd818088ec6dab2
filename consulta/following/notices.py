"""Mails to who follows something. Every one says how to leave."""

from collections.abc import Sequence

from consulta.following.models import Subscription
from consulta.following.news import News
from consulta.following.rules import make_code
from consulta.i18n.text import SOURCE, _, plural
from consulta.notices import Message

CONFIRM, MANAGE = "confirm", "manage"
# What a mail lists; the rest is on the pages to which it leads.
LISTED = 25
LONGEST_TEXT = 240
LONGEST_SUBJECT = 200


def about_subscription(subscription: Subscription) -> str:
    """Return what the notices of a subscription are about: nothing that names a person."""
    return f"subscription:{subscription.id}"


def name_of(subscription: Subscription) -> str:
    """Return what is followed, as people call it."""
    if subscription.window is not None:
        return subscription.window.title
    if subscription.agency is not None:
        return subscription.agency.name
    if subscription.search is not None:
        return _("la búsqueda «%(words)s»", words=subscription.search.get("q", ""))
    return _("todas las consultas nuevas")


def leave_address(subscription: Subscription, secret: bytes, public_url: str) -> str:
    """Return where one click ends a subscription."""
    return f"{_root(subscription, public_url)}/avisos/salir/{make_code(secret, MANAGE, subscription)}"


def manage_address(subscription: Subscription, secret: bytes, public_url: str) -> str:
    """Return where its owner changes or ends what she follows."""
    return f"{_root(subscription, public_url)}/avisos/administrar/{make_code(secret, MANAGE, subscription)}"


def confirm_notice(subscription: Subscription, *, number: str, secret: bytes, public_url: str) -> Message:
    """Return the mail that asks whether who reads it wants these mails. `number` tells it from the one before."""
    name = name_of(subscription)
    body = [
        _("Alguien, seguramente usted, pidió recibir en esta dirección avisos de: %(name)s", name=name),
        "",
        _("Para empezar a recibirlos, abra este enlace en las próximas 48 horas y confirme:"),
        "",
        f"{_root(subscription, public_url)}/avisos/confirmar/{make_code(secret, CONFIRM, subscription)}",
        "",
        _("Si no lo pidió, no haga nada: no le escribiremos más y su dirección se borra."),
    ]
    return _message(subscription, number, _("Confirme los avisos que pidió"), body, kind="following_confirm")


def already_notice(subscription: Subscription, *, number: str, secret: bytes, public_url: str) -> Message:
    """Return the mail to an address that follows it already: the page in front of the form says the same to all."""
    name = name_of(subscription)
    body = [
        _("Alguien, seguramente usted, pidió recibir en esta dirección avisos de: %(name)s", name=name),
        "",
        _("Ya los recibe: no tiene que hacer nada. Aquí puede cambiarlos o dejar de recibirlos:"),
        "",
        manage_address(subscription, secret, public_url),
    ]
    return _message(subscription, number, _("Ya recibe estos avisos"), body, kind="following_confirm")


def news_notice(
    subscription: Subscription, news: Sequence[News], *, number: int, secret: bytes, public_url: str
) -> Message:
    """Return the mail with what happened, by consultation. `number` is that of the last happening in it."""
    name = name_of(subscription)
    root = _root(subscription, public_url)
    body = [_("Pidió avisos de: %(name)s", name=name), ""]
    for one in news[:LISTED]:
        text = one.text if len(one.text) <= LONGEST_TEXT else one.text[: LONGEST_TEXT - 1].rstrip() + "…"
        body += [one.title, *[line for line in text.splitlines() if line.strip()], root + one.address, ""]
    if len(news) > LISTED:
        body += [
            plural("…y %(count)s novedad más:", "…y %(count)s novedades más:", len(news) - LISTED),
            f"{root}{_place(subscription)}",
            "",
        ]
    body += [
        _("Recibe este correo porque lo pidió. Cambiar cada cuándo llega, o dejar de recibirlo:"),
        manage_address(subscription, secret, public_url),
    ]
    several = plural("%(count)s novedad: %(name)s", "%(count)s novedades: %(name)s", len(news), name=name)
    subject = news[0].title if len(news) == 1 else several
    return _message(
        subscription,
        str(number),
        subject[:LONGEST_SUBJECT],
        body,
        kind="following",
        leave_url=leave_address(subscription, secret, public_url),
    )


def _root(subscription: Subscription, public_url: str) -> str:
    """Return what stands before the address of a page in the language of a subscription."""
    return public_url if subscription.language == SOURCE else f"{public_url}/{subscription.language}"


def _place(subscription: Subscription) -> str:
    return f"/consultas/{subscription.window.slug}" if subscription.window is not None else "/consultas"


def _message(
    subscription: Subscription, number: str, subject: str, body: Sequence[str], *, kind: str, leave_url: str = ""
) -> Message:
    return Message(
        kind=kind,
        unique_key=f"{kind}:{subscription.id}:{number}",
        about=about_subscription(subscription),
        subject=subject,
        body="\n".join(body),
        address=subscription.email,
        leave_url=leave_url,
    )
