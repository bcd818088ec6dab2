"""How everything here is timed: against a baseline of the same run."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def interleaved(baseline: Callable[[], object], measured: Callable[[], object], repeats: int) -> dict[str, Any]:
    """Return medians in milliseconds and their ratio; the two take turns, so that both see the same machine."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for function, into in zip((baseline, measured), times, strict=True):
            started = time.perf_counter()
            function()
            into.append((time.perf_counter() - started) * 1000)
    medians = [statistics.median(values) for values in times]
    return {
        "n": repeats,
        "baseline_ms": round(medians[0], 2),
        "median_ms": round(medians[1], 2),
        "ratio": round(medians[1] / medians[0], 2),
    }
