"""Attack across releases: a mailbox that publishes year after year, and one known person who came in between.

The attacker knows between which two releases the person came, and guesses her sex, age and municipality. With the
releases she takes the group that grew most between them, wherever a figure was renewed; the baseline is the group
that the totals of the last release name as the largest. What is gained is how much oftener the first is right. A
person is attributed when the releases leave one answer alone possible for everybody who came with her.
"""

import random
from statistics import mean, pstdev
from typing import Any

from consulta.disclosure import Policy, PublishableTable, RawTable, follow, protect

HISTORIES, RELEASES, SEED = 1_000, 24, 20261127
NAMES = ("sex", "age_group", "municipality")
VALUES = {
    "sex": ("woman", "man"),
    "age_group": tuple(f"a{number}" for number in range(5)),
    "municipality": tuple(f"{11001 + number}" for number in range(46)),
}


def run() -> dict[str, Any]:
    """Play every history."""
    rng = random.Random(SEED)
    policy = Policy()
    right: dict[str, list[int]] = {name: [] for name in NAMES}
    base: dict[str, list[int]] = {name: [] for name in NAMES}
    attributed = wrongly_certain = 0
    for _ in range(HISTORIES):
        person, when, releases = _history(rng, policy)
        before, after = releases[when - 1], releases[when]
        for place, name in enumerate(NAMES):
            grown = _growth(before, after, name)
            totals = _largest(releases[-1], name)
            guess = max(grown, key=lambda value: grown[value]) if grown else totals
            right[name].append(guess == person[place])
            base[name].append(totals == person[place])
            certain = _only_one(before, after, name, grown, policy)
            attributed += certain is not None and certain == person[place]
            wrongly_certain += certain is not None and certain != person[place]
    gains = {name: round(mean(right[name]) - mean(base[name]), 4) for name in NAMES}
    spread = {
        name: round(pstdev([one - two for one, two in zip(right[name], base[name], strict=True)]) / HISTORIES**0.5, 4)
        for name in NAMES
    }
    return {
        "histories": HISTORIES,
        "releases": RELEASES,
        "seed": SEED,
        "right": {name: round(mean(right[name]), 4) for name in NAMES},
        "baseline": {name: round(mean(base[name]), 4) for name in NAMES},
        "gain": gains,
        "standard_error": spread,
        "attributed": attributed,
        "wrongly_certain": wrongly_certain,
        "reached": max(gains.values()) <= 0.05 and attributed == 0,
    }


def _history(rng: random.Random, policy: Policy) -> tuple[tuple[str, ...], int, list[PublishableTable]]:
    """Return the known person, in which release she is the first time, and every release."""
    skew = rng.choice([0.0, 0.5, 1.0])
    weights = [
        [rng.uniform(0.5, 2.0), 1.0, 0.1],
        [*(1 / (1 + number) ** skew for number in range(5)), 0.1],
        [*(1 / (1 + number) ** skew for number in range(46)), 0.05],
    ]
    pace = rng.choice([15, 60, 120, 300])
    when = rng.randrange(1, RELEASES)
    counts: dict[tuple[str | None, ...], int] = {}
    releases: list[PublishableTable] = []
    person: tuple[str, ...] = ()
    for number in range(RELEASES):
        for _ in range(max(1, round(rng.gauss(pace, pace / 4)))):
            key = _draw(rng, weights)
            counts[key] = counts.get(key, 0) + 1
        if number == when:
            while not person or None in person:
                person = _draw(rng, weights)  # type: ignore[assignment]
            counts[person] = counts.get(person, 0) + 1
        raw = RawTable(NAMES, VALUES, counts)
        releases.append(follow(releases[-1], raw, policy) if releases else protect(raw, policy))
    return person, when, releases


def _draw(rng: random.Random, weights: list[list[float]]) -> tuple[str | None, ...]:
    return tuple(rng.choices([*VALUES[name], None], weights[place])[0] for place, name in enumerate(NAMES))


def _growth(before: PublishableTable, after: PublishableTable, name: str) -> dict[str, int]:
    """Return by how much each figure was renewed between two releases."""
    one, two = before.find(name), after.find(name)
    if one is None or two is None:
        return {}
    return {
        value: count - (one.figures[value] or 0)
        for value, count in two.shown()
        if one.figures[value] is not None and count != one.figures[value]
    }


def _largest(last: PublishableTable, name: str) -> str | None:
    question = last.find(name)
    shown = dict(question.shown()) if question else {}
    return max(shown, key=lambda value: shown[value]) if shown else None


def _only_one(
    before: PublishableTable, after: PublishableTable, name: str, grown: dict[str, int], policy: Policy
) -> str | None:
    """Return the answer that everybody who came must have given, were it one alone; None where others may have."""
    came = after.total - before.total
    if not grown or before.find(name) is None:
        return None
    most = max(grown, key=lambda value: grown[value])
    return most if grown[most] - policy.base >= came else None
