"""A thousand posts around the closing instant, half with a form opened in time: who is judged how, and how often."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from consulta.db import lock_exclusive, session, unit_of_work
from consulta.submissions.models import Submission
from consulta.windows.margins import load_margins
from consulta.windows.models import Window
from consulta.windows.operations import window_lock
from consulta.windows.queries import get_window
from measure.instances import DATABASES, Instance, instances
from measure.posting import Browser
from measure.window_moves import fresh_window

REPEATS = 20
POSTS = 1000
CLIENTS = 8
AROUND = 0.5
SEED = 20261125


def run() -> dict[str, Any]:
    """Measure on both databases, against four workers of the production server."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    instance.world(datetime.now(UTC))
    instance.serve(workers=4, threads=4)
    total: Counter[str] = Counter()
    spread: list[float] = []
    for number in range(REPEATS):
        total += _round(instance, number, spread)
        print(f"  {number + 1} of {REPEATS}: {dict(total)}", flush=True)
    instance.stop()
    wrong = (
        "form_admitted_wrongly",
        "form_late_wrongly",
        "plain_admitted_late",
        "plain_late_in_time",
        "twice",
        "errors",
    )
    return {
        "n_posts": POSTS * REPEATS,
        "repeats": REPEATS,
        "workers": 4,
        "seed": SEED,
        "wanted_ms_around": AROUND * 1000,
        "received_ms_before_closing": round(-min(spread) * 1000),
        "received_ms_after_closing": round(max(spread) * 1000),
        **{name: total[name] for name in ("in_time", "slow_line", "late", *wrong)},
        "reached": not any(total[name] for name in wrong)
        and min(total["in_time"], total["slow_line"], total["late"]) > 0,
    }


def _round(instance: Instance, number: int, spread: list[float]) -> Counter[str]:
    _, slug, topic_id = fresh_window(instance, number)
    browser = Browser(instance, f"/consultas/{slug}/temas/1/opinar")
    nonces = [browser.new_nonce() for _ in range(POSTS // 2)]
    # The nonce knows whole seconds: the closing must lie after the one in which the last was given.
    closes_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    with instance.scope(), unit_of_work():
        lock_exclusive(window_lock(get_window(slug).id))
        session().execute(update(Window).where(Window.slug == slug).values(closes_at=closes_at))
    errors = _send_all(instance, slug, topic_id, nonces, closes_at, number)
    return _verdict(instance, topic_id, closes_at, errors, spread)


def _send_all(
    instance: Instance, slug: str, topic_id: int, nonces: list[str], closes_at: datetime, number: int
) -> list[str]:
    """Send every post at its own moment within half a second of closing; a tenth of the forms twice."""
    draw = random.Random(SEED + number)
    plan = [(draw.uniform(-AROUND, AROUND), nonce) for nonce in nonces]
    plan += [(draw.uniform(-AROUND, AROUND), "") for _ in range(POSTS - len(nonces))]
    plan += [(AROUND, nonce) for nonce in nonces[: len(nonces) // 10]]
    draw.shuffle(plan)
    lots = [sorted(plan[start::CLIENTS]) for start in range(CLIENTS)]
    errors: list[str] = []

    def work(lot: list[tuple[float, str]]) -> None:
        browser = Browser(instance, f"/consultas/{slug}/temas/1/opinar")
        for moment, nonce in lot:
            time.sleep(max(0.0, (closes_at - datetime.now(UTC)).total_seconds() + moment))
            try:
                # A connection for each: one that is kept open may be closed by the server while it waits its moment.
                status = browser.send(nonce, f"form {nonce}").status if nonce else _call(instance.port, topic_id)
                browser.close()
                if status not in (200, 201, 202):
                    errors.append(str(status))
            except Exception as error:  # noqa: BLE001 - every failure is counted
                errors.append(repr(error))

    threads = [threading.Thread(target=work, args=(lot,)) for lot in lots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def _call(port: int, topic_id: int) -> int:
    """Post through the machine interface, which has no form and so no grace."""
    body = json.dumps({"text": f"plain {time.time()} {random.random()}"})
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    caller.request("POST", f"/api/v1/topics/{topic_id}/submissions", body, {"Content-Type": "application/json"})
    answer = caller.getresponse()
    answer.read()
    caller.close()
    return answer.status


def _verdict(
    instance: Instance, topic_id: int, closes_at: datetime, errors: list[str], spread: list[float]
) -> Counter[str]:
    found: Counter[str] = Counter({"errors": len(errors)})
    grace = load_margins().grace
    with instance.scope():
        rows = session().scalars(select(Submission).where(Submission.topic_id == topic_id)).all()
        for row in rows:
            after = row.received_at - closes_at
            spread.append(after.total_seconds())
            found[row.admission] += 1
            found["in_time"] += 0
            if row.text.startswith("form"):
                right = "in_time" if after < timedelta(0) else "slow_line" if after < grace else "late"
                found["form_admitted_wrongly"] += row.admission != right and right == "late"
                found["form_late_wrongly"] += row.admission != right and right != "late"
            else:
                found["plain_admitted_late"] += row.is_admitted and after >= timedelta(0)
                found["plain_late_in_time"] += not row.is_admitted and after < timedelta(0)
        found["twice"] = abs(len(rows) - POSTS) if not errors else 0
    return found
