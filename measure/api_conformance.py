"""The API tried by schemathesis against its own description: every call, positive and negative, and in sequences."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from measure.instances import DATABASES, Instance, instances

EXAMPLES = 200
SEED = 20261126
CONFIG = Path(__file__).with_name("schemathesis.toml")
# Post and scope of the token that each tag of the description is tried with.
TOKENS = {
    "DESK": ("direccion-movilidad", "desk"),
    "COORD": ("coordinacion", "coordination"),
    "CAPT": ("ventanilla", "capture"),
}


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {
        "examples": EXAMPLES,
        "seed": SEED,
        **found,
        "reached": all(item["failures"] == 0 and item["fewest"] >= EXAMPLES for item in found.values()),
    }


def _measure(instance: Instance) -> dict[str, Any]:
    instance.environ["CONSULTA_DEMO"] = "1"
    instance.command("demo")
    instance.serve()
    try:
        said = _try(instance)
    finally:
        instance.stop()
    return said


def _try(instance: Instance) -> dict[str, Any]:
    report = instance.folder / "events.ndjson"
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(CONFIG)),
        *("run", f"{instance.url}/api/v1/openapi.json"),
        *("--max-examples", str(EXAMPLES), "--seed", str(SEED), "--continue-on-failure"),
        *("--report", "ndjson", "--report-ndjson-path", str(report)),
    ]
    ran = subprocess.run(
        command,
        env={**os.environ, **{name: _token(instance, *of) for name, of in TOKENS.items()}},
        cwd=instance.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    cases = _cases_by_call(report)
    generated = re.search(r"([\d,]+) generated", ran.stdout)
    failures = re.search(r"(\d+) unique failure", ran.stdout)
    in_sequences = cases.pop("Stateful tests", 0)
    return {
        "calls": len(cases),
        "in_sequences": in_sequences,
        "cases": int(generated[1].replace(",", "")) if generated else 0,
        "fewest": min(cases.values(), default=0),
        "failures": int(failures[1]) if failures else (0 if ran.returncode == 0 else -1),
        "told": "" if ran.returncode == 0 else ran.stdout[-3000:],
    }


def _cases_by_call(report: Path) -> Counter[str]:
    """Return how many cases each call had outside sequences, and how many the sequences had."""
    found: Counter[str] = Counter()
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            for event, told in json.loads(line).items():
                if event == "ScenarioFinished":
                    recorder = told.get("recorder") or {}
                    found[recorder.get("label", "")] += len(recorder.get("cases") or {})
    return found


def _token(instance: Instance, post: str, scope: str) -> str:
    done = instance.command("token", "--post", post, "--scope", scope, "--per-minute", "1000000", "--json")
    token: str = json.loads(done.stdout)["token"]
    return token
