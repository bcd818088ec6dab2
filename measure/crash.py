"""SIGKILL of the whole server fifty times during a stream of posts: nothing acknowledged is lost or halved."""

import http.client
import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from consulta.db import session
from consulta.jobs.models import Job
from consulta.record.models import Leaf
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from consulta.windows.counters import read_counts
from measure.instances import DATABASES, Instance, instances
from measure.posting import Browser

KILLS = 50
CLIENTS = 6
SEED = 20261121


class Stream:
    """Clients that post until told to stop, and remember what was acknowledged."""

    def __init__(self, instance: Instance, address: str) -> None:
        self.instance = instance
        self.address = address
        self.stopping = threading.Event()
        self.acknowledged: dict[str, str] = {}
        self.sent = 0
        self.lock = threading.Lock()

    def client(self, number: int) -> None:
        """Post comment after comment; a comment whose answer was lost is sent again with its nonce."""
        browser = Browser(self.instance, self.address)
        count = 0
        while not self.stopping.is_set():
            text = f"Cliente {number}, comentario {count}."
            try:
                nonce = browser.new_nonce()
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            count += 1
            self.sent += 1
            self._send_until_acknowledged(browser, nonce, text)

    def _send_until_acknowledged(self, browser: Browser, nonce: str, text: str) -> None:
        while not self.stopping.is_set():
            try:
                answer = browser.send(nonce, text, "persona@demo.example")
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
                continue
            if answer.folio is not None:
                with self.lock:
                    self.acknowledged[answer.folio] = text
                return


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(datetime.now(UTC))
    chance = random.Random(SEED)
    stream = Stream(instance, f"/consultas/{world.slugs['open']}/temas/1/opinar")
    instance.serve()
    threads = [threading.Thread(target=stream.client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.2))
        instance.kill()
        instance.serve()
    time.sleep(1)
    stream.stopping.set()
    for thread in threads:
        thread.join()
    _drain(instance)
    instance.stop()
    return _verdict(instance, stream, world.topics["open"])


def _drain(instance: Instance, seconds: float = 300) -> None:
    limit = time.monotonic() + seconds
    with instance.scope():
        while time.monotonic() < limit:
            session().rollback()
            if not session().scalar(select(func.count()).select_from(Job)):
                return
            time.sleep(0.5)
    raise RuntimeError("the worker did not finish in time")


def _verdict(instance: Instance, stream: Stream, topic_id: int) -> dict[str, Any]:
    with instance.scope():
        rows = session().execute(select(Submission.folio, Submission.text)).all()
        leaves = set(session().scalars(select(Leaf.public_id).where(Leaf.kind == "submission.received")))
        referred = set(
            session().scalars(select(Submission.folio).join(Referral, Referral.submission_id == Submission.id))
        )
        counted = read_counts([topic_id])[topic_id].get("received", 0)
    stored = {row.folio: row.text for row in rows}
    lost = [folio for folio, text in stream.acknowledged.items() if stored.get(folio) != text]
    texts = [row.text for row in rows]
    found = {
        "n_kills": KILLS,
        "seed": SEED,
        "acknowledged": len(stream.acknowledged),
        "stored": len(rows),
        "acknowledged_lost": len(lost),
        "duplicate_folios": len(rows) - len(stored),
        "sent_twice": len(texts) - len(set(texts)),
        "halves": len(set(stored) ^ leaves) + len(set(stored) ^ referred) + abs(counted - len(rows)),
    }
    wrong = ("acknowledged_lost", "duplicate_folios", "sent_twice", "halves")
    return {**found, "reached": len(rows) > KILLS and not any(found[name] for name in wrong)}
