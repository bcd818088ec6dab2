"""The loop that works the outbox. One leased child of `serve`, or `consulta worker` elsewhere."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from consulta.db import Database, session, session_scope, unit_of_work
from consulta.jobs.models import Job
from consulta.jobs.operations import claim_jobs, release_failed
from consulta.jobs.registry import Periodic, Registry

log = logging.getLogger("consulta.jobs")

Work = tuple[int, str, dict[str, Any]]
TOGETHER = 20


class Worker:
    """Works due rows until told to stop.

    Args:
        database: where the outbox is.
        registry: the handlers.
        clock: gives the current instant.
    """

    def __init__(self, database: Database, registry: Registry, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.registry = registry
        self.clock = clock
        self._last_run: dict[Periodic, datetime] = {}

    def run_forever(self, should_stop: Callable[[], bool], pause: float = 0.5) -> None:
        """Work until `should_stop()`; sleep `pause` seconds when there is nothing to do."""
        while not should_stop():
            try:
                busy = self.run_due()
            except Exception:
                log.exception("el trabajador no pudo leer la bandeja de salida")
                busy = 0
            if not busy:
                time.sleep(pause)

    def run_due(self) -> int:
        """Work one batch and the periodic functions that are due. Returns how many rows were taken."""
        with session_scope(self.database):
            self._run_periodic()
            with unit_of_work():
                claimed = [(job.id, job.kind, job.payload) for job in claim_jobs(now=self.clock())]
            inside = [work for work in claimed if work[1] in self.registry.inside]
            for start in range(0, len(inside), TOGETHER):
                self._run_together(inside[start : start + TOGETHER])
            for work in claimed:
                if work[1] not in self.registry.inside:
                    self._run_one(*work)
        return len(claimed)

    def drain(self) -> None:
        """Work until nothing is due: for commands, the demonstration and tests."""
        while self.run_due():
            pass

    def _run_together(self, works: list[Work]) -> None:
        """Work several rows in one transaction, which costs one durable commit; one by one when any fails."""
        try:
            with unit_of_work():
                for work in works:
                    self._run_inside(*work)
        except Exception:  # noqa: BLE001 - which one failed is found, and told, one by one
            for work in works:
                self._run_one(*work)

    def _run_one(self, job_id: int, kind: str, payload: dict[str, Any]) -> None:
        try:
            if kind in self.registry.inside:
                with unit_of_work():
                    self._run_inside(job_id, kind, payload)
            else:
                self.registry.outside[kind](payload, self.clock())
                with unit_of_work():
                    _remove(job_id)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, the row must go back
            log.warning("el trabajo %s (%s) falló: %s", job_id, kind, type(error).__name__)
            self._give_back(job_id, f"{type(error).__name__}: {error}")

    def _run_inside(self, job_id: int, kind: str, payload: dict[str, Any]) -> None:
        """Run the handler with the row held; where another worker finished it after the lease ended, do nothing."""
        if session().get(Job, job_id, with_for_update=True) is not None:
            self.registry.inside[kind](payload, self.clock())
            _remove(job_id)

    def _give_back(self, job_id: int, error: str) -> None:
        with unit_of_work():
            job = session().get(Job, job_id)
            if job is not None:
                release_failed(job=job, now=self.clock(), error=error)

    def _run_periodic(self) -> None:
        for interval, function in self.registry.periodic:
            now = self.clock()
            last = self._last_run.get(function)
            if last is None or now - last >= interval:
                self._last_run[function] = now
                with unit_of_work():
                    function(now)


def _remove(job_id: int) -> None:
    job = session().get(Job, job_id)
    if job is not None:
        session().delete(job)
