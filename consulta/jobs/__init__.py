"""The transactional outbox: work to do later is a row written with the act, worked by a leased worker.

Receives plain values; handlers are registered by `app`. Knows no other package.
"""

from consulta.jobs.operations import enqueue
from consulta.jobs.registry import Registry

__all__ = ["Registry", "enqueue"]
