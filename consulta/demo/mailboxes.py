"""Mailboxes of the demonstration, and what was written to them."""

from datetime import datetime, timedelta
from typing import Any

from consulta.db import session
from consulta.demo.answering import ACTS
from consulta.demo.comments import Piece, hand_in, review
from consulta.demo.people import draw_author, draw_demographics
from consulta.demo.stage import NOTICE_VERSION, Stage, chance, read_data
from consulta.demo.timeline import Story
from consulta.referrals.drafting import draft_answer
from consulta.referrals.handing_over import hand_over, reserve
from consulta.referrals.operations import close_reserved, publish_answer, sign_off, submit_answer
from consulta.referrals.queries import list_referrals_of
from consulta.referrals.routing import refer, return_referral
from consulta.referrals.states import ReferralState
from consulta.submissions.drafts import Draft
from consulta.submissions.places import draft_place
from consulta.submissions.policy import TEXT_KINDS
from consulta.submissions.states import Channel, SubmissionKind
from consulta.windows.dating import schedule_window
from consulta.windows.models import Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument


def open_mailboxes(stage: Stage) -> None:
    """Let every mailbox open, and what is written to it arrive."""
    for order, box in enumerate(read_data("mailboxes")["box"]):
        stage.timeline.add(_box(stage, box, order))


def _box(stage: Stage, box: dict[str, Any], order: int) -> Story:
    office, actor = stage.offices[box["government"]], stage.coordinator(box["government"])
    at = office.days.at(office.days.business(-280 + order), 10, 30)
    yield at
    window = create_window(
        government=stage.government(box["government"]),
        instrument=get_instrument(box["instrument"]),
        title=box["title"],
        summary=box["summary"],
        decides=box.get("decides", ""),
        afterwards=box.get("afterwards", ""),
        actor=actor,
        now=at,
    )
    topics = [
        add_topic(
            window=window,
            title=item["title"],
            summary=item["summary"],
            unit=stage.unit(item["unit"]) if item["unit"] else None,
            actor=actor,
            now=at,
        ).id
        for item in box["topic"]
    ]
    window_id = window.id
    for number, item in enumerate(box["piece"]):
        piece = _written(stage, box, item, topics[item["topic"] - 1], order * 100 + number)
        stage.timeline.add(_piece(stage, box, item, piece))
    at += timedelta(hours=1)
    yield at
    window = session().get_one(Window, window_id)
    schedule_window(window=window, opens_on=office.days.business(1, at.date()), days=0, actor=actor, now=at)


def _written(stage: Stage, box: dict[str, Any], item: dict[str, Any], topic_id: int, number: int) -> Piece:
    rng, days = chance(f"mailbox/{number}"), stage.offices[box["government"]].days
    author = draw_author(rng, 5000 + number)
    is_report = item["kind"] == "report"
    at = days.awake(stage.now - timedelta(days=item["days"], hours=rng.randrange(1, 9), minutes=rng.randrange(60)))
    draft = Draft(
        text=item["text"],
        text_consent=item.get("consent", False),
        author_name="" if is_report else author.name,
        email=f"persona.{number}@demo.example" if item.get("mail") else "",
        notice_version=NOTICE_VERSION,
        names_official=item.get("names_official", False),
        demographics=draw_demographics(rng, box["government"]),
        place=draft_place(item.get("place", {})),
    )
    return Piece(
        topic_id=topic_id,
        number=number,
        draft=draft,
        kind=SubmissionKind(item["kind"]),
        at=min(at, stage.now - timedelta(minutes=50)),
        channel=Channel(item.get("channel", "web")),
    )


