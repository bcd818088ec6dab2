"""One nonce posted a hundred times at once is one submission; equal texts under two nonces are two.

And a response that is lost and retried shows the same folio and key.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from consulta.db import session
from consulta.submissions.models import Submission
from measure.instances import DATABASES, Instance, instances
from measure.posting import Answer, Browser

REPEATS = 20
PARALLEL = 100


def run() -> dict[str, Any]:
    """Measure on both databases, against the production server."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), **found}


def _measure(instance: Instance) -> dict[str, Any]:
    world = instance.world(datetime.now(UTC))
    address = f"/consultas/{world.slugs['open']}/temas/1/opinar"
    instance.serve()
    results = [_round(instance, address, number) for number in range(REPEATS)]
    browser = Browser(instance, address)
    pair = {browser.send(browser.new_nonce(), "El mismo texto.").folio for _ in range(2)}
    lost = [_lost_and_retried(instance, address, number) for number in range(REPEATS)]
    instance.stop()
    exactly_one = sum(item["rows"] == 1 and item["receipts"] == 1 for item in results)
    return {
        "n": REPEATS,
        "parallel": PARALLEL,
        "rounds_with_exactly_one": exactly_one,
        "errors": sum(item["errors"] for item in results),
        "equal_texts_two_nonces": len(pair),
        "lost_then_same_folio_and_key": sum(lost),
        "reached": exactly_one == REPEATS
        and len(pair) == 2
        and sum(lost) == REPEATS
        and not any(item["errors"] for item in results),
    }


def _round(instance: Instance, address: str, number: int) -> dict[str, int]:
    text = f"Cien veces a la vez, vuelta {number}."
    nonce = Browser(instance, address).new_nonce()

    def send(_n: int) -> Answer:
        browser = Browser(instance, address)
        try:
            return browser.send(nonce, text)
        finally:
            browser.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(send, range(PARALLEL)))
    receipts = {(answer.folio, answer.key) for answer in answers}
    with instance.scope():
        rows = session().scalar(select(func.count()).select_from(Submission).where(Submission.text == text))
    errors = sum(answer.status not in (200, 201) for answer in answers)
    return {"rows": int(rows or 0), "receipts": len(receipts), "errors": errors}


def _lost_and_retried(instance: Instance, address: str, number: int) -> bool:
    """Send, throw the answer away, send again as a person does who saw an error."""
    browser = Browser(instance, address)
    nonce = browser.new_nonce()
    first = browser.send(nonce, f"Se perdió la respuesta {number}.")
    browser.close()
    second = Browser(instance, address).send(nonce, f"Se perdió la respuesta {number}.")
    return first.folio is not None and (first.folio, first.key) == (second.folio, second.key)
