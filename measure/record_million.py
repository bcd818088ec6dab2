"""A record of a million acts: how long a proof takes, and how long and how much memory it takes to verify all of it."""

import os
import random
import secrets
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from consulta.db import session, unit_of_work
from consulta.record.keys import use_key
from consulta.record.models import Leaf, Opening
from consulta.record.queries import find_last_checkpoint, prove_acts
from consulta.record.rules import commit, plain
from consulta.record.sequencing import make_checkpoint, sequence_leaves
from consulta.record.tiles import TileReader
from consulta.record.tree import consistency_proof
from measure.instances import DATABASES, ROOT, Instance, instances
from tests.record.test_record import KEY, ORIGIN, PUBLIC

LEAVES, PROOFS = int(os.environ.get("LEAVES", "1000000")), 500
SEED = 20_261_126
SLOWEST_PROOF, LONGEST_SECONDS, MOST_MIB = 0.005, 120, 190
START = datetime(2026, 6, 10, 18, 0, tzinfo=UTC)
# Run as a process of its own, so that its memory is its own.
VERIFY = "import sys; from measure.record_million import verify_alone; verify_alone(sys.argv[1])"


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"leaves": LEAVES, "seed": SEED, **found, "reached": all(item["reached"] for item in found.values())}


def verify_alone(url: str) -> None:
    """Verify a record and print problems, seconds and the most memory that the process had."""
    from consulta.db import Database, session_scope
    from consulta.record.verifying import verify_record

    begun = time.process_time()
    database = Database(url)
    with session_scope(database):
        verdict = verify_record(public=PUBLIC)
    # Not `ru_maxrss`: that begins with what the process had that started this one.
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    used = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    print(len(verdict.problems), verdict.leaves, time.process_time() - begun, used)


def _measure(instance: Instance) -> dict[str, Any]:
    with instance.scope():
        begun = time.perf_counter()
        _fill()
        built = time.perf_counter() - begun
        inclusion, consistency = _proofs()
    url = instance.settings.database_url
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, url], cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ}
    )
    seconds = time.perf_counter() - begun
    problems, leaves, cpu, memory = done.stdout.split()
    return {
        "build_s": round(built, 1),
        "inclusion_ms": inclusion,
        "consistency_ms": consistency,
        "verify_s": round(seconds, 1),
        "verify_cpu_s": round(float(cpu), 1),
        "peak_mib": round(float(memory)),
        "problems": int(problems),
        "reached": (
            int(problems) == 0
            and int(leaves) >= LEAVES
            and max(inclusion["p99"], consistency["p99"]) <= SLOWEST_PROOF * 1000
            and seconds <= LONGEST_SECONDS
            and float(memory) <= MOST_MIB
        ),
    }


def _fill() -> None:
    """Write acts as intake does, with salts and contents, and let the sequencer take them; a checkpoint each tenth."""
    with unit_of_work():
        use_key(KEY, START)
        base = session().scalar(select(func.max(Leaf.id))) or 0
    for first in range(0, LEAVES, 5_000):
        rows = [_act(base, number) for number in range(first, min(first + 5_000, LEAVES))]
        with unit_of_work():
            session().execute(insert(Leaf), [leaf for leaf, _opening in rows])
            session().execute(insert(Opening), [opening for _leaf, opening in rows])
        with unit_of_work():
            sequence_leaves(START)
        if (first + 5_000) % (LEAVES // 10) == 0:
            with unit_of_work():
                make_checkpoint(origin=ORIGIN, key=KEY, now=START + timedelta(seconds=first))


def _act(base: int, number: int) -> tuple[dict[str, Any], dict[str, Any]]:
    salt = secrets.token_bytes(32)
    content = plain({"number": number, "text": f"Respuesta {number}: procede en parte, porque así lo dice la ley."})
    at = START + timedelta(seconds=number)
    leaf = {"id": base + number + 1, "kind": "answer.published", "public_id": f"GTO-2026-{number:08d}", "at": at}
    return {**leaf, "commitment": commit(salt, content)}, {
        "leaf_id": base + number + 1,
        "salt": salt,
        "content": content,
    }


def _proofs() -> tuple[dict[str, float], dict[str, float]]:
    draw, newest = random.Random(SEED), find_last_checkpoint()
    assert newest is not None
    inclusion, consistency = [], []
    for _ in range(PROOFS):
        place = draw.randrange(newest.size)
        begun = time.perf_counter()
        assert prove_acts(f"GTO-2026-{place:08d}", newest)[0].proof
        inclusion.append(time.perf_counter() - begun)
        session().expire_all()
        begun = time.perf_counter()
        assert consistency_proof(draw.randrange(1, newest.size), newest.size, TileReader().node)
        consistency.append(time.perf_counter() - begun)
        session().expire_all()
    return _spread(inclusion), _spread(consistency)


def _spread(seconds: list[float]) -> dict[str, float]:
    ranked = statistics.quantiles(seconds, n=100)
    return {"n": len(seconds), "p50": round(ranked[49] * 1000, 2), "p99": round(ranked[98] * 1000, 2)}
