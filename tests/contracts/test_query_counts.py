"""How many statements a page needs: a number written here, the same with three comments and with three thousand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from consulta.db import Database, session, unit_of_work
from consulta.submissions.drafts import PlaceDraft
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive_batch
from consulta.submissions.states import SubmissionKind
from consulta.web.pagination import encode_cursor
from consulta.windows.counters import add_delta, fold_counters
from consulta.windows.states import CounterName
from tests.builders import SECRET, World, a_delivery, an_answered
from tests.clock import START

# Counted once, and from then on a promise. One of each page is the government in its frame.
EXPECTED = {
    "home": 8,
    "windows": 5,
    "window": 7,
    "topic": 5,
    "older comments": 5,
    "mailboxes": 3,
    "mailbox": 5,
    "folio": 6,
    "tracking": 1,
    "board": 9,
    "notice board": 2,
    "privacy": 3,
    "chain": 5,
    "opinions": 3,
    "results": 5,
    "feed of all": 3,
    "feed of a window": 10,
    "feed of an agency": 7,
    "api windows": 2,
    "api window": 6,
    "api submissions": 3,
    "open311 services": 2,
    "open311 requests": 3,
}

pytestmark = pytest.mark.usefixtures("scope")


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database meanwhile; SQLite's own BEGIN apart."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def publish_many(world: World, many: int) -> None:
    """Receive and publish comments in bulk: what a page reads is the same as after one by one."""
    topic_id = world.topics["open"]
    asked = {"kind": SubmissionKind.SERVICE_REQUEST, "place": PlaceDraft("21.019", "-101.2574")}
    for start in range(0, many, 500):
        deliveries = [a_delivery(topic_id, START) for _ in range(min(500, many - start))]
        requests = [a_delivery(world.topics["mailbox"], START, draft=asked) for _ in range(min(500, many - start))]
        with unit_of_work():
            receive_batch([*deliveries, *requests], secret=SECRET, clock=lambda: START)
    with unit_of_work():
        session().execute(
            update(Submission)
            .where(Submission.state == "received", Submission.topic_id == topic_id)
            .values(state="published", reviewed_at=START, reviewed_by_post_id=world.actors["moderator"].post_id)
        )
        add_delta(topic_id=topic_id, name=CounterName.PUBLISHED, amount=many)
    with unit_of_work():
        fold_counters(START + timedelta(minutes=1))
    session().expunge_all()


def addresses(client: FlaskClient, world: World, folio: str) -> dict[str, str]:
    """Return what is measured."""
    window, mailbox = f"/consultas/{world.slugs['open']}", f"/buzones/{world.slugs['mailbox']}"
    newest = session().scalars(select(Submission.id).order_by(Submission.id.desc())).first()
    return {
        "home": "/",
        "windows": "/consultas",
        "window": window,
        "topic": f"{window}/temas/1",
        "older comments": f"{window}/temas/1?desde={encode_cursor(False, newest)}",
        "mailboxes": "/buzones",
        "mailbox": mailbox,
        "folio": f"/folio/{folio}",
        "tracking": "/seguimiento",
        "board": "/tablero",
        "notice board": "/estrados",
        "privacy": "/privacidad",
        "chain": "/resultados",
        "opinions": "/resultados/opiniones?proyecto=no",
        "results": f"{window}/resultados",
        "feed of all": "/consultas/atom.xml",
        "feed of a window": f"{window}/atom.xml",
        "feed of an agency": "/gobiernos/guanajuato/dependencias/movilidad/atom.xml",
        "api windows": "/api/v1/windows",
        "api window": f"/api/v1/windows/{world.slugs['open']}",
        "open311 services": "/open311/v2/services.json",
        "open311 requests": "/open311/v2/requests.xml",
        "api submissions": f"/api/v1/topics/{world.topics['open']}/submissions",
    }


@pytest.mark.parametrize("published", [3, 3000])
def test_pages_need_the_same_statements_however_much_there_is(
    client: FlaskClient, world: World, database: Database, published: int
) -> None:
    folio = an_answered(world, START).submission.folio
    publish_many(world, published - 1)

    found = {}
    for name, address in addresses(client, world, folio).items():
        with counting(database) as sent:
            response = client.get(address)
        assert response.status_code == 200, address
        found[name] = len(sent)

    assert found == EXPECTED
