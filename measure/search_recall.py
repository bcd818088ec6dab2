"""What forty judged queries find over the real texts of the shared data, on both indexes."""

from collections import defaultdict
from typing import Any

from measure.instances import DATABASES, Instance, instances
from tests.search.judged import Judged, ask_all, read_texts

LEAST = 0.95


def run() -> dict[str, Any]:
    """Measure on both databases."""
    with instances(*DATABASES) as made:
        found = {name: _measure(instance) for name, instance in made}
    return {"texts": len(read_texts()), **found, "reached": all(item["recall"] >= LEAST for item in found.values())}


def _measure(instance: Instance) -> dict[str, Any]:
    with instance.scope() as database:
        reached, different = ask_all(instance.folder / "judged", database.url)
    kinds: dict[str, list[float]] = defaultdict(list)
    for query, one in reached.items():
        kinds[query.kind].append(one)
    return {
        "queries": len(reached),
        "judgements": sum(len(query.relevant) for query in reached),
        "recall": _mean(list(reached.values())),
        "by_kind": {kind: _mean(ones) for kind, ones in kinds.items()},
        "below_one": {query.text: round(one, 2) for query, one in _worst(reached)},
        "accents_matter_in": different,
    }


def _worst(reached: dict[Judged, float]) -> list[tuple[Judged, float]]:
    return sorted(((query, one) for query, one in reached.items() if one < 1), key=lambda pair: pair[1])


def _mean(ones: list[float]) -> float:
    return round(sum(ones) / len(ones), 4)
