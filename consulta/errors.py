"""The outcomes that every package may raise, each with a sentence a person can read.

Pure: knows nothing of HTTP, the database or the command line. Whoever stands at an edge (a route, a
command) turns the class into a status or an exit code and shows `message` as it is.
"""


class ConsultaError(Exception):
    """Base of all expected outcomes; `message` is one Spanish sentence for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(ConsultaError):
    """A rule says no. `field` names the input to correct, when there is one."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class NotFound(ConsultaError):
    """What was asked for does not exist, or the person may not know that it does."""


class Forbidden(ConsultaError):
    """The person is known and may not do this."""
