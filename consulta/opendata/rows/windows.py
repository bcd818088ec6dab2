"""Rows of windows, topics, groups of nearly equal texts, and released figures of people."""

from collections.abc import Generator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from consulta.analysis.models import Campaign
from consulta.analysis.states import CampaignState
from consulta.db import session
from consulta.i18n.labels import official
from consulta.opendata.columns import Row, iso
from consulta.participation.queries import list_releases
from consulta.participation.wording import released_rows
from consulta.submissions.models import Submission
from consulta.submissions.policy import is_shown
from consulta.windows.models import Topic, Window
from consulta.windows.operations import status_of
from consulta.windows.states import WindowState


def list_windows(_part: str | None, now: datetime) -> Generator[Row]:
    """Yield the windows that are not in preparation."""
    found = (
        select(Window)
        .options(joinedload(Window.instrument), joinedload(Window.government))
        .where(Window.state != WindowState.DRAFT)
        .order_by(Window.id)
    )
    for window in session().scalars(found):
        yield (
            window.slug,
            window.title,
            window.instrument.name,
            window.government.name,
            official("window_status", status_of(window, now)),
            iso(window.opens_at),
            iso(window.closes_at),
            len(window.extensions),
        )


def list_topics(_part: str | None, _now: datetime) -> Generator[Row]:
    """Yield the topics of windows that are not in preparation."""
    found = (
        select(Topic)
        .join(Topic.window)
        .options(joinedload(Topic.window), joinedload(Topic.unit))
        .where(Window.state != WindowState.DRAFT)
        .order_by(Topic.window_id, Topic.number)
    )
    for topic in session().scalars(found):
        yield (
            topic.window.slug,
            topic.number,
            topic.title,
            topic.summary or None,
            topic.unit.name if topic.unit else None,
        )


def list_clusters(_part: str | None, _now: datetime) -> Generator[Row]:
    """Yield the groups that a person confirmed, each with a folio whose text everybody may read."""
    found = (
        select(Campaign)
        .options(joinedload(Campaign.window), joinedload(Campaign.representative).joinedload(Submission.topic))
        .where(Campaign.state == CampaignState.CONFIRMED)
        .order_by(Campaign.id)
    )
    for campaign in session().scalars(found):
        if is_shown(campaign.representative):
            yield (
                campaign.id,
                campaign.window.slug,
                campaign.size,
                campaign.representative.folio,
                iso(campaign.found_at),
                iso(campaign.decided_at),
            )


def list_people(_part: str | None, _now: datetime) -> Generator[Row]:
    """Yield every figure of people that was released: nothing hidden, no totals."""
    for release in reversed(list_releases()):
        for question, value, count in released_rows(release.content):
            yield release.window.slug, release.number, iso(release.at), question, value, count
