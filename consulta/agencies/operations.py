"""Writes of the organisation chart."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.actors import Role
from consulta.agencies.models import Agency, Government, Post, PrivacyNotice, Tenure, Unit
from consulta.agencies.themes import check_theme
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.inspection import inspect
from consulta.record.operations import append_leaf
from consulta.storage import Storage

LONGEST_KEY = 40
# INEGI's key of the state whose catalogue the product ships.
STATE = "11"
LONGEST_CONTACT = 1000
# Bytes: it is part of every page.
LARGEST_SHIELD = 30_000
LONGEST_POST_KEY = 120
LONGEST_VERSION = 40
LONGEST_CALENDAR_KEY = 60
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def make_key(text: str, *, longest: int = LONGEST_KEY, field: str = "name") -> str:
    """Return a kebab-case ASCII key made of a name. Raises Refused when nothing of it can be used."""
    ascii_text = unicodedata.normalize("NFKD", text[:400]).encode("ascii", "ignore").decode("ascii").lower()
    key = "-".join(re.findall(r"[a-z0-9]+", ascii_text))[:longest].strip("-")
    if not key:
        raise Refused(_("Escriba un nombre con letras o números."), field=field)
    return key


def create_government(
    *,
    key: str,
    name: str,
    folio_prefix: str,
    timezone: str,
    calendar_key: str,
    contact: str,
    now: datetime,
    territory: str = STATE,
) -> Government:
    """Create a government and its leaf. Raises Refused on a repeated key, a bad prefix or an unknown zone."""
    if not re.fullmatch(r"[A-Z]{2,6}", folio_prefix):
        raise Refused(_("El prefijo del folio lleva de 2 a 6 letras mayúsculas sin acento."), field="folio_prefix")
    if timezone not in available_timezones():
        raise Refused(_("La zona horaria «%(timezone)s» no existe.", timezone=timezone), field="timezone")
    if len(calendar_key) > LONGEST_CALENDAR_KEY:
        raise Refused(_("El calendario «%(key)s» no existe.", key=calendar_key[:40]), field="calendar_key")
    _check_key(key)
    _check_name(name)
    if session().scalar(select(Government.id).where(Government.key == key)) is not None:
        raise Refused(_("Ya existe un gobierno con la clave «%(key)s».", key=key), field="key")
    government = Government(
        key=key,
        name=name,
        folio_prefix=folio_prefix,
        timezone=timezone,
        calendar_key=calendar_key,
        contact=contact,
        territory=territory,
        theme={},
        allows_self_signing=False,
    )
    session().add(government)
    append_leaf(kind="government.created", public_id=key, at=now, content={"name": name, "prefix": folio_prefix})
    session().flush()
    return government


def edit_government(
    *, government: Government, name: str, contact: str, colours: Mapping[str, str], now: datetime
) -> None:
    """Change how a government presents itself: name, contact and colours, with its leaf.

    Raises Refused at the field that is empty, or at the colour that cannot be read.
    """
    _check_name(name)
    if not contact.strip() or len(contact) > LONGEST_CONTACT:
        raise Refused(_("Escriba dónde y cuándo se atiende a la gente."), field="contact")
    shield = {name: value for name, value in government.theme.items() if name.startswith("shield")}
    government.name, government.contact = name.strip(), contact.strip()
    government.theme = {**check_theme(colours), **shield}
    append_leaf(
        kind="government.edited",
        public_id=government.key,
        at=now,
        content={"name": government.name, "contact": government.contact, "theme": government.theme},
    )
    session().flush()


def set_shield(*, government: Government, filename: str, content: bytes, storage: Storage, now: datetime) -> None:
    """Keep a government's shield, re-encoded without metadata, with its leaf. Raises Refused unless it is a picture."""
    if len(content) > LARGEST_SHIELD:
        raise Refused(_("El escudo debe pesar 30 KB o menos: redúzcalo y súbalo otra vez."), field="shield")
    try:
        file = inspect(filename, content)
    except Refused as refused:
        raise Refused(refused.message, field="shield") from refused
    if file.media_type not in ("image/png", "image/jpeg"):
        raise Refused(_("El escudo debe ser una imagen PNG o JPG."), field="shield")
    government.theme = {
        **government.theme,
        "shield_key": storage.put(file.public_content),
        "shield_type": file.media_type,
        "shield_version": file.sha256[:12],
    }
    append_leaf(kind="government.shield_set", public_id=government.key, at=now, content={"sha256": file.sha256})
    session().flush()


