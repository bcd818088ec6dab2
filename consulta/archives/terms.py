"""Until when a submission is kept: its series, the day from which its term counts, and the first day of disposal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from consulta.agencies.models import Government
from consulta.archives.models import DocumentarySeries
from consulta.archives.rules import first_day_of_disposal, last_day_kept
from consulta.archives.series import map_assignments
from consulta.archives.states import FinalDestination
from consulta.db import session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.submissions.models import Submission
from consulta.submissions.queries import holder_of
from consulta.windows.models import Window


@dataclass(frozen=True)
class Retention:
    """How long something is kept. Without a series, or before its window concludes, there is no date."""

    series: DocumentarySeries | None
    begins_on: date | None

    @property
    def ends_on(self) -> date | None:
        """Return the last day of its term."""
        return last_day_kept(self.begins_on, self._years) if self.begins_on and self.series else None

    @property
    def disposal_from(self) -> date | None:
        """Return the first day on which it may be disposed of; None for what is kept for good, too."""
        if self.series is None or self.begins_on is None or self.is_permanent:
            return None
        return first_day_of_disposal(self.begins_on, self._years)

    @property
    def is_permanent(self) -> bool:
        """Say whether it goes to the historical archive and is never disposed of."""
        return self.series is not None and self.series.destination == FinalDestination.PERMANENT

    @property
    def _years(self) -> int:
        return self.series.active_years + self.series.concentration_years if self.series is not None else 0


class Retentions:
    """Tells how long submissions and windows are kept, asking once for the series of each government."""

    def __init__(self) -> None:
        self._filed: dict[int, tuple[dict[str, DocumentarySeries], dict[int, DocumentarySeries]]] = {}

    def of(self, submission: Submission) -> Retention:
        """Return how long a submission is kept: from its reception in a mailbox, else since its window concluded.

        One that was handed over is filed as its new holder files what comes through that instrument.
        """
        window, holder_id = submission.topic.window, holder_of(submission)
        if window.instrument.permanent:
            begins_on: date | None = _day(submission.received_at, window.government)
        else:
            begins_on = _concluded_on(window)
        return Retention(self._series(window, holder_id), begins_on)

    def of_window(self, window: Window) -> Retention:
        """Return how long what came through a window is kept; of a mailbox each thing has its own day."""
        return Retention(self._series(window, window.government_id), _concluded_on(window))

    def _series(self, window: Window, government_id: int) -> DocumentarySeries | None:
        if government_id not in self._filed:
            self._filed[government_id] = map_assignments(government_id)
        by_instrument, by_window = self._filed[government_id]
        return by_window.get(window.id) or by_instrument.get(window.instrument_key)


def check_terms(submissions: Iterable[Submission], *, government_id: int, now: datetime) -> DocumentarySeries:
    """Return the one series of submissions whose term has run.

    Raises Refused, naming a folio and the day, when one has no series, is kept for good, has a term that did not
    begin or did not run, or is filed in another series than the others: a disposal names one.
    """
    today = _day(now, session().get_one(Government, government_id))
    told = Retentions()
    found: list[DocumentarySeries] = []
    for submission in submissions:
        kept = told.of(submission)
        found.append(_check_one(submission, kept, today))
    first = found[0]
    other = next((item for item in found if item.id != first.id), None)
    if other is not None:
        both = f"{first.code}, {other.code}"
        raise Refused(
            _("Son de series distintas (%(codes)s): proponga una baja por cada serie.", codes=both), field="folios"
        )
    return first


def _check_one(submission: Submission, kept: Retention, today: date) -> DocumentarySeries:
    folio = submission.folio
    if kept.series is None:
        raise Refused(
            _("%(folio)s no tiene serie documental: elíjala en Series y plazos.", folio=folio), field="folios"
        )
    if kept.is_permanent:
        raise Refused(
            _("%(folio)s es de conservación permanente (%(code)s).", folio=folio, code=kept.series.code), field="folios"
        )
    if kept.disposal_from is None:
        raise Refused(
            _("%(folio)s: su consulta no ha concluido, y su plazo empieza entonces.", folio=folio), field="folios"
        )
    if today < kept.disposal_from:
        raise Refused(
            _(
                "%(folio)s se conserva hasta el %(last)s (serie %(code)s): se puede dar de baja desde el %(day)s.",
                folio=folio,
                last=f"{kept.ends_on:%d/%m/%Y}",
                code=kept.series.code,
                day=f"{kept.disposal_from:%d/%m/%Y}",
            ),
            field="folios",
        )
    return kept.series


def list_dated(windows: Sequence[Window]) -> list[tuple[Window, Retention]]:
    """Return how long what came through each window is kept."""
    told = Retentions()
    return [(window, told.of_window(window)) for window in windows]


def _concluded_on(window: Window) -> date | None:
    ended_at = window.concluded_at or window.annulled_at
    return _day(ended_at, window.government) if ended_at is not None else None


def _day(instant: datetime, government: Government) -> date:
    return instant.astimezone(ZoneInfo(government.timezone)).date()
