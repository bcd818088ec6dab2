"""What officials do around the answers in the demonstration: texts to begin with, groups, parts, appeals, papers."""

from collections.abc import Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select

from consulta.analysis.clustering import Cluster
from consulta.analysis.models import Campaign
from consulta.analysis.operations import decide_campaign, propose_campaigns
from consulta.analysis.states import CampaignKind, CampaignState
from consulta.db import session
from consulta.demo.keeping import ask_about_data, keep_series
from consulta.demo.plans import Plan
from consulta.demo.projects import open_project
from consulta.demo.stage import STATE, Stage, read_data
from consulta.demo.timeline import Story
from consulta.disclosure import Policy
from consulta.moderation.appeals import file_appeal
from consulta.participation.operations import release_people
from consulta.referrals.boilerplates import keep_boilerplate
from consulta.referrals.carrying import carry_over
from consulta.referrals.models import Referral
from consulta.referrals.parts import PartDraft, split_submission
from consulta.referrals.states import ReferralState
from consulta.reports.operations import edit_paper, issue_paper, prepare_papers
from consulta.reports.states import PaperKind
from consulta.reports.wordings import Wording
from consulta.submissions.demographics import is_over
from consulta.submissions.models import Submission
from consulta.windows.dockets import file_topic, succeed, withdraw_docket
from consulta.windows.models import Topic, Window
from consulta.windows.operations import add_topic
from consulta.windows.states import SuccessionKind


def tell_afterwards(stage: Stage, plans: Sequence[Plan]) -> None:
    """Add the stories of what is done in the last hours before the demonstration is loaded, and at each conclusion."""
    by_name = {plan.name: plan for plan in plans}
    data = read_data("afterwards")
    stage.timeline.add(_keep_texts(stage, data["boilerplate"]))
    stage.timeline.add(_group(stage, by_name[data["group"]["window"]], data["group"]))
    stage.timeline.add(_split(stage, data["split"]))
    stage.timeline.add(_appeal(stage, data["appeal"]))
    stage.timeline.add(
        _refile(stage, by_name[data["docket"]["window"]], by_name[data["docket"]["into"]], data["docket"])
    )
    for government in stage.offices:
        stage.timeline.add(keep_series(stage, government, data["series"]))
    stage.timeline.add(ask_about_data(stage, data["data_rights"]))
    for order, project in enumerate(data["project"]):
        stage.timeline.add(open_project(stage, by_name, project, order))
    for order, plan in enumerate(plans):
        if plan.is_concluded:
            stage.timeline.add(_give_back(stage, plan, data["papers"], order))


def _keep_texts(stage: Stage, texts: Sequence[dict[str, Any]]) -> Story:
    at = stage.offices[STATE].days.at(stage.offices[STATE].days.business(-20), 12)
    yield at
    for item in texts:
        keep_boilerplate(
            agency=stage.unit(item["unit"]).agency,
            title=item["title"],
            disposition=item["disposition"],
            text=item["text"],
            actor=stage.writer(item["unit"]),
            now=at,
        )


def _group(stage: Stage, plan: Plan, data: dict[str, Any]) -> Story:
    """Propose the copies of one text as a group, as the worker does where the extra is installed, and confirm it."""
    at = stage.now - timedelta(hours=2)
    yield at
    found = (
        session()
        .scalars(
            select(Submission)
            .where(Submission.topic_id == plan.topic_ids[data["topic"]], Submission.text.startswith(data["begins"]))
            .order_by(Submission.id)
        )
        .all()
    )
    shares = ((item.id, SequenceMatcher(None, found[0].text, item.text).ratio()) for item in found)
    cluster = Cluster(CampaignKind.NEAR, found[0].id, tuple((number, round(share, 3)) for number, share in shares))
    propose_campaigns(window_id=plan.window_id, clusters=[cluster], now=at)
    campaign = session().scalars(select(Campaign).where(Campaign.window_id == plan.window_id)).one()
    actor = stage.coordinator(STATE)
    decide_campaign(campaign=campaign, state=CampaignState.CONFIRMED, reason="", actor=actor, now=at)


def _split(stage: Stage, data: dict[str, Any]) -> Story:
    """Divide a comment of two sentences that waits at a unit."""
    at = stage.now - timedelta(hours=2)
    yield at
    unit = stage.unit(data["unit"])
    waiting = session().scalars(
        select(Referral)
        .where(Referral.unit_id == unit.id, Referral.state == ReferralState.REFERRED, Referral.answer_id.is_(None))
        .order_by(Referral.id)
    )
    for referral in waiting:
        sentences = [part.strip() for part in referral.submission.text.split(". ") if part.strip()]
        if len(sentences) > 1 and not referral.submission.reserved:
            parts = [PartDraft(sentence, "", unit) for sentence in sentences[:2]]
            split_submission(submission=referral.submission, parts=parts, actor=stage.writer(data["unit"]), now=at)
            return


def _appeal(stage: Stage, data: dict[str, Any]) -> Story:
    at = stage.now - timedelta(hours=1)
    yield at
    found = (
        session()
        .scalars(
            select(Submission)
            .where(Submission.withheld_reason.contains(data["begins"]))
            .order_by(Submission.id)
            .limit(1)
        )
        .one()
    )
    file_appeal(submission=found, text=data["text"], now=at)


def _refile(stage: Stage, before: Plan, after: Plan, data: dict[str, Any]) -> Story:
    """Withdraw the docket of the window that was annulled, file the text anew, and carry its comments over."""
    at = stage.now - timedelta(hours=1)
    yield at
    actor = stage.coordinator(STATE)
    first = file_topic(topic=_topic(before.topic_ids[1]), key=data["before"], actor=actor, now=at)
    withdraw_docket(docket=first, reason=data["reason"], actor=actor, now=at)
    topic = add_topic(
        window=session().get_one(Window, after.window_id),
        title=data["title"],
        summary=data["summary"],
        unit=stage.unit(data["unit"]),
        actor=actor,
        now=at,
    )
    second = file_topic(topic=topic, key=data["after"], actor=actor, now=at)
    made = succeed(
        predecessor=first,
        successor=second,
        kind=SuccessionKind.REFILED,
        reason=data["reason"],
        actor=actor,
        now=at,
    )
    carry_over({"succession_id": made.id}, at)


def _give_back(stage: Stage, plan: Plan, data: dict[str, str], order: int) -> Story:
    """Issue the record of a closing, its letters and what is given back, after the window was concluded."""
    at = plan.days.at(plan.days.business(13, plan.closes_on), 11, 20)
    yield at
    actor = stage.coordinator(plan.government)
    window = session().get_one(Window, plan.window_id)
    if is_over(window, at):
        release_people(window=window, policy=Policy(), actor=None, now=at)
    papers = prepare_papers(window=window, actor=actor, now=at)
    for number, paper in enumerate(papers, start=1):
        signed = paper.kind != PaperKind.FEEDBACK
        wording = Wording(
            paper.subject,
            paper.legal_basis,
            paper.body,
            data["signer_name"] if signed else "",
            data["signer_post"] if signed else "",
            paper.copies,
        )
        given = data["number"].replace("{n}", f"{order * 10 + number:04d}").replace("{year}", str(at.year))
        edit_paper(paper=paper, number=given if signed else "", wording=wording, actor=actor, now=at)
        issue_paper(paper=paper, actor=actor, now=at + timedelta(minutes=number))


def _topic(topic_id: int) -> Topic:
    return session().get_one(Topic, topic_id)
