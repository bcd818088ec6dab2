"""Who has neither the key nor the mail says that she did not send something; the coordination checks, and decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from consulta.actors import Actor
from consulta.db import lock_exclusive, session
from consulta.errors import Forbidden, Refused
from consulta.i18n.text import _
from consulta.notices import notify
from consulta.record.operations import append_leaf
from consulta.referrals.models import DisowningClaim
from consulta.referrals.notices import claim_notice
from consulta.referrals.rules import may_coordinate
from consulta.referrals.standing import disown
from consulta.referrals.states import CLAIM_TRANSITIONS, ClaimState
from consulta.submissions.checks import BAD_ADDRESS, is_address
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of, is_held_by
from consulta.submissions.states import Standing
from consulta.windows.models import Topic

LONGEST_NAME, LONGEST_TEXT, MOST = 200, 1_000, 100


def file_claim(
    *, submission: Submission, name: str, email: str, text: str, hides: bool, now: datetime
) -> DisowningClaim:
    """Keep that somebody says she did not send a submission, with its leaf. Nothing changes until it is decided.

    Args:
        submission: what carries her name or address.
        name: who says so; needed to check that it is she.
        email: where she is told; may be empty.
        text: what she says of it; not public.
        hides: whether she asks that its text is not shown.
        now: instant of the act.
    Raises:
        Refused: at the field to correct; somebody said so already, or it was disowned.
    """
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(submission)
    if submission.standing == Standing.DISOWNED:
        raise Refused(_("Ya está anotado que quien aparece como su autora o autor no lo envió."))
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Refused(_("Escriba su nombre: hay que comprobar que es usted."), field="name")
    if not text.strip() or len(text.strip()) > LONGEST_TEXT:
        raise Refused(
            _("Escriba qué pasó, en hasta %(n)s caracteres: no se publica.", n=f"{LONGEST_TEXT:,}"), field="text"
        )
    if session().scalar(_open().where(DisowningClaim.submission_id == submission.id).limit(1)) is not None:
        raise Refused(_("Ya hay un aviso sobre este folio y se está revisando."))
    claim = DisowningClaim(
        submission=submission,
        state=ClaimState.OPEN,
        name=name.strip(),
        email=_checked_email(email),
        text=text.strip(),
        hides=hides,
        filed_at=now,
        reason="",
    )
    session().add(claim)
    content = {"name": claim.name, "text": claim.text, "hides": hides}
    append_leaf(kind="claim.filed", public_id=submission.folio, at=now, content=content, keep_content=False)
    session().flush()
    return claim


def decide_claim(*, claim: DisowningClaim, state: ClaimState, reason: str, actor: Actor, now: datetime) -> None:
    """Accept that she did not send it, which disowns it, or leave it as it is; she is told, with the reasons.

    Raises Forbidden for others than the coordination that has it; Refused twice, or without reasons.
    """
    submission = claim.submission
    if not may_coordinate(actor, government_id=holder_of(submission)):
        raise Forbidden(_("Eso lo decide la coordinación del gobierno que lo tiene."))
    lock_exclusive(f"submission:{submission.id}")
    session().refresh(claim)
    session().refresh(submission)
    if state not in CLAIM_TRANSITIONS[ClaimState(claim.state)]:
        raise Refused(_("Sobre ese aviso ya se decidió: recargue la página."))
    if not reason.strip() or len(reason.strip()) > LONGEST_TEXT:
        raise Refused(_("Escriba cómo se comprobó: la persona lo lee."), field="reason")
    claim.state, claim.reason = state, reason.strip()
    claim.decided_at, claim.decided_by_post_id = now, actor.post_id
    content = {"state": state, "reason": claim.reason, "post_id": actor.post_id}
    append_leaf(kind="claim.decided", public_id=submission.folio, at=now, content=content, keep_content=False)
    session().flush()
    # She may have found her key meanwhile and done it herself.
    if state == ClaimState.ACCEPTED and submission.standing != Standing.DISOWNED:
        disown(submission=submission, hides=claim.hides, reason=claim.text, now=now, by_post_id=actor.post_id)
    if claim.email:
        notify(claim_notice(claim), now=now)


def list_open_claims(government_id: int) -> Sequence[DisowningClaim]:
    """Return the claims that wait in a government, oldest first."""
    found = (
        _open()
        .join(DisowningClaim.submission)
        .join(Submission.topic)
        .join(Topic.window)
        .options(
            contains_eager(DisowningClaim.submission).contains_eager(Submission.topic).contains_eager(Topic.window)
        )
        .where(is_held_by(government_id), Submission.reserved.is_(False))
        .order_by(DisowningClaim.id)
        .limit(MOST)
    )
    return session().scalars(found).all()


def _open() -> Select[DisowningClaim]:
    return select(DisowningClaim).where(DisowningClaim.state == ClaimState.OPEN)


def _checked_email(email: str) -> str:
    if email.strip() and not is_address(email.strip()):
        raise Refused(_(BAD_ADDRESS), field="email")
    return email.strip()
