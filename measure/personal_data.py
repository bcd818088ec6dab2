"""The detector of personal data on sentences labelled by hand, and how often it warns of real texts.

Of the real texts only the number that gets a warning is kept: there nobody said what they hold, so the share says
whether it cries wolf, not whether it is right.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from consulta.personal_data import list_kinds, mark_findings
from measure.instances import SHARED
from tests.personal_data.labelled import PARTS, Score, read_sentences, score

RECALL_WANTED, PRECISION_WANTED, RECALL_OF_KIND_WANTED = 0.95, 0.9, 0.85
REAL = {
    "decide_madrid_comments": (SHARED / "data" / "decide-madrid" / "comments.csv", "text"),
    "hermosillo_reports": (SHARED / "data" / "hermosillo" / "reports.csv", "descripcion"),
}


def run() -> dict[str, Any]:
    """Score the sentences, all and by part; reached with the recall and precision wanted over all of them."""
    sentences = read_sentences()
    whole = score(sentences)
    return {
        "n": len(sentences),
        "with_personal_data": sum(bool(sentence.passages) for sentence in sentences),
        **_figures(whole),
        "kinds": {kind: _figures_of_kind(whole, kind) for kind in whole.kinds},
        "parts": {part: _figures(score(sentence for sentence in sentences if sentence.part == part)) for part in PARTS},
        "held_when_first_read": {"passages": 60, "recall": 0.95, "precision": 0.9828},
        "warned": {name: _warned(path, column) for name, (path, column) in REAL.items()},
        "reached": whole.recall >= RECALL_WANTED
        and whole.precision >= PRECISION_WANTED
        and all(whole.recall_of(kind) >= RECALL_OF_KIND_WANTED for kind in whole.kinds),
    }


def _figures(result: Score) -> dict[str, Any]:
    return {
        "passages": result.found.total() + result.missed.total(),
        "recall": round(result.recall, 4),
        "precision": round(result.precision, 4),
    }


def _figures_of_kind(result: Score, kind: str) -> dict[str, Any]:
    return {"found": result.found[kind], "missed": result.missed[kind], "false": result.false[kind]}


def _warned(path: Path, column: str) -> dict[str, Any] | str:
    """Count the texts of a file that get a warning, and of which kinds; say so where the file is not there."""
    if not path.exists():
        return "the file is not on this machine"
    with path.open(encoding="utf-8", newline="") as file:
        texts = [row[column] or "" for row in csv.DictReader(file)]
    kinds = [list_kinds(mark_findings(text)) for text in texts]
    warned = sum(bool(found) for found in kinds)
    return {
        "n": len(texts),
        "warned": warned,
        "share": round(warned / len(texts), 4),
        "kinds": dict(Counter(kind.value for found in kinds for kind in found)),
    }
