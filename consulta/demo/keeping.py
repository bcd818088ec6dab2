"""Keeping in the demonstration: the series of each government, and a request about personal data that waits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from consulta.archives.models import DocumentarySeries
from consulta.archives.series import SeriesDraft, add_series, assign_series
from consulta.data_rights.operations import file_request
from consulta.data_rights.rules import DataRightsDraft
from consulta.db import session
from consulta.demo.stage import STATE, Stage
from consulta.demo.timeline import Story
from consulta.submissions.models import Submission
from consulta.submissions.queries import published
from consulta.windows.models import Instrument, Topic, Window

# Which series takes what comes through an instrument.
WINDOWS, MAILBOXES, CONTROL = "windows", "mailboxes", "control"


def keep_series(stage: Stage, government: str, catalogue: list[dict[str, Any]]) -> Story:
    """Write the catalogue of a government, and file what comes through each instrument."""
    days = stage.offices[government].days
    at = days.at(days.business(-200), 12, 20)
    yield at
    actor, owner = stage.coordinator(government), stage.government(government)
    filed: dict[str, DocumentarySeries] = {}
    for item in catalogue:
        draft = SeriesDraft(**{name: value for name, value in item.items() if name != "files"})
        filed[item["files"]] = add_series(government=owner, draft=draft, actor=actor, now=at)
    for instrument in session().scalars(select(Instrument).order_by(Instrument.key)):
        series = filed[_files(instrument)]
        assign_series(subject=instrument, government=owner, series=series, actor=actor, now=at)


def ask_about_data(stage: Stage, data: dict[str, str]) -> Story:
    """Let somebody whose name is published oppose that: the transparency unit has it to answer."""
    at = stage.now - timedelta(minutes=40)
    yield at
    found = (
        published()
        .join(Submission.topic)
        .join(Topic.window)
        .where(
            Window.government_id == stage.offices[STATE].id,
            Submission.name_is_public.is_(True),
            Submission.behalf == "self",
            Submission.email != "",
            Submission.standing == "stands",
        )
        .order_by(Submission.id.desc())
    )
    submission = session().scalars(found.limit(1)).one()
    file_request(submission=submission, draft=DataRightsDraft(data["kind"], data["text"]), now=at)


def _files(instrument: Instrument) -> str:
    if instrument.answered_by == "control":
        return CONTROL
    return MAILBOXES if instrument.permanent else WINDOWS
