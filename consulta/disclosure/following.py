"""A later release of the same figures: what changed by less than the threshold stays as it was published. Pure.

Two releases are subtracted as easily as two cells. A figure is renewed when it moved by the threshold at least and so
did what was not renewed; nothing is renewed before enough new opinions came.
"""

from consulta.disclosure.protection import protect
from consulta.disclosure.tables import Policy, PublishableTable, Question, RawTable, make_table

# New opinions without which nothing is renewed, in thresholds: among fewer the figures would tell of each newcomer
# more than the totals do (`make measure ONLY=people_releases`).
FEWEST_NEW = 10


def follow(previous: PublishableTable, raw: RawTable, policy: Policy) -> PublishableTable:
    """Return the release that follows another. Crosses are renewed with every figure of both questions, or stay."""
    total = raw.total()
    grown = total - previous.total
    if not previous.questions:
        # Only a number was published: the first figures come when as many are new.
        return protect(raw, policy) if grown >= FEWEST_NEW * policy.threshold else _kept(previous, total, policy)
    if grown < FEWEST_NEW * policy.threshold:
        return _kept(previous, total, policy)
    fresh = protect(raw, policy)
    questions = tuple(_follow(previous.find(item.name), item, grown, policy) for item in fresh.questions)
    return make_table(total=total, questions=questions, crosses=previous.crosses, policy=policy)


def _kept(previous: PublishableTable, total: int, policy: Policy) -> PublishableTable:
    return make_table(total=total, questions=previous.questions, crosses=previous.crosses, policy=policy)


def _follow(before: Question | None, now: Question, grown: int, policy: Policy) -> Question:
    """Return the figures of a question: each the new one where it moved enough, or else the one before."""
    if before is None:
        return now
    moved = {
        value: count - (before.figures.get(value) or 0)
        for value, count in now.shown()
        if _is_renewed(before.figures.get(value), count, policy.threshold)
    }
    # What is not renewed must have moved by the threshold too, or the renewed ones tell who came.
    for value in sorted(moved, key=lambda item: (moved[item], item)):
        if grown - sum(moved.values()) >= policy.threshold + policy.base:
            break
        del moved[value]
    figures = {
        value: now.figures[value] if value in moved else (before.figures.get(value) if count is not None else None)
        for value, count in now.figures.items()
    }
    # Silence follows its own rule: it is always shown, and moves by the threshold too.
    silent = now.unanswered if abs(now.unanswered - before.unanswered) >= policy.threshold else before.unanswered
    return Question(now.name, figures, silent)


def _is_renewed(before: int | None, count: int, threshold: int) -> bool:
    # One that was hidden may have been anything below the threshold.
    return count - before >= threshold if before is not None else count >= 2 * threshold
