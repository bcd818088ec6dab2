"""The control page of a window as it is drawn: dates with derivation, topics, the forms of the acts possible now."""

from datetime import date
from typing import Any

from flask import render_template, request

from consulta.actors import Actor, Role
from consulta.agencies.operations import local_today
from consulta.agencies.queries import list_posts, list_units
from consulta.clocks import load_rule
from consulta.desk.checklist import opening_checks
from consulta.desk.window_forms import ChangeForm, ExtendForm, ScheduleForm, TextForm, TopicForm
from consulta.errors import ConsultaError, NotFound
from consulta.i18n.text import _
from consulta.web.context import arrived_at
from consulta.web.forms import CLEANERS, BaseForm
from consulta.windows.counters import read_counts
from consulta.windows.fields import read_fields
from consulta.windows.margins import load_margins
from consulta.windows.models import Window
from consulta.windows.operations import status_of
from consulta.windows.outages import list_outages_of
from consulta.windows.queries import find_proposed, get_window, list_topics
from consulta.windows.states import WindowState
from consulta.windows.terms import Term


def own_window(slug: str, actor: Actor) -> Window:
    """Return a window of the actor's government. Raises NotFound."""
    window = get_window(slug)
    if window.government_id != actor.government_id:
        raise NotFound(_("No existe esa consulta."))
    return window


def typed_details(window: Window) -> dict[str, str]:
    """Return what was typed in the fields of the instrument."""
    fields = read_fields(window.instrument.entry_fields)
    return {field.key: CLEANERS[0](request.form.get(f"campo-{field.key}", ""))[0].strip() for field in fields}


def control_page(window: Window, *, preview: Term | None = None, refusal: str = "", **given: BaseForm) -> str:
    """Return the control page of a window, with the forms that were refused as they were typed."""
    topics = list_topics(window.id)
    schedule_form = given.get("schedule_form") or ScheduleForm(
        data={"opens_on": _proposed_opening(window), "days": window.instrument.default_days}
    )
    operators = [post for post in list_posts(window.government_id) if post.role == Role.OPERATOR]
    capture_field: Any = schedule_form["capture_post_id"]
    capture_field.choices = [("", _("Cualquiera que capture"))] + [
        (str(post.id), f"{post.title} ({post.unit.name})") for post in operators
    ]
    topic_form = given.get("topic_form") or TopicForm()
    units = list_units(window.government_id)
    unit_field: Any = topic_form["unit_id"]
    unit_field.choices = [("", _("La decide la coordinación después"))] + [
        (str(unit.id), f"{unit.name} ({unit.agency.name})") for unit in units
    ]
    return render_template(
        "desk/window_control.html",
        window=window,
        status=status_of(window, arrived_at()),
        topics=topics,
        counts=read_counts([item.id for item in topics]),
        rule=_rule(window),
        schedule_form=schedule_form,
        topic_form=topic_form,
        extend_form=given.get("extend_form") or ExtendForm(),
        change_form=given.get("change_form") or ChangeForm(),
        change=find_proposed(window),
        outages=list_outages_of(window),
        margins=load_margins(),
        preview=preview,
        refusal=refusal,
        units={unit.id: unit for unit in units},
        text_form=given.get("text_form") or TextForm(obj=window),
        fields=read_fields(window.instrument.entry_fields),
        details=typed_details(window) if given.get("topic_form") else {},
        checks=opening_checks(window, topics) if window.state == WindowState.DRAFT else [],
    )


def _proposed_opening(window: Window) -> date:
    """Return the opening day that the form proposes: that of the period for which it was prepared, else today."""
    today = local_today(window.government, arrived_at())
    try:
        return max(today, date.fromisoformat(request.args.get("abre", "")))
    except ValueError:
        return today


def _rule(window: Window) -> Any:
    key = window.instrument.term_rule
    try:
        return load_rule(key) if key else None
    except ConsultaError:
        return None
