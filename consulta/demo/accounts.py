"""The accounts that the demonstration shows: one per role, and the coordination of each municipality."""

from sqlalchemy import select

from consulta.accounts.models import Person
from consulta.agencies.models import Post, Tenure
from consulta.db import session

DEMO_PASSWORD = "demo-consulta-2026"  # noqa: S105 - printed by `make demo`; refused outside a demonstration
SHOWN = (
    "coordinacion",
    "coordinacion-suplente",
    "enlace-movilidad",
    "direccion-movilidad",
    "enlace-agua",
    "direccion-agua",
    "revision",
    "ventanilla",
    "control",
    "comite-etica",
    "transparencia",
    "auditoria",
    "administracion",
    "coordinacion-leon",
    "enlace-leon",
    "direccion-leon",
    "coordinacion-salamanca",
)


def list_demo_accounts() -> list[dict[str, str]]:
    """Return the accounts of the demonstration that are shown; everybody has the same password."""
    rows = session().execute(
        select(Person, Post)
        .join(Tenure, Tenure.person_id == Person.id)
        .join(Post, Post.id == Tenure.post_id)
        .where(Post.key.in_(SHOWN))
    )
    shown = sorted(rows, key=lambda row: SHOWN.index(row[1].key))
    return [
        {"role": post.role, "name": person.name, "email": person.email, "password": DEMO_PASSWORD, "post": post.key}
        for person, post in shown
    ]
