"""The value that other packages return when something is to be told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What to tell whom. `address` None means the electronic notice board (*estrados*).

    `unique_key` names the event, so that telling it twice is impossible. `leave_url` is where one click ends a
    subscription (RFC 8058); empty for what is told to nobody who asked for a list.
    """

    kind: str
    unique_key: str
    about: str
    subject: str
    body: str
    address: str | None = None
    leave_url: str = ""
