"""The tray of a unit with a hundred thousand referrals against one with a hundred: same page, same statements."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from bench.timing import interleaved
from consulta.app import create_app
from consulta.db import Database, session, unit_of_work
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from measure.instances import Instance
from tests.builders import PASSWORD, SECRET, World, a_delivery

FEW, MANY = 100, 100_000
AT_ONCE = 5_000
LIMIT = 1.3
ADDRESS = "/bandeja/turnos"


def run(instance: Instance, world: World) -> dict[str, Any]:
    """Measure on one database."""
    with instance.scope() as database:
        _refer(world, world.units["redes"], FEW)
        _refer(world, world.units["transito"], MANY)
        app = create_app(instance.settings, database=database)
        few = _signed_in(app.test_client(), world.email("respondent-agua"))
        many = _signed_in(app.test_client(), world.email("respondent"))
        statements = [_count(database, client) for client in (few, many)]
        found = interleaved(lambda: few.get(ADDRESS), lambda: many.get(ADDRESS), repeats=31)
    reached = found["ratio"] <= LIMIT and statements[0] == statements[1]
    return {**found, "statements": statements, "limit": LIMIT, "reached": reached}


def _refer(world: World, unit_id: int, count: int) -> None:
    """Write referrals that wait, of one comment each fifty: what a tray reads is a page of them."""
    now = datetime.now(UTC)
    with unit_of_work():
        receive_batch([a_delivery(world.topics["open"], now) for _ in range(50)], secret=SECRET, clock=lambda: now)
    ids = session().scalars(select(Submission.id).order_by(Submission.id.desc()).limit(50)).all()
    for start in range(0, count, AT_ONCE):
        rows = [
            {
                "submission_id": ids[number % len(ids)],
                "unit_id": unit_id,
                "state": "referred",
                "referred_at": now,
                "due_at": now + timedelta(minutes=number),
            }
            for number in range(start, min(start + AT_ONCE, count))
        ]
        with unit_of_work():
            session().execute(insert(Referral), rows)


def _signed_in(client: FlaskClient, email: str) -> FlaskClient:
    client.post("/entrar", data={"email": email, "password": PASSWORD})
    assert client.get(ADDRESS).status_code == 200
    return client


def _count(database: Database, client: FlaskClient) -> int:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        client.get(ADDRESS)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len([item for item in sent if not item.startswith("BEGIN")])