def publish_privacy_notice(
    *, government: Government, version: str, summary: str, text: str, now: datetime
) -> PrivacyNotice:
    """Publish a version of the privacy notice, whole and simplified (LGPDPPSO 21-22), with its leaf.

    From now on it is the one that people are shown, and it is never changed: another version takes its place. Raises
    Refused at the field that is empty, or for a version that was published before.
    """
    for field, value in (("version", version), ("summary", summary), ("text", text)):
        if not value.strip():
            raise Refused(_("El aviso de privacidad lleva versión, texto simplificado y texto integral."), field=field)
    known = select(PrivacyNotice.id).where(
        PrivacyNotice.government_id == government.id, PrivacyNotice.version == version
    )
    if session().scalar(known) is not None:
        raise Refused(_("Esa versión ya se publicó: use otra."), field="version")
    if len(version) > LONGEST_VERSION:
        raise Refused(_("La versión lleva hasta %(longest)s caracteres.", longest=LONGEST_VERSION), field="version")
    notice = PrivacyNotice(government_id=government.id, version=version, summary=summary, text=text, published_at=now)
    session().add(notice)
    append_leaf(
        kind="privacy_notice.published",
        public_id=government.key,
        at=now,
        content={"version": version, "summary": summary, "text": text},
    )
    session().flush()
    return notice


def create_agency(*, government: Government, key: str, name: str, now: datetime) -> Agency:
    """Create an agency and its leaf. Raises Refused on a repeated key."""
    _check_key(key)
    _check_name(name)
    repeated = select(Agency.name).where(Agency.government_id == government.id, Agency.key == key)
    other = session().scalar(repeated)
    if other is not None:
        raise Refused(_("La clave «%(key)s» ya es de «%(other)s»: use otra.", key=key, other=other), field="key")
    agency = Agency(government_id=government.id, key=key, name=name)
    session().add(agency)
    append_leaf(kind="agency.created", public_id=f"{government.key}/{key}", at=now, content={"name": name})
    session().flush()
    return agency


def create_unit(*, agency: Agency, key: str, name: str, now: datetime) -> Unit:
    """Create a unit and its leaf. Raises Refused on a repeated key."""
    _check_key(key)
    _check_name(name)
    other = session().scalar(select(Unit.name).where(Unit.agency_id == agency.id, Unit.key == key))
    if other is not None:
        raise Refused(_("La clave «%(key)s» ya es de «%(other)s»: use otra.", key=key, other=other), field="key")
    unit = Unit(agency_id=agency.id, key=key, name=name)
    session().add(unit)
    append_leaf(kind="unit.created", public_id=f"{agency.key}/{key}", at=now, content={"name": name})
    session().flush()
    return unit


def create_post(*, unit: Unit, key: str, title: str, role: Role, now: datetime) -> Post:
    """Create a post and its leaf. Raises Refused on a repeated key."""
    _check_key(key, longest=LONGEST_POST_KEY)
    _check_name(title, field="title")
    if session().scalar(select(Post.id).where(Post.key == key)) is not None:
        raise Refused(_("Ya hay un cargo con la clave «%(key)s»: use otra.", key=key), field="key")
    post = Post(unit_id=unit.id, key=key, title=title, role=role)
    session().add(post)
    append_leaf(kind="post.created", public_id=key, at=now, content={"title": title, "role": role.value})
    session().flush()
    return post


def appoint(*, person: Person, post: Post, from_on: date, now: datetime, to_on: date | None = None) -> Tenure:
    """Put a person in a post from a day on, with its leaf (which names the post, never the person).

    Raises Refused when the term ends before it begins, or she already holds the post then.
    """
    if to_on is not None and to_on < from_on:
        raise Refused(_("La fecha final no puede ser anterior a la inicial."), field="to_on")
    for held in session().scalars(select(Tenure).where(Tenure.post_id == post.id, Tenure.person_id == person.id)):
        if (held.to_on is None or held.to_on > from_on) and (to_on is None or held.from_on < to_on):
            raise Refused(_("%(name)s ya ocupa ese cargo en esas fechas.", name=person.name), field="person_id")
    tenure = Tenure(post_id=post.id, person_id=person.id, from_on=from_on, to_on=to_on)
    session().add(tenure)
    append_leaf(kind="post.appointed", public_id=post.key, at=now, content={"from_on": from_on, "to_on": to_on})
    session().flush()
    return tenure


def end_tenure(*, tenure: Tenure, to_on: date, now: datetime) -> None:
    """End a tenure: `to_on` is the first day on which the person no longer holds the post.

    One that has not begun ends on its first day, and never begins. Raises Refused when it had ended before.
    """
    if tenure.to_on is not None and tenure.to_on <= to_on:
        raise Refused(_("Ese nombramiento ya había terminado."))
    to_on = max(to_on, tenure.from_on)
    tenure.to_on = to_on
    append_leaf(kind="post.vacated", public_id=tenure.post.key, at=now, content={"to_on": to_on})
    session().flush()


def local_today(government: Government, now: datetime) -> date:
    """Return the civil day of an instant where the government is."""
    return now.astimezone(ZoneInfo(government.timezone)).date()


def _check_key(key: str, *, longest: int = LONGEST_KEY) -> None:
    if not KEY.fullmatch(key) or len(key) > longest:
        raise Refused(
            _(
                "La clave «%(key)s» debe llevar minúsculas sin acento, números y guiones, hasta "
                "%(longest)s caracteres.",
                key=key,
                longest=longest,
            ),
            field="key",
        )


def _check_name(name: str, *, field: str = "name") -> None:
    if not name.strip() or len(name) > 200:
        raise Refused(_("Escriba un nombre de 1 a 200 caracteres."), field=field)
