"""The people of the demonstration, one per role, and their posts."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.accounts.operations import invite_person, set_password
from consulta.actors import Actor, Role
from consulta.agencies.models import Government, Post, Tenure, Unit
from consulta.agencies.operations import appoint, create_post
from consulta.db import session

DEMO_PASSWORD = "demo-consulta-2026"  # noqa: S105 - printed by `make demo`; refused outside a demonstration


@dataclass(frozen=True)
class DemoPost:
    """A post of the demonstration with its holder."""

    role: Role
    unit: str
    key: str
    title: str
    person: str


POSTS = (
    DemoPost(Role.COORDINATOR, "coordinacion", "coordinacion", "Coordinación de consultas", "Elena Robles Ficticia"),
    DemoPost(Role.RESPONDENT, "movilidad", "enlace-movilidad", "Enlace de movilidad", "Jorge Luna Ficticio"),
    DemoPost(Role.APPROVER, "movilidad", "direccion-movilidad", "Dirección de movilidad", "Carmen Ibarra Ficticia"),
    DemoPost(Role.RESPONDENT, "agua", "enlace-agua", "Enlace de agua y saneamiento", "Raúl Mena Ficticio"),
    DemoPost(Role.APPROVER, "agua", "direccion-agua", "Dirección de agua y saneamiento", "Luis Ortega Ficticio"),
    DemoPost(Role.MODERATOR, "coordinacion", "revision", "Revisión de comentarios", "Lucía Paz Ficticia"),
    DemoPost(Role.OPERATOR, "ventanilla", "ventanilla", "Ventanilla de atención", "Tomás Gil Ficticio"),
    DemoPost(Role.CONTROL, "control", "control", "Órgano interno de control", "Irene Soto Ficticia"),
    DemoPost(Role.COMMITTEE, "control", "comite-etica", "Comité de ética", "Marta Ríos Ficticia"),
    DemoPost(Role.TRANSPARENCY, "transparencia", "transparencia", "Unidad de transparencia", "Pablo Vela Ficticio"),
    DemoPost(Role.AUDITOR, "control", "auditoria", "Auditoría", "Nora Campos Ficticia"),
    DemoPost(Role.ADMINISTRATOR, "sistemas", "administracion", "Administración de la plataforma", "Iván Cruz Ficticio"),
)


def create_demo_posts(units: dict[str, Unit], government: Government, now: datetime) -> dict[str, Actor]:
    """Create posts, people and tenures; return the actor of each post by its key."""
    actors = {}
    for item in POSTS:
        unit = units[item.unit]
        post = create_post(unit=unit, key=item.key, title=item.title, role=item.role, now=now)
        person, token = invite_person(email=f"{item.key}@demo.example", name=item.person, now=now)
        set_password(token=token, password=DEMO_PASSWORD, now=now)
        appoint(person=person, post=post, from_on=date(now.year - 1, 1, 1), now=now)
        actors[item.key] = Actor(post.id, item.role, unit.id, unit.agency_id, government.id, person.id)
    return actors


def list_demo_accounts() -> list[dict[str, str]]:
    """Return the accounts of the demonstration, one per post."""
    rows = session().execute(
        select(Person, Post).join(Tenure, Tenure.person_id == Person.id).join(Post, Post.id == Tenure.post_id)
    )
    keys = {item.key for item in POSTS}
    return [
        {"role": post.role, "name": person.name, "email": person.email, "password": DEMO_PASSWORD, "post": post.key}
        for person, post in rows
        if post.key in keys
    ]
