"""How well campaigns are found among real comments: a hundred thousand texts, of which five thousand are organic.

Recall: of the copies of a template, the share in the group that holds most of that template. Wrongly merged: of the
organic comments, the share in a group with a campaign's copy, or beside an organic representative with which it has
neither a passage of eight words in common, word for word, nor half of its words.
"""

import csv
import multiprocessing
import resource
import time
from collections import Counter
from pathlib import Path
from typing import Any

from consulta.analysis.clustering import find_clusters, load_parameters, normalise
from consulta.analysis.states import CampaignKind
from measure.campaigns import TEMPLATES, Copy, write_campaigns

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "decide-madrid" / "comments.csv"
TEXTS, ORGANIC = 100_000, 5_000
SEED = 20_261_125
PASSAGE = 8


def run() -> dict[str, Any]:
    """Measure in a process of its own, so that its memory is its own."""
    if not DATA.exists():
        return {"skipped": "the real comments (../shared/data/decide-madrid) are not here"}
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure)


def read_organic(count: int) -> list[str]:
    """Return real comments, in the order of the file."""
    with DATA.open(encoding="utf-8", newline="") as handle:
        texts = [row["text"] for row in csv.DictReader(handle)]
    return texts[:count]


def _measure() -> dict[str, Any]:
    organic, copies = read_organic(ORGANIC), write_campaigns(TEXTS - ORGANIC, SEED)
    texts = [*enumerate(organic), *((ORGANIC + number, copy.text) for number, copy in enumerate(copies))]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    found = find_clusters(texts)
    seconds = time.perf_counter() - started
    groups = [item for item in found if item.kind == CampaignKind.NEAR]
    near, middles = (
        [[number for number, _ in item.members] for item in groups],
        [item.representative for item in groups],
    )
    result: dict[str, Any] = {
        "n": len(texts),
        "organic": len(organic),
        "templates": len(TEMPLATES),
        "seed": SEED,
        "parameters": load_parameters().version,
        **_judge(near, middles, organic, copies),
        "groups_near": len(near),
        "seconds": round(seconds, 1),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "texts_mib": round(before / 1024),
    }
    limits = result["limits"]
    reached = (
        result["recall"] >= limits["recall"]
        and result["organic_wrongly_merged_share"] <= limits["organic_wrongly_merged_share"]
        and seconds <= limits["seconds"]
        and result["peak_mib"] <= limits["peak_mib"]
    )
    return {**result, "reached": reached}


def _judge(near: list[list[int]], middles: list[int], organic: list[str], copies: list[Copy]) -> dict[str, Any]:
    held: dict[int, Counter[int]] = {template: Counter() for template in range(len(TEMPLATES))}
    wrong: set[int] = set()
    mixed = 0
    for order, numbers in enumerate(near):
        campaign = Counter(copies[number - len(organic)].template for number in numbers if number >= len(organic))
        mixed += len([template for template, count in campaign.items() if count > 1]) > 1
        for template, count in campaign.items():
            held[template][order] += count
        own = [number for number in numbers if number < len(organic)]
        if campaign:
            wrong |= set(own)
        else:
            wrong |= {number for number in own if not _are_copies(organic[number], organic[middles[order]])}
    best = {template: counts.most_common(1)[0][0] for template, counts in held.items() if counts}
    sets = {order: set(near[order]) for order in best.values()}
    every = Counter(copy.is_heavy for copy in copies)
    found = Counter(
        copy.is_heavy
        for number, copy in enumerate(copies)
        if copy.template in best and number + len(organic) in sets[best[copy.template]]
    )
    return {
        "recall": round(sum(found.values()) / len(copies), 4),
        "recall_of_heavy_edits": round(found[True] / every[True], 4),
        "heavy_edits": every[True],
        "organic_wrongly_merged": len(wrong),
        "organic_wrongly_merged_share": round(len(wrong) / len(organic), 4),
        "groups_of_two_templates": mixed,
        "limits": {"recall": 0.99, "organic_wrongly_merged_share": 0.005, "seconds": 60, "peak_mib": 1024},
    }


def _are_copies(one: str, other: str) -> bool:
    """Say whether two texts share a passage of eight words, or half of all their words."""
    first, second = normalise(one), normalise(other)
    passages = [
        {words[start : start + PASSAGE] for start in range(len(words) - PASSAGE + 1)} for words in (first, second)
    ]
    together = set(first) | set(second)
    return bool(passages[0] & passages[1]) or len(set(first) & set(second)) >= len(together) / 2
