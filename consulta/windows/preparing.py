"""Changes to a window and its topics while they are prepared."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consulta.actors import Actor
from consulta.agencies.models import Unit
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.windows.models import Topic, Window
from consulta.windows.operations import (
    check_coordinator,
    checked_sheet,
    record_act,
    status_of,
    topic_content,
    window_lock,
)
from consulta.windows.questions import check_questions
from consulta.windows.rules import LONGEST_SUMMARY, check_title
from consulta.windows.states import WindowState, WindowStatus


def edit_window(*, window: Window, summary: str, decides: str, afterwards: str, actor: Actor, now: datetime) -> None:
    """Change what people will read, with its leaf. Raises Refused once it is scheduled: then they have read it."""
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    if WindowState(window.state) != WindowState.DRAFT:
        raise Refused(_("La consulta ya es pública: su texto no cambia."), field="summary")
    if not summary.strip() or len(summary) > LONGEST_SUMMARY:
        raise Refused(
            _("Explique en 1 a %(longest)s caracteres qué se consulta.", longest=LONGEST_SUMMARY), field="summary"
        )
    window.summary, window.decides, window.afterwards = summary.strip(), decides.strip(), afterwards.strip()
    window.updated_at = now
    content = {"summary": window.summary, "decides": window.decides, "afterwards": window.afterwards}
    record_act(window, "window.edited", now, actor, content)
    session().flush()


def edit_topic(
    *, topic: Topic, title: str, summary: str, sheet: str, unit: Unit | None, actor: Actor, now: datetime
) -> None:
    """Change a topic while its window is in preparation, or its plain page and unit until it closes; with its leaf.

    Raises Refused when title or explanation would change under people who may have read them.
    """
    window = topic.window
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    check_title(title)
    status = status_of(window, now)
    if status in (WindowStatus.CLOSED, WindowStatus.CONCLUDED):
        raise Refused(_("La consulta ya cerró: sus temas no cambian."))
    renamed = (title.strip(), summary.strip()) != (topic.title, topic.summary)
    if renamed and status == WindowStatus.OPEN:
        raise Refused(_("La consulta está abierta: título y explicación ya no cambian."), field="title")
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(_("La explicación lleva hasta %(longest)s caracteres.", longest=LONGEST_SUMMARY), field="summary")
    topic.title, topic.summary, topic.sheet = title.strip(), summary.strip(), checked_sheet(sheet)
    topic.unit_id = unit.id if unit else None
    window.updated_at = now
    record_act(window, "topic.edited", now, actor, topic_content(topic))
    session().flush()


def ask_about_people(*, window: Window, questions: Iterable[str], actor: Actor, now: datetime) -> None:
    """Choose what people are asked about themselves, with its leaf; what is not asked is not kept.

    Raises Refused on a question that is not in the catalogue, and once a consultation is open: opinions that were
    asked different things cannot be counted together.
    """
    check_coordinator(actor, window.government_id)
    lock_exclusive(window_lock(window.id))
    chosen = check_questions(questions)
    if not window.instrument.permanent and status_of(window, now) not in (WindowStatus.DRAFT, WindowStatus.UPCOMING):
        raise Refused(_("La consulta ya abrió: a todas las personas se les pregunta lo mismo."), field="questions")
    window.questions, window.updated_at = chosen, now
    record_act(window, "window.questions_chosen", now, actor, {"questions": chosen})
    session().flush()


def ask_entries(*, window: Window, due_on: date | None, actor: Actor, now: datetime) -> None:
    """Ask the agencies for their entries until a day, or stop asking; with its leaf. Raises Refused on a past day."""
    check_coordinator(actor, window.government_id)
    if WindowState(window.state) != WindowState.DRAFT:
        raise Refused(_("La consulta ya está programada: las dependencias ya no entregan propuestas."))
    if due_on is not None and due_on < now.astimezone(ZoneInfo(window.government.timezone)).date():
        raise Refused(_("Ese día ya pasó: elija hoy o uno posterior."), field="entries_due_on")
    window.entries_due_on, window.updated_at = due_on, now
    record_act(window, "window.entries_asked", now, actor, {"due_on": due_on})
    session().flush()
