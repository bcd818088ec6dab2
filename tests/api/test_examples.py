"""The examples for whoever programs: the client and the tour with curl do what they say, against a real server."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from consulta.db import Database, session, session_scope
from consulta.jobs.worker import Worker
from consulta.submissions.models import Submission
from tests.api.machines import Machine
from tests.api.serving import served, working
from tests.builders import TEXT, World

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "api"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("consulta_client", EXAMPLES / "consulta_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _bearer(machine: Machine) -> str:
    return machine.headers["Authorization"].removeprefix("Bearer ")


def test_client_carries_a_comment_from_the_topic_to_its_published_answer(
    app: Flask, example: ModuleType, machines: dict[str, Machine], world: World, worker: Worker
) -> None:
    with served(app) as address:
        anybody = example.Consulta(address)
        window = next(iter(anybody.windows(status="open")))
        topic = anybody.window(window["slug"])["topics"][0]
        receipt = anybody.submit(topic["id"], TEXT, author={"name": "Ana Ejemplo"})
        worker.drain()
        unit = example.Consulta(address, _bearer(machines["respondent"]))
        referral = next(item for item in unit.referrals() if item["folio"] == receipt["folio"])
        answered = unit.answer([referral["id"]], "adopted", "Procedente: se cambia el artículo 12.")
        example.Consulta(address, _bearer(machines["approver"])).sign_off(answered["answer_id"])
        example.Consulta(address, _bearer(machines["coordinator"])).publish(answered["answer_id"])
        story = anybody.track(receipt["folio"], receipt["tracking_key"])

    assert story["answer"]["disposition"] == "adopted"


def test_client_reads_again_only_what_changed_and_names_what_is_wrong(
    app: Flask, example: ModuleType, world: World
) -> None:
    with served(app) as address:
        anybody = example.Consulta(address)
        first, again = list(anybody.windows()), list(anybody.windows())
        with pytest.raises(example.Problem) as refused:
            anybody.submit(world.topics["open"], "")

    assert first == again
    assert refused.value.status == 422
    assert list(refused.value.fields) == ["text"]


@pytest.mark.skipif(not all(map(shutil.which, ("curl", "jq"))), reason="falta: apt-get install curl jq")
def test_tour_with_curl_ends_well_and_its_repetition_adds_nothing(
    app: Flask, machines: dict[str, Machine], database: Database, worker: Worker
) -> None:
    tokens = {"RESPONDE": "respondent", "FIRMA": "approver", "COORDINA": "coordinator"}
    with served(app) as address, working(worker):
        ran = subprocess.run(
            [str(EXAMPLES / "recorrido.sh")],
            env={**os.environ, "CONSULTA": address, **{name: _bearer(machines[post]) for name, post in tokens.items()}},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "  304\n" in ran.stdout
    assert "  kind: Debe ser uno de" in ran.stdout
    assert ran.stdout.endswith("  signed_off\n  published\n")
    with session_scope(database):
        assert session().scalar(select(func.count()).select_from(Submission)) == 1
