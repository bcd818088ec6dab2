"""Whether what is kept, here or in the rows of its owner, is what each act commits to."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import DBAPIError

from consulta.db import session
from consulta.record.damage import is_damaged_opening, is_damaged_row
from consulta.record.models import Leaf, Opening
from consulta.record.queries import PlacedAct
from consulta.record.rules import commit
from consulta.record.verdict import Verdict

# What a row raises that has no longer the form of anything.
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, LookupError, DBAPIError)
# Gives what acts of a kind commit to from the rows of their owners: `{leaf id: content}`; what is missing is left out.
Opener = Callable[[Sequence[PlacedAct]], Mapping[int, dict[str, Any]]]
PURGED = ".purged"
# What was kept of the answers to something that became reserved was emptied; the leaves say when.
RESERVED, ANSWERS = "submission.reserved", "answer."
AT_ONCE = 500


class OpeningChecker:
    """Takes acts as they pass; those whose content lives elsewhere wait until there are enough to ask at once."""

    def __init__(
        self,
        verdict: Verdict,
        openers: Mapping[str, Opener],
    ) -> None:
        self.verdict, self.openers = verdict, openers
        self.waiting: dict[str, list[PlacedAct]] = {}
        self.missing: list[PlacedAct] = []
        # Told after what the tree itself says.
        self.told = Verdict()

    def take(self, act: PlacedAct) -> None:
        """Check an act, or let it wait for its owner."""
        if act.salt is None:
            self.missing.append(act)
        elif act.opened is None:
            held = self.waiting.setdefault(act.kind, [])
            held.append(act)
            if len(held) >= AT_ONCE:
                self._open(act.kind)
        else:
            self._compare(act, act.opened, "el contenido")

    def finish(self, waiting: Iterable[PlacedAct]) -> None:
        """Check the acts that have no place yet, and everything that still waits."""
        fresh: dict[bytes, PlacedAct] = {}
        for act in waiting:
            self.take(act)
            fresh[act.commitment] = act
        for kind in sorted(self.waiting):
            self._open(kind)
        self.verdict.problems += self.told.problems
        self._tell_missing()
        self._tell_repeated(fresh)
        alone = select(Opening.leaf_id).where(~exists().where(Leaf.id == Opening.leaf_id)).order_by(Opening.leaf_id)
        for leaf_id in session().scalars(alone):
            self.verdict.add(f"hay una apertura sin acto, fila {leaf_id}")

    def _open(self, kind: str) -> None:
        acts, self.waiting[kind] = self.waiting[kind], []
        opener = self.openers.get(kind)
        found = self._ask(opener, acts) if opener is not None and acts else {}
        for act in acts:
            if act.leaf_id in found:
                self.verdict.rows += 1
                self._compare(act, found[act.leaf_id], "la fila")
            else:
                self.missing.append(act)

    def _ask(self, opener: Opener, acts: Sequence[PlacedAct]) -> dict[int, dict[str, Any]]:
        """Ask the owner; a row that has no longer the form of anything is left out and spoils no other."""
        try:
            return dict(opener(acts))
        except UNREADABLE:
            session().rollback()
            if len(acts) == 1:
                act = acts[0]
                self.told.add(
                    f"no se puede leer lo que asienta {act.kind} de {act.public_id}, fila {act.leaf_id}", is_damage=True
                )
                return {}
        return {leaf_id: content for act in acts for leaf_id, content in self._ask(opener, [act]).items()}

    def _compare(self, act: PlacedAct, content: dict[str, Any], what: str) -> None:
        salt = act.salt or b""
        self.verdict.openings += 1
        if commit(salt, content) == act.commitment:
            return
        names = list(content)
        is_damage = is_damaged_opening(salt, content, act.commitment) or is_damaged_row(
            list(content.values()),
            lambda values: commit(salt, dict(zip(names, values, strict=True))) == act.commitment,
        )
        self.told.add(f"no coincide {what} de {act.kind} de {act.public_id}, fila {act.leaf_id}", is_damage=is_damage)

    def _tell_missing(self) -> None:
        """What has no content must have been destroyed with an authorisation, which is an act itself."""
        for start in range(0, len(self.missing), AT_ONCE):
            part = self.missing[start : start + AT_ONCE]
            ends = session().execute(
                select(Leaf.public_id, Leaf.kind).where(
                    Leaf.public_id.in_({act.public_id for act in part}),
                    Leaf.kind.endswith(PURGED) | (Leaf.kind == RESERVED),
                )
            )
            known = {(public_id, kind == RESERVED) for public_id, kind in ends}
            for act in part:
                is_emptied = act.kind.startswith(ANSWERS) and act.salt is not None and (act.public_id, True) in known
                if (act.public_id, False) not in known and not is_emptied:
                    self.verdict.add(f"falta lo que asienta {act.kind} de {act.public_id}, fila {act.leaf_id}")

    def _tell_repeated(self, fresh: Mapping[bytes, PlacedAct]) -> None:
        keys = list(fresh)
        for start in range(0, len(keys), AT_ONCE):
            found = session().execute(
                select(Leaf.id, Leaf.commitment).where(Leaf.commitment.in_(keys[start : start + AT_ONCE]))
            )
            for leaf_id, commitment in found:
                act = fresh[commitment]
                if leaf_id != act.leaf_id:
                    self.verdict.add(f"acto repetido: {act.kind} de {act.public_id}, filas {leaf_id} y {act.leaf_id}")
