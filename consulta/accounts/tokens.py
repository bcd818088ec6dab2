"""Bearer tokens of posts: issuing, ending, their limit of calls, and what was already done under a key."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import case, delete, select, update

from consulta.accounts.models import ApiAct, ApiToken
from consulta.accounts.rules import hash_token
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import N_, _

SCOPES = ("desk", "coordination", "capture", "read")
PER_MINUTE = 300
LONGEST_LABEL = 120
MINUTE = timedelta(minutes=1)
# A program that got no answer tries again within seconds; a day leaves room for one that was switched off.
KEPT = timedelta(hours=24)
REUSED = N_("Esa Idempotency-Key ya se usó con otro contenido.")


def issue_api_token(
    *,
    post_id: int,
    scope: str,
    now: datetime,
    expires_at: datetime | None = None,
    person_id: int | None = None,
    label: str = "",
    per_minute: int = PER_MINUTE,
) -> str:
    """Create a bearer token of a post and return it; only its hash is stored.

    Args:
        post_id: the post that acts with it.
        scope: one of `SCOPES`.
        now: the instant.
        expires_at: from when on it opens nothing; None for never.
        person_id: who asked for it, while she holds the post; None where the instance issues it.
        label: what it is for, in the words of who asked for it.
        per_minute: calls that it may make in one minute of the clock.

    Raises:
        Refused: on an unknown scope, an expiry that has passed, a label that is too long or a limit below one.
    """
    if scope not in SCOPES:
        raise Refused(_("Elija qué permite el token."), field="scope")
    if expires_at is not None and expires_at <= now:
        raise Refused(_("Ese día ya pasó: elija uno posterior."), field="expires_on")
    if len(label) > LONGEST_LABEL:
        raise Refused(_("Escriba hasta %(longest)s caracteres.", longest=LONGEST_LABEL), field="label")
    if not 1 <= per_minute <= 1_000_000:
        raise Refused(_("Escriba cuántas llamadas por minuto, al menos una."), field="per_minute")
    token = "consulta_" + secrets.token_urlsafe(32)
    session().add(
        ApiToken(
            token_hash=hash_token(token),
            post_id=post_id,
            scope=scope,
            created_at=now,
            expires_at=expires_at,
            person_id=person_id,
            label=label,
            per_minute=per_minute,
        )
    )
    return token


def revoke_api_token(*, token: ApiToken, now: datetime) -> None:
    """End one bearer token. Raises Refused when it had ended."""
    if token.revoked_at is not None:
        raise Refused(_("Ese token ya estaba anulado."))
    token.revoked_at = now


def revoke_api_tokens(*, post_id: int, scope: str, now: datetime) -> int:
    """End the bearer tokens of a post for a scope; return how many there were."""
    live = select(ApiToken).where(ApiToken.post_id == post_id, ApiToken.scope == scope, ApiToken.revoked_at.is_(None))
    found = session().scalars(live).all()
    for token in found:
        token.revoked_at = now
    return len(found)


@dataclass(frozen=True)
class Allowance:
    """What a token may still do in this minute; `left` is below zero when the call at hand is one too many."""

    per_minute: int
    left: int
    seconds: int


def count_call(*, token_id: int, now: datetime) -> Allowance:
    """Count a call of a token in its row, which every process sees, and return what is left.

    The minute is one of the clock: counting begins anew with it.
    """
    minute = now.replace(second=0, microsecond=0)
    same = ApiToken.minute == minute
    made = session().execute(
        update(ApiToken)
        .where(ApiToken.id == token_id)
        .values(calls=case((same, ApiToken.calls + 1), else_=1), minute=minute)
        .returning(ApiToken.per_minute, ApiToken.calls)
    )
    per_minute, calls = made.one()
    return Allowance(
        per_minute=per_minute, left=per_minute - calls, seconds=ceil((minute + MINUTE - now).total_seconds())
    )


@dataclass(frozen=True)
class ActKey:
    """Under which key a post asks for an act; `fingerprint` stands for what it asks."""

    post_id: int
    key: str
    fingerprint: str


def find_act(key: ActKey) -> Mapping[str, Any] | None:
    """Return what came of an act that was already done under a key, holding the key until the transaction ends.

    Raises Refused when the key was used for another act.
    """
    lock_exclusive(f"api-act:{key.post_id}:{hash_token(key.key)}")
    found = session().scalar(
        select(ApiAct).where(ApiAct.post_id == key.post_id, ApiAct.key_hash == hash_token(key.key))
    )
    if found is None:
        return None
    if found.fingerprint != key.fingerprint:
        raise Refused(_(REUSED), field="Idempotency-Key")
    return found.result


def remember_act(*, key: ActKey, result: Mapping[str, Any], now: datetime) -> None:
    """Keep under its key what an act led to: ids and states, never a text."""
    session().add(
        ApiAct(
            post_id=key.post_id,
            key_hash=hash_token(key.key),
            fingerprint=key.fingerprint,
            result=dict(result),
            at=now,
        )
    )


def forget_acts(now: datetime) -> None:
    """Forget the keys of a day ago."""
    session().execute(delete(ApiAct).where(ApiAct.at < now - KEPT))
