"""The list that a window passes before it opens: what is missing, and what the law asks to think of. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from consulta.agencies.queries import current_notice, find_control_unit
from consulta.documents.queries import has_documents
from consulta.entries.queries import list_deliveries
from consulta.entries.states import DeliveryState, EntryState
from consulta.errors import NotFound
from consulta.i18n.text import _
from consulta.windows.fields import list_missing, read_fields
from consulta.windows.models import Topic, Window
from consulta.windows.rules import needs_control


@dataclass(frozen=True)
class Check:
    """A line of the list. `is_done` None: only a person can tell."""

    text: str
    is_done: bool | None
    remedy: str = ""


def opening_checks(window: Window, topics: Sequence[Topic]) -> list[Check]:
    """Return the list of a window in preparation."""
    documented = has_documents([topic.id for topic in topics])
    unassigned = [topic.number for topic in topics if topic.unit_id is None]
    bare = [topic.number for topic in topics if not topic.sheet and topic.id not in documented]
    # Of no topic at all everything is true: it must not read as done.
    has_topics = bool(topics)
    checks = [
        Check(_("Tiene al menos un tema"), has_topics, _("Agregue los temas abajo o acepte propuestas.")),
        Check(
            _("Cada tema tiene unidad que responde"),
            has_topics and not unassigned,
            _("Falta en: %(topics)s.", topics=", ".join(map(str, unassigned))) if unassigned else "",
        ),
        Check(
            _("Dice quién decide y qué pasa después"),
            bool(window.decides and window.afterwards),
            _("Escríbalo en «Lo que lee la gente»: sin eso nadie sabe para qué opina."),
        ),
        Check(
            _("Hay aviso de privacidad publicado"), _has_notice(window), _("Pida que se publique en Administración.")
        ),
    ]
    if not window.instrument.permanent:
        checks.append(
            Check(
                _("Cada tema tiene cédula o documento"),
                has_topics and not bare,
                _("Falta en: %(topics)s.", topics=", ".join(map(str, bare))) if bare else "",
            )
        )
    incomplete = _incomplete(window, topics)
    if window.instrument.entry_fields:
        checks.append(Check(_("Cada tema tiene los datos que pide la ley"), has_topics and not incomplete, incomplete))
    if needs_control(window.instrument.kinds):
        has_control = find_control_unit(window.government_id) is not None
        checks.append(Check(_("Hay órgano interno de control que lea lo reservado"), has_control))
    if window.entries_due_on is not None:
        checks.append(_delivered(window))
    return checks


def _incomplete(window: Window, topics: Sequence[Topic]) -> str:
    """Return which topics lack which fields of the instrument."""
    fields = read_fields(window.instrument.entry_fields)
    missing = {topic.number: list_missing(fields, topic.details) for topic in topics}
    return " ".join(
        _("Al tema %(number)s le falta: %(fields)s.", number=number, fields=", ".join(labels))
        for number, labels in missing.items()
        if labels
    )


def _delivered(window: Window) -> Check:
    deliveries = list_deliveries(window)
    late = [item.agency.name for item in deliveries if item.state in (DeliveryState.MISSING, DeliveryState.PREPARING)]
    waiting = sum(entry.state == EntryState.SUBMITTED for item in deliveries for entry in item.entries)
    remedy = [_("No han entregado: %(names)s.", names=", ".join(late))] if late else []
    remedy += [_("Por aceptar u observar: %(count)s.", count=waiting)] if waiting else []
    return Check(_("Todas las dependencias entregaron y se revisó"), not late and not waiting, " ".join(remedy))


def _has_notice(window: Window) -> bool:
    try:
        current_notice(window.government_id)
    except NotFound:
        return False
    return True
