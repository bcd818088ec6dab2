"""Capture at a counter, by telephone or from paper: the same intake, with the attested instant of reception."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from wtforms import RadioField
from wtforms.fields import DateField, TimeField

from consulta.actors import Actor, Role
from consulta.agencies.queries import current_notice
from consulta.db import unit_of_work
from consulta.desk.queries import list_capture_topics
from consulta.documents.queries import list_current_versions
from consulta.errors import NotFound, Refused
from consulta.i18n.labels import label
from consulta.i18n.text import N_, SOURCE, _
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Capture, Delivery, NonceReused
from consulta.submissions.forms import CommentForm
from consulta.submissions.nonces import new_nonce, read_nonce
from consulta.submissions.operations import receive
from consulta.submissions.rules import LONGEST_EVIDENCE, LONGEST_TEXT
from consulta.submissions.states import Channel
from consulta.web.access import access, roles
from consulta.web.context import arrived_at, services
from consulta.web.forms import CleanString
from consulta.windows.models import Topic
from consulta.windows.operations import status_of
from consulta.windows.queries import get_topic
from consulta.windows.questions import why_asked

blueprint = Blueprint("capture", __name__)
CAPTURES = roles(Role.OPERATOR)
CHANNELS = [Channel.COUNTER, Channel.PHONE, Channel.PAPER, Channel.MAIL, Channel.MESSAGING]


class CaptureForm(CommentForm):
    """The comment's fields, and how and when it was received."""

    channel = RadioField(
        N_("¿Cómo llegó?"),
        choices=lambda: [(item.value, label("channel", item.value)) for item in CHANNELS],
        validate_choice=False,
    )
    received_on = DateField(N_("Día en que se recibió"))
    received_time = TimeField(N_("Hora en que se recibió"))
    evidence = CleanString(N_("Comprobante"))

    def check_capture(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the attested instant, or put at each field what to correct."""
        if self.channel.data not in list(CHANNELS):
            self.add_problem("channel", _("Elija cómo llegó."))
        if len(self.evidence.data or "") > LONGEST_EVIDENCE:
            self.add_problem("evidence", _("Escriba hasta %(longest)s caracteres.", longest=LONGEST_EVIDENCE))
        day, hour = self.received_on.data, self.received_time.data
        if not isinstance(day, date) or not isinstance(hour, time):
            field = "received_time" if isinstance(day, date) else "received_on"
            self.add_problem(field, _("Escriba el día y la hora en que se recibió, por ejemplo 12/06/2026 y 13:40."))
            return None
        instant = datetime.combine(day, hour, tzinfo=zone)
        if instant > now:
            self.add_problem("received_on", _("Esa hora todavía no llega: revise el día y la hora."))
        return instant


@blueprint.get("/captura")
@access(CAPTURES)
def topics(actor: Actor) -> str:
    """List the topics for which something may be captured."""
    found = list_capture_topics(actor.government_id, arrived_at())
    return render_template(
        "desk/capture_topics.html", topics=[(item, status_of(item.window, arrived_at())) for item in found]
    )


@blueprint.get("/captura/<slug>/<int:number>")
@access(CAPTURES)
def show(slug: str, number: int, actor: Actor) -> Any:
    """Show the form with the current day and hour."""
    topic = _topic(slug, number, actor)
    form = CaptureForm()
    local = arrived_at().astimezone(ZoneInfo(topic.window.government.timezone))
    form.received_on.data, form.received_time.data = local.date(), local.time().replace(second=0, microsecond=0)
    form.nonce.data = new_nonce()
    return _render(topic, form)


@blueprint.post("/captura/<slug>/<int:number>")
@access(CAPTURES)
def send(slug: str, number: int, actor: Actor) -> Any:
    """Receive what was captured and show its receipt, to be read aloud or printed."""
    topic = _topic(slug, number, actor)
    kinds = topic.window.instrument.kinds
    form = CaptureForm(request.form)
    form.set_choices(kinds)
    form.attach_removed()
    received_at = form.check_capture(arrived_at(), ZoneInfo(topic.window.government.timezone))
    form.seen.data = " ".join(str(version.id) for version in list_current_versions(topic.id))
    # The operator's pages may be in another language than the person's.
    draft = replace(form.draft(kinds=kinds, files=()), language=SOURCE)
    form.attach(check_draft(draft, kinds=kinds))
    nonce = read_nonce(form.nonce.data)
    if nonce is None:
        form.nonce.data = new_nonce()
        form.add_problem(None, _("La página llevaba más de un día abierta: revise y guarde otra vez."))
    if form.has_problems() or received_at is None or nonce is None:
        return _render(topic, form)
    delivery = Delivery(
        topic_id=topic.id,
        draft=draft,
        channel=Channel(form.channel.data),
        nonce=nonce,
        received_at=received_at,
        capture=Capture(post_id=actor.post_id, evidence=form.evidence.data or ""),
    )
    try:
        with unit_of_work():
            outcome = receive(delivery, secret=services().secret, clock=services().clock)
    except Refused as refused:
        form.add_problem(refused.field, refused.message)
        return _render(topic, form)
    if isinstance(outcome, NonceReused):
        form.nonce.data = new_nonce()
        form.add_problem(
            None,
            _("Esta captura ya se guardó con el folio %(folio)s. Si es otra, guarde de nuevo.", folio=outcome.folio),
        )
        return _render(topic, form)
    page = render_template("desk/capture_receipt.html", topic=topic, receipt=outcome)
    return page, 200 if outcome.repeated else 201


def _topic(slug: str, number: int, actor: Actor) -> Topic:
    found = get_topic(slug, number)
    if found.window.government_id != actor.government_id or found.window.opens_at is None:
        raise NotFound(_("No existe ese tema."))
    return found


def _render(topic: Topic, form: CaptureForm) -> Any:
    form.set_choices(topic.window.instrument.kinds)
    notice = current_notice(topic.window.government_id)
    form.notice_version.data = notice.version
    page = render_template(
        "desk/capture.html", topic=topic, form=form, notice=notice, longest=LONGEST_TEXT, why=why_asked
    )
    return page, 422 if form.has_problems() else 200
