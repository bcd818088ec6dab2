"""The eight core tasks in each of four manners: keyboard alone, without scripts, on a phone, at 400 % zoom."""

from typing import Any

from playwright.sync_api import Error as PlaywrightError

from measure.core_tasks import TASKS, Notes
from measure.demo_site import Site, demonstration
from measure.manners import MANNERS, Stuck, hand_for
from tests.e2e.browser import ARTEFACTS

PICTURES = ARTEFACTS / "tasks"


def run() -> dict[str, Any]:
    """Do every task in every manner, each manner in a demonstration of its own."""
    found = {manner: _in_manner(manner) for manner in MANNERS}
    done = {manner: sum(not why for why in results.values()) for manner, results in found.items()}
    return {
        "n": len(TASKS) * len(MANNERS),
        "tasks": len(TASKS),
        "done": done,
        "failed": {
            f"{manner}: {task}": why for manner, results in found.items() for task, why in results.items() if why
        },
        "reached": all(count == len(TASKS) for count in done.values()),
    }


def _in_manner(manner: str) -> dict[str, str]:
    with demonstration() as site:
        notes = Notes(site)
        return {task: attempt(site, manner, task, notes) for task in TASKS}


def attempt(site: Site, manner: str, task: str, notes: Notes) -> str:
    """Do a task; return why it failed, with the step and a picture, or nothing."""
    hand = hand_for(site, manner)
    try:
        TASKS[task](hand, notes)
    except (Stuck, PlaywrightError, LookupError, AssertionError) as failed:
        picture = PICTURES / f"{manner}-{task.replace(' ', '-')}.png"
        hand.close(picture)
        why = " ".join(str(failed).split())[:300]
        return f"{hand.step}: {type(failed).__name__} {why} ({picture.relative_to(ARTEFACTS.parent)})"
    hand.close()
    return ""
