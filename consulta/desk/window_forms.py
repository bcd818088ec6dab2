"""The forms of a window's control page."""

from wtforms import IntegerField, RadioField, SelectField
from wtforms.fields import DateField
from wtforms.validators import Optional

from consulta.i18n.labels import label
from consulta.i18n.text import N_, _
from consulta.web.forms import BaseForm, CleanString, CleanText
from consulta.windows.opening import NO, QUESTIONS, YES
from consulta.windows.states import DateChangeKind


class WindowForm(BaseForm):
    """A new window."""

    instrument = SelectField(N_("Instrumento"), validate_choice=False)
    title = CleanString(N_("Título"))
    summary = CleanText(N_("Qué se consulta, en cinco frases"))
    decides = CleanText(N_("Quién decide"))
    afterwards = CleanText(N_("Qué pasa después"))


class TextForm(BaseForm):
    """What people read on the page of a window."""

    summary = CleanText(N_("Qué se consulta, en cinco frases"), id="texto-summary")
    decides = CleanText(N_("Quién decide"), id="texto-decides")
    afterwards = CleanText(N_("Qué pasa después"), id="texto-afterwards")


class TopicForm(BaseForm):
    """A new topic."""

    title = CleanString(N_("Título"))
    summary = CleanText(N_("Explicación"))
    unit_id = SelectField(N_("Unidad que responde"), validate_choice=False)


class ScheduleForm(BaseForm):
    """Opening day and term."""

    opens_on = DateField(N_("Día en que abre"))
    days = IntegerField(N_("Días de consulta"))
    affects_peoples = RadioField(
        N_("¿Afecta a pueblos indígenas o afromexicanos, o a personas con discapacidad?"),
        choices=lambda: yes_or_no(),
        validate_choice=False,
    )
    electoral_ban = RadioField(
        N_("¿Hay veda electoral en esas fechas?"), choices=lambda: yes_or_no(), validate_choice=False
    )
    capture_post_id = SelectField(N_("Quién captura después del cierre lo sellado a tiempo"), validate_choice=False)

    def answers(self) -> dict[str, str]:
        """Return the answers to the questions of the checklist."""
        return {name: self[name].data or "" for name in QUESTIONS}

    def explain(self, *, permanent: bool) -> None:
        """Put at each field that is missing how to fill it in."""
        if self.opens_on.data is None:
            self.opens_on.errors = [_("Escriba el día en que abre, por ejemplo 12/06/2026.")]
        if self.days.data is None and not permanent:
            self.days.errors = [_("Escriba cuántos días dura, con números.")]


def yes_or_no() -> list[tuple[str, str]]:
    """Return the two answers."""
    return [(NO, _("No")), (YES, _("Sí"))]


class ChangeForm(BaseForm):
    """A shortening or an annulment with its grounds."""

    kind = RadioField(N_("Qué propone"), choices=lambda: change_kinds(), validate_choice=False, id="cambio-kind")
    days = IntegerField(N_("Días que duraría en total"), validators=[Optional()], id="cambio-days")
    legal_basis = CleanString(N_("Fundamento"), id="cambio-legal_basis")
    reason = CleanText(N_("Motivo"), id="cambio-reason")
    agreement = CleanString(N_("Número de acuerdo"), id="cambio-agreement")


def change_kinds() -> list[tuple[str, str]]:
    """Return what takes two people."""
    return [(kind.value, label("date_change_kind", kind.value)) for kind in DateChangeKind]


class ExtendForm(BaseForm):
    """An extension with its grounds."""

    days = IntegerField(N_("Días que se agregan"))
    legal_basis = CleanString(N_("Fundamento"))
    reason = CleanText(N_("Motivo"))
    agreement = CleanString(N_("Número de acuerdo"))

    def explain(self) -> None:
        """Put at each field that is missing how to fill it in, so that nobody corrects them one by one."""
        if self.days.data is None:
            self.days.errors = [_("Escriba cuántos días se agregan, con números.")]
        remedies = {
            "legal_basis": _("Escriba el artículo y la norma que permiten ampliar."),
            "reason": _("Escriba por qué hace falta más tiempo."),
            "agreement": _("Escriba el número del acuerdo en que se decidió."),
        }
        for name, remedy in remedies.items():
            if not (self[name].data or "").strip():
                self.add_problem(name, remedy)
