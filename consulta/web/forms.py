"""The base of every form: values cleaned as they arrive, problems attached to fields, what was typed kept."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms import Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.utils import unset_value

from consulta.i18n.text import N_, _

REMOVED = N_(
    "El texto traía caracteres invisibles que no se pueden guardar y los quitamos: revíselo y vuelva a enviarlo."
)


class FieldProblem(Protocol):
    """Anything that says where and what to correct."""

    @property
    def field(self) -> str: ...

    @property
    def message(self) -> str: ...


class Cleaner(Protocol):
    """A function that returns the text as it can be kept, and whether something was taken out."""

    def __call__(self, value: str) -> tuple[str, bool]: ...


class CleanMixin:
    """Cleans the value of a field as it arrives; where a person typed it, remembers whether something was taken out."""

    removed = False
    is_typed = True
    data: Any

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the value, cleaned by the form's cleaner."""
        super().process(formdata, data, extra_filters)  # type: ignore[misc]
        if isinstance(self.data, str):
            self.data, removed = CLEANERS[0](self.data)
            self.removed = removed and self.is_typed
            if not isinstance(self, TextAreaField):
                self.data = " ".join(self.data.split())


class CleanString(CleanMixin, StringField):
    """One line of text."""


class CleanText(CleanMixin, TextAreaField):
    """Several lines of text."""


class CleanHidden(CleanMixin, HiddenField):
    """What a page carries to the next without showing it."""

    is_typed = False


class CleanRadio(CleanMixin, RadioField):
    """One of a few; what is not among them is told by the form that knows them."""

    is_typed = False


class CleanSelect(CleanMixin, SelectField):
    """One of many; what is not among them is told by the form that knows them."""

    is_typed = False


def _as_it_is(value: str) -> tuple[str, bool]:
    return value, False


# The cleaner that `create_app()` installs: the same that intake applies on every channel.
CLEANERS: list[Cleaner] = [_as_it_is]


class BaseForm(Form):
    """A form that keeps what was typed and shows each problem at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general: list[str] = []

    def attach(self, problems: Iterable[FieldProblem]) -> None:
        """Put each problem at its field, or at the top when it belongs to none."""
        for problem in problems:
            self.add_problem(problem.field, problem.message)

    def add_problem(self, field: str | None, message: str) -> None:
        """Put a message at a field, or at the top."""
        if field is not None and field in self._fields:
            self[field].errors = [*self[field].errors, message]
        else:
            self.general.append(message)

    def attach_removed(self) -> None:
        """Tell of text fields from which something had to be taken out."""
        for name, field in self._fields.items():
            if getattr(field, "removed", False):
                self.add_problem(name, _(REMOVED))

    def has_problems(self) -> bool:
        """Say whether anything must be corrected."""
        return bool(self.general) or any(field.errors for field in self)

    def problem_list(self) -> list[tuple[str, str]]:
        """Return `(anchor, message)` for the error summary, in the order of the form."""
        at_fields = [(f"#{field.id}", str(error)) for field in self for error in field.errors]
        return [("#contenido", message) for message in self.general] + at_fields
