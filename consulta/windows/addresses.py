"""Public addresses of windows, mailboxes and topics."""

from consulta.windows.models import Topic, Window


def window_address(window: Window) -> str:
    """Return the address of a window or mailbox."""
    return f"/{'buzones' if window.instrument.permanent else 'consultas'}/{window.slug}"


def topic_address(topic: Topic) -> str:
    """Return the address of a topic."""
    return f"{window_address(topic.window)}/temas/{topic.number}"
