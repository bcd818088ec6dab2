"""Stories of windows: prepared, filled, scheduled, extended, concluded."""

from datetime import datetime, timedelta
from typing import Any

from consulta.db import session
from consulta.demo.document import build_docx
from consulta.demo.plans import Plan
from consulta.demo.stage import Stage, read_data
from consulta.demo.timeline import Story
from consulta.documents.operations import prepare_file, publish_document, publish_version
from consulta.documents.queries import list_documents
from consulta.referrals.clocks import recompute_due
from consulta.referrals.conclusion import conclude_when_answered
from consulta.windows.dating import extend_window, schedule_window
from consulta.windows.models import Topic, Window
from consulta.windows.operations import add_topic, create_window
from consulta.windows.queries import get_instrument


def prepare(stage: Stage, plan: Plan) -> Story:
    """Create a window, fill it and schedule it."""
    yield plan.created_at
    actor, data = stage.coordinator(plan.government), plan.data
    window = create_window(
        government=stage.government(plan.government),
        instrument=get_instrument(data["instrument"]),
        title=plan.title(),
        summary=data["summary"],
        decides=data["decides"],
        afterwards=data["afterwards"],
        actor=actor,
        now=plan.created_at,
    )
    plan.window_id = window.id
    for number, item in enumerate(data["topic"], start=1):
        plan.topic_ids[number] = _fill(stage, plan, window, item, number)
    yield plan.scheduled_at
    window = session().get_one(Window, plan.window_id)
    schedule_window(window=window, opens_on=plan.opens_on, days=plan.term, actor=actor, now=plan.scheduled_at)
    expected = plan.ends_at
    if window.closes_at != expected:
        raise AssertionError(f"{plan.name}: closes at {window.closes_at}, planned {expected}")


def _fill(stage: Stage, plan: Plan, window: Window, item: dict[str, Any], number: int) -> int:
    now = plan.created_at + timedelta(minutes=10 * number)
    topic = add_topic(
        window=window,
        title=item["title"],
        summary=item["summary"],
        unit=stage.unit(item["unit"]),
        actor=stage.coordinator(plan.government),
        now=now,
        sheet=item.get("sheet", ""),
        details=dated_details(plan, item.get("details", {})),
    )
    return topic.id


def dated_details(plan: Plan, details: dict[str, str]) -> dict[str, str]:
    """Return the values of the entry fields; "+90" is the day that lies ninety days after the opening."""
    return {
        key: (plan.opens_on + timedelta(days=int(value))).isoformat() if value.startswith("+") else plan.dated(value)
        for key, value in details.items()
    }


def publish_both_versions(stage: Stage, plan: Plan) -> Story:
    """Publish the draft of a regulation before the window opens, and its second version while it is open."""
    text = read_data("reglamento")
    actor = stage.coordinator(plan.government)
    first_at = plan.created_at + timedelta(hours=4)
    yield first_at
    topic = session().get_one(Topic, plan.topic_ids[1])
    first = build_docx(text["title"], text["first"])
    publish_document(
        topic=topic,
        title=text["title"],
        file=prepare_file(
            filename="proyecto-verificacion-v1.docx",
            content=first,
            storage=stage.storage,
        ),
        actor=actor,
        now=first_at,
    )
    second_at = second_version_at(plan)
    yield second_at
    [document] = list_documents(plan.topic_ids[1])
    second = build_docx(text["title"], _amended(text["first"], text["second"]))
    publish_version(
        document=document,
        file=prepare_file(
            filename="proyecto-verificacion-v2.docx",
            content=second,
            storage=stage.storage,
        ),
        note=text["note"],
        actor=actor,
        now=second_at,
    )


def second_version_at(plan: Plan) -> datetime:
    """Return when the second version was published: on the seventh day of the consultation."""
    return plan.days.at(plan.days.business(7, plan.opens_on), 11, 30)


def _amended(first: list[str], changes: list[dict[str, str]]) -> list[str]:
    """Return the paragraphs of the first version with the changes of the second; `after` adds a paragraph."""
    paragraphs = list(first)
    for change in changes:
        place = next(n for n, text in enumerate(paragraphs) if text.startswith(change["begins"]))
        if change.get("after"):
            paragraphs.insert(place + 1, change["text"])
        else:
            paragraphs[place] = change["text"]
    return paragraphs


def extend(stage: Stage, plan: Plan) -> Story:
    """Lengthen the term, and move the due dates that hang from it."""
    data = plan.data["extension"]
    at = plan.days.at(plan.days.business(plan.extended_after, plan.opens_on), 12, 40)
    yield at
    extend_window(
        window=session().get_one(Window, plan.window_id),
        days=data["days"],
        legal_basis=data["legal_basis"],
        reason=data["reason"],
        agreement=plan.dated(data["agreement"]),
        actor=stage.coordinator(plan.government),
        now=at,
    )
    recompute_due({"window_id": plan.window_id}, at)


def conclude(stage: Stage, plan: Plan) -> Story:
    """Declare a window concluded once everything is answered."""
    at = plan.days.at(plan.days.business(11, plan.closes_on), 14, 10)
    yield at
    conclude_when_answered(
        window=session().get_one(Window, plan.window_id), actor=stage.coordinator(plan.government), now=at
    )
