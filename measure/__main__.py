"""Runs the measurements and writes `measure/results.json`."""

import json
import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measure import (
    answer_histories,
    api_conformance,
    axe,
    clearing,
    closing_race,
    clusters,
    concluding,
    crash,
    date_histories,
    journey_cost,
    mutants,
    nonces,
    open311,
    open_data_million,
    open_data_reopened,
    page_bytes,
    people_links,
    people_releases,
    people_tables,
    personal_data,
    readability,
    real_input,
    record_copies,
    record_million,
    record_mutations,
    record_purge,
    search_recall,
    sheets,
    ssrf,
    tasks,
    window_moves,
    window_totals,
    windows_oracle,
)

RESULTS = Path(__file__).parent / "results.json"
MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "real_input": real_input.run,
    "nonces": nonces.run,
    "crash": crash.run,
    "window_moves": window_moves.run,
    "windows_oracle": windows_oracle.run,
    "closing_race": closing_race.run,
    "concluding": concluding.run,
    "date_histories": date_histories.run,
    "clusters": clusters.run,
    "search_recall": search_recall.run,
    "sheets": sheets.run,
    "clearing": clearing.run,
    "answer_histories": answer_histories.run,
    "api_conformance": api_conformance.run,
    "axe": axe.run,
    "tasks": tasks.run,
    "page_bytes": page_bytes.run,
    "journey_cost": journey_cost.run,
    "readability": readability.run,
    "personal_data": personal_data.run,
    "window_totals": window_totals.run,
    "open_data_million": open_data_million.run,
    "open_data_reopened": open_data_reopened.run,
    "open311": open311.run,
    "people_tables": people_tables.run,
    "people_releases": people_releases.run,
    "people_links": people_links.run,
    "record_mutations": record_mutations.run,
    "record_copies": record_copies.run,
    "record_million": record_million.run,
    "record_purge": record_purge.run,
    "ssrf": ssrf.run,
    "mutants": mutants.run,
}


def main() -> None:
    """Run the measurements named, or all."""
    chosen = [name for name in sys.argv[1:] if name] or list(MEASURES)
    unknown = [name for name in chosen if name not in MEASURES]
    if unknown:
        sys.exit(f"No such measurement: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
    results: dict[str, Any] = {}
    for name in chosen:
        print(f"measuring {name} …", flush=True)
        found = MEASURES[name]()
        # Read again: another measurement may have been written meanwhile.
        results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
        results[name] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), **found}
        print(json.dumps(found, ensure_ascii=False, indent=2), flush=True)
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", "utf-8")
    failed = [name for name in chosen if not results[name]["reached"]]
    sys.exit(f"not reached: {', '.join(failed)}" if failed else 0)


def machine() -> dict[str, Any]:
    """Return what the figures were taken on."""
    return {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}


main()
