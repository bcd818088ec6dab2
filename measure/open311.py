"""Open311 against the standard: every answer of a served instance held against its schemas, every example replayed.

Requests are handed in and read over real sockets, in both forms, on both databases; then the client that others wrote
(PyPI `georeport`) lists and reads them all.
"""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import jsonschema
import requests
from georeport import GeoReport

from measure.instances import DATABASES, SHARED, Instance, instances
from tests.open311.examples import FORM, GETS, POSTS
from tests.open311.speakers import ERRORS, as_words, check, read_xml, schema_of

SEED = 20261126
HANDED_IN = 120
QUERIES = 200
CODE = "atencion-1"
JURISDICTION = "guanajuato"
STANDARDS = SHARED / "standards" / "open311"
FILES = {"services": "service.json", "definition": "service-definition.json", "requests": "request.json"}
SECRET_WORDS = "palabras que solo lee quien responde"


def run() -> dict[str, Any]:
    """Measure on both databases, against the production server."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"reached": all(item["reached"] for item in found.values()), "seed": SEED, **found}


class Checker:
    """Asks in both forms and holds each answer against its schema; counts, and keeps what failed."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.session = requests.Session()
        self.validated: Counter[str] = Counter()
        self.failing: list[str] = []
        self.leaks = 0
        self.files = {
            name: json.loads((STANDARDS / file).read_text("utf-8"))
            for name, file in FILES.items()
            if (STANDARDS / file).exists()
        }

    def read(self, path: str, schema: str, **query: str) -> Any:
        """Read in JSON and XML, and return what was told."""
        answers = [self.session.get(f"{self.root}{path}.{form}", params=query, timeout=60) for form in ("json", "xml")]
        return self._held(schema, answers[0], answers[1], f"{path} {query}")

    def post(self, query: str, body: str, form: str) -> Any:
        """Hand in, and return what was told."""
        address = f"{self.root}/requests.{form}{f'?{query}' if query else ''}"
        answer = self.session.post(address, data=body.encode("utf-8"), headers={"Content-Type": FORM}, timeout=60)
        told = answer.json() if form == "json" else read_xml(answer.content)
        return self._hold(schema_of("RequestResponse", many=True), told, f"posted_{form}", f"{query} {body}")

    def _held(self, schema: str, read: requests.Response, same: requests.Response, what: str) -> Any:
        self.leaks += sum(SECRET_WORDS in answer.text for answer in (read, same))
        told = read.json()
        if read.status_code != same.status_code or read_xml(same.content) != as_words(told):
            self.failing.append(f"the two forms differ: {what}")
        if read.status_code >= 400:
            return self._hold(ERRORS, told, "errors", what)
        self._hold(SCHEMAS[schema], told, f"swagger_{schema}", what)
        for item in told if isinstance(told, list) else [told]:
            if schema in self.files:
                self._hold(self.files[schema], item, f"file_{FILES[schema]}", what)
        return told

    def _hold(self, schema: dict[str, Any], told: Any, name: str, what: str) -> Any:
        try:
            check(told, schema)
            self.validated[name] += 1
        except jsonschema.ValidationError as error:
            self.failing.append(f"{name}: {what}: {error.message[:200]}")
        return told


SCHEMAS = {
    "services": schema_of("Service", many=True),
    "definition": schema_of("ServiceDefinition"),
    "requests": schema_of("Request", many=True),
    "tokens": schema_of("TokenResponse", many=True),
}


def _measure(instance: Instance) -> dict[str, Any]:
    instance.world(datetime.now(UTC))
    instance.serve()
    rng, checker = random.Random(SEED), Checker(f"{instance.url}/open311/v2")
    replayed = _replay(checker)
    folios = [_hand_in(checker, rng) for _ in range(HANDED_IN)]
    _wait_for_units(checker)
    _ask_everything(checker, rng, folios)
    client = {form: _client(instance, form) for form in ("json", "xml")}
    instance.stop()
    return {
        "validated": dict(sorted(checker.validated.items())),
        "failing": len(checker.failing),
        "first_failing": checker.failing[:3],
        "examples": {"posts": len(POSTS) * 2, "reads": len(GETS), "replayed": replayed},
        "handed_in": HANDED_IN,
        "queries": QUERIES,
        "client_read": client,
        "answers_with_words_of_a_person": checker.leaks,
        "reached": not checker.failing
        and not checker.leaks
        and replayed == len(POSTS) * 2 + len(GETS)
        and set(client.values()) == {HANDED_IN + len(POSTS) * 2},
    }


