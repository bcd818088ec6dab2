"""Dockets (expedientes) and their lineage: a draft withdrawn, filed anew, split or merged stays one history."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import NotFound, Refused
from consulta.i18n.text import _
from consulta.jobs import enqueue
from consulta.record.operations import append_leaf
from consulta.windows.models import Docket, Succession, Topic, Window
from consulta.windows.operations import check_coordinator
from consulta.windows.states import SuccessionKind, WindowState

SUCCEEDED = "docket.succeeded"
LONGEST_KEY, LONGEST_REASON = 60, 2_000
MOST_LISTED = 300
# Nothing is carried into these: what is concluded owes nothing.
CLOSED_FOR_GOOD = (WindowState.CONCLUDED, WindowState.ANNULLED)


def file_topic(*, topic: Topic, key: str, actor: Actor, now: datetime) -> Docket:
    """Put a topic in the docket of that number, which is opened where there is none, with its leaf.

    Raises Refused on a bad number, when the topic has another, or when the docket was withdrawn.
    """
    government_id = topic.window.government_id
    check_coordinator(actor, government_id)
    number = " ".join(key.split())
    if not number or len(number) > LONGEST_KEY:
        raise Refused(_("Escriba el número de expediente, de 1 a %(n)s caracteres.", n=LONGEST_KEY), field="key")
    lock_exclusive(f"dockets:{government_id}")
    session().refresh(topic, ["docket_id"])
    docket = _find(government_id, number)
    if topic.docket_id is not None and (docket is None or docket.id != topic.docket_id):
        own = topic.docket.key if topic.docket else ""
        raise Refused(_("Ese tema ya tiene el expediente %(key)s.", key=own), field="key")
    if docket is None:
        docket = Docket(government_id=government_id, key=number, title=topic.title, opened_at=now)
        session().add(docket)
        session().flush()
        _record(docket, "opened", actor, now, {"title": docket.title})
    if docket.withdrawn_at is not None:
        raise Refused(_("El expediente %(key)s se retiró: abra uno nuevo que lo suceda.", key=docket.key), field="key")
    if topic.docket_id is None:
        topic.docket = docket
        _record(docket, "topic_filed", actor, now, {"topic": topic.reference})
    session().flush()
    return docket


def withdraw_docket(*, docket: Docket, reason: str, actor: Actor, now: datetime) -> None:
    """Withdraw a draft with the reason, which is public. What was commented stays. Raises Refused without a reason."""
    check_coordinator(actor, docket.government_id)
    kept = _checked_reason(reason)
    lock_exclusive(f"dockets:{docket.government_id}")
    session().refresh(docket)
    if docket.withdrawn_at is not None:
        raise Refused(_("El expediente %(key)s ya se había retirado.", key=docket.key))
    docket.withdrawn_at, docket.withdrawal_reason = now, kept
    _record(docket, "withdrawn", actor, now, {"reason": kept})
    session().flush()


def succeed(
    *, predecessor: Docket, successor: Docket, kind: SuccessionKind, reason: str, actor: Actor, now: datetime
) -> Succession:
    """Let a docket take the place of another: its comments are carried over afterwards, in portions.

    Raises Refused without a reason, for one of another government, twice, or in a circle; Forbidden for others.
    """
    check_coordinator(actor, successor.government_id)
    kept = _checked_reason(reason)
    lock_exclusive(f"dockets:{successor.government_id}")
    if predecessor.government_id != successor.government_id:
        raise Refused(_("Ese expediente es de otro gobierno."), field="predecessor")
    if predecessor.id == successor.id or predecessor.id in {item.id for item in list_descendants(successor.id)}:
        raise Refused(_("Un expediente no puede sucederse a sí mismo: elija otro."), field="predecessor")
    if predecessor.id in {item.predecessor_id for item in list_predecessors(successor.id)}:
        raise Refused(_("Ya está escrito que %(key)s viene antes.", key=predecessor.key), field="predecessor")
    target = find_latest_topic(successor.id)
    if target is not None and target.window.state in CLOSED_FOR_GOOD:
        raise Refused(_("La consulta de ese expediente ya concluyó: ingrese el texto en otra."), field="predecessor")
    found = Succession(
        predecessor=predecessor, successor=successor, kind=kind, reason=kept, post_id=actor.post_id, at=now
    )
    session().add(found)
    session().flush()
    _record(successor, "succeeded", actor, now, {"predecessor": predecessor.key, "kind": kind, "reason": kept})
    enqueue(kind=SUCCEEDED, payload={"succession_id": found.id}, run_at=now)
    session().flush()
    return found


def list_predecessors(docket_id: int) -> Sequence[Succession]:
    """Return from which dockets one comes, oldest first."""
    found = select(Succession).options(joinedload(Succession.predecessor)).where(Succession.successor_id == docket_id)
    return session().scalars(found.order_by(Succession.id)).all()


def list_successors(docket_id: int) -> Sequence[Succession]:
    """Return which dockets took the place of one, oldest first."""
    found = select(Succession).options(joinedload(Succession.successor)).where(Succession.predecessor_id == docket_id)
    return session().scalars(found.order_by(Succession.id)).all()


def list_descendants(docket_id: int) -> list[Docket]:
    """Return every docket that comes from one, near ones first."""
    found: dict[int, Docket] = {}
    waiting = [docket_id]
    while waiting:
        for item in list_successors(waiting.pop(0)):
            if item.successor_id not in found:
                found[item.successor_id] = item.successor
                waiting.append(item.successor_id)
    return list(found.values())


def generation_of(docket_id: int) -> int:
    """Return which filing of the same text a docket is: 1, or one more than the latest that it comes from."""
    return 1 + max((generation_of(item.predecessor_id) for item in list_predecessors(docket_id)), default=0)


def find_latest_topic(docket_id: int) -> Topic | None:
    """Return the newest topic of a docket, with its window."""
    found = (
        select(Topic)
        .options(joinedload(Topic.window).joinedload(Window.government), joinedload(Topic.unit))
        .where(Topic.docket_id == docket_id)
        .order_by(Topic.id.desc())
        .limit(1)
    )
    return session().scalar(found)


def list_dockets(government_id: int) -> Sequence[Docket]:
    """Return the dockets of a government, newest first."""
    found = select(Docket).where(Docket.government_id == government_id).order_by(Docket.id.desc())
    return session().scalars(found.limit(MOST_LISTED)).all()


def get_docket(government_id: int, key: str) -> Docket:
    """Return a docket by its number. Raises NotFound."""
    found = _find(government_id, " ".join(key.split()))
    if found is None:
        raise NotFound(_("No existe ese expediente."))
    return found


def _find(government_id: int, key: str) -> Docket | None:
    return session().scalar(select(Docket).where(Docket.government_id == government_id, Docket.key == key))


def _checked_reason(reason: str) -> str:
    if not reason.strip() or len(reason.strip()) > LONGEST_REASON:
        raise Refused(_("Escriba el motivo, en hasta %(n)s caracteres: es público.", n=LONGEST_REASON), field="reason")
    return reason.strip()


def _record(docket: Docket, verb: str, actor: Actor, now: datetime, content: dict[str, object]) -> None:
    content = {**content, "post_id": actor.post_id}
    append_leaf(kind=f"docket.{verb}", public_id=docket.key, at=now, content=content)