def _piece(stage: Stage, box: dict[str, Any], item: dict[str, Any], piece: Piece) -> Story:
    """Hand it in and let happen what its text says: `then` names it."""
    days = stage.offices[box["government"]].days
    yield piece.at
    hand_in(stage, piece, nonce=f"mailbox:{piece.number}")
    at = days.acting(piece.at + timedelta(hours=5))
    then, unit = item.get("then", ""), box["topic"][item["topic"] - 1]["unit"]
    if piece.kind in TEXT_KINDS and item.get("reviewed", True) and (item.get("consent") or then == "reserve"):
        yield at
        if then == "reserve":
            reserve(submission=piece.submission(), actor=stage.moderator(box["government"]), now=at)
        else:
            review(stage, box["government"], piece, at)
    if then in WAYS:
        yield from WAYS[then](stage, box, item, piece, at)
    elif then in ACTS:
        yield from _answered(stage, box["government"], unit, item, piece, at)


def _answered(stage: Stage, government: str, unit: str, item: dict[str, Any], piece: Piece, after: datetime) -> Story:
    """Answer a piece as far as it came."""
    days = stage.offices[government].days
    at, written = after, None
    for act in ACTS[item["then"] if item["then"] in ACTS else "published"]:
        at = days.acting(at + timedelta(hours=9))
        yield at
        if act == "draft":
            open_ones = [found for found in list_referrals_of(piece.submission().id) if _waits(found.state)]
            written = draft_answer(
                referrals=open_ones,
                disposition=item["sense"],
                text=item["answer"],
                dataset_url=item.get("dataset", ""),
                actor=stage.writer(unit),
                now=at,
            )
        elif written is not None and act == "submit":
            submit_answer(answer=written, actor=stage.writer(unit), now=at)
        elif written is not None and act == "sign":
            sign_off(answer=written, actor=stage.signer(unit), now=at)
        elif written is not None:
            publish_answer(answer=written, actor=stage.coordinator(government), now=at)


def _closed_by_control(stage: Stage, box: dict[str, Any], item: dict[str, Any], piece: Piece, after: datetime) -> Story:
    """Let the control body conclude what it alone reads."""
    office = stage.offices[box["government"]]
    at = office.days.acting(after + timedelta(days=6))
    yield at
    close_reserved(
        referrals=[found for found in list_referrals_of(piece.submission().id) if _waits(found.state)],
        disposition=item["sense"],
        text=item["answer"],
        actor=stage.actors[office.control],
        now=at,
    )


def _handed_over(stage: Stage, box: dict[str, Any], item: dict[str, Any], piece: Piece, after: datetime) -> Story:
    """Hand it to the government whose matter it is; there it is referred and answered."""
    to, unit = item["to"], item["unit"]
    at = stage.offices[box["government"]].days.acting(after + timedelta(hours=4))
    yield at
    hand_over(
        submission=piece.submission(),
        to=stage.government(to),
        reason=item["reason"],
        actor=stage.coordinator(box["government"]),
        now=at,
    )
    at = stage.offices[to].days.acting(at + timedelta(hours=16))
    yield at
    refer(submission=piece.submission(), unit=stage.unit(unit), now=at, actor=stage.coordinator(to))
    if item.get("answer"):
        yield from _answered(stage, to, unit, item, piece, at)


def _returned(stage: Stage, box: dict[str, Any], item: dict[str, Any], piece: Piece, after: datetime) -> Story:
    """Let a unit say that it is not hers, and the coordination find the one whose it is."""
    unit, to = box["topic"][item["topic"] - 1]["unit"], item.get("unit", "")
    days = stage.offices[box["government"]].days
    at = days.acting(after + timedelta(hours=6))
    yield at
    [referral] = list_referrals_of(piece.submission().id)
    return_referral(referral=referral, reason=item["reason"], actor=stage.writer(unit), now=at)
    if not to:
        return
    at = days.acting(at + timedelta(hours=7))
    yield at
    refer(submission=piece.submission(), unit=stage.unit(to), now=at, actor=stage.coordinator(box["government"]))
    yield from _answered(stage, box["government"], to, item, piece, at)


def _waits(state: str) -> bool:
    return state == ReferralState.REFERRED


WAYS = {"control": _closed_by_control, "handed_over": _handed_over, "returned": _returned}