def _replay(checker: Checker) -> int:
    """Replay every example of the standard; return how many were taken."""
    taken, folio = 0, ""
    for example in POSTS:
        for form in ("json", "xml"):
            sent = example.filled(jurisdiction=JURISDICTION, code=CODE)
            told = checker.post(sent.query, sent.body, form)
            folio = told[0].get("service_request_id", folio)
            taken += "service_request_id" in told[0]
    for path in GETS:
        address = checker.root + path.format(jurisdiction=JURISDICTION, code=CODE, folio=folio)
        taken += checker.session.get(address, timeout=60).status_code == 200
    return taken


def _hand_in(checker: Checker, rng: random.Random) -> str:
    """Hand in a request somewhere in Mexico, written as programs write."""
    latitude, longitude = rng.uniform(14.5, 32.7), rng.uniform(-118.4, -86.7)
    places = (
        f"lat={latitude:.{rng.randrange(1, 12)}f}&long={longitude:.{rng.randrange(1, 12)}f}",
        f"address_string=Calle+Inventada+{rng.randrange(1, 999)}",
        f"address_id=G-{rng.randrange(1, 99999)}",
    )
    place = "&".join(rng.sample(places, rng.randrange(1, 4)))
    body = f"service_code={CODE}&{place}&description={SECRET_WORDS.replace(' ', '+')}+%C3%B1+{rng.random()}"
    told = checker.post("", body, rng.choice(("json", "xml")))
    return str(told[0].get("service_request_id", ""))


def _wait_for_units(checker: Checker) -> None:
    """Wait until the worker has referred everything: what changes between two answers would differ between them."""
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        told = checker.session.get(f"{checker.root}/requests.json", timeout=60).json()
        if all("agency_responsible" in item for item in told):
            return
        time.sleep(0.5)
    raise RuntimeError("the worker did not refer what was handed in")


def _ask_everything(checker: Checker, rng: random.Random, folios: list[str]) -> None:
    for service in checker.read("/services", "services"):
        checker.read(f"/services/{service['service_code']}", "definition")
    for folio in folios:
        checker.read(f"/requests/{folio}", "requests")
        checker.read(f"/tokens/{folio}", "tokens")
    for _ in range(QUERIES):
        checker.read("/requests", "requests", **_query(rng, folios))


def _query(rng: random.Random, folios: list[str]) -> dict[str, str]:
    """Return a query of a program, which may be wrong."""
    values = {
        "status": ("open", "closed", "open,closed", "abierta", ""),
        "service_code": (CODE, "atencion-2", f"{CODE},no-hay-9", "x", ""),
        "start_date": ("2026-01-01T00:00:00Z", "2010-05-24T00:00:00-06:00", "ayer", ""),
        "end_date": ("2026-12-31T00:00:00Z", "2026-06-24", ""),
        "page": ("1", "2", "0", "x"),
        "page_size": ("1", "50", "1000", "9999"),
        "service_request_id": (folios[0], ",".join(folios[:30]), "no-es-folio"),
        "jurisdiction_id": (JURISDICTION, "leon", ""),
    }
    return {name: rng.choice(values[name]) for name in rng.sample(sorted(values), rng.randrange(0, 4))}


def _client(instance: Instance, form: str) -> int:
    """Let the client of others list services and requests and read each; return how many requests it read."""
    client = GeoReport(f"{instance.url}/open311/v2", jurisdiction=JURISDICTION, output_format=form)
    services = client.get_service_list()
    client.get_service_definition(services[0]["service_code"])
    listed = client.get_service_requests()
    read = [client.get_service_request(item["service_request_id"]) for item in listed]
    return sum(dict(one) == dict(item) for one, item in zip(read, listed, strict=True))
