"""From answers about oneself to tables that may be published. Raw counts never leave this module."""

from sqlalchemy import func, select

from consulta.db import session
from consulta.disclosure import Policy, PublishableTable, RawTable, follow, protect
from consulta.submissions.models import Demographics
from consulta.submissions.states import Behalf
from consulta.submissions.territory import ELSEWHERE, municipalities
from consulta.windows.models import Window
from consulta.windows.questions import BY_KEY, MUNICIPALITY, ORGANIZATION_KIND, USUAL

# Crossed with the first question: only what reach is compared by. More crosses would say little and open much.
CROSSED = USUAL


def count_people(window: Window, policy: Policy, previous: PublishableTable | None = None) -> PublishableTable:
    """Return what may be published of the people whose opinions a window has, following what was published before."""
    names = tuple(window.questions)
    if not names:
        names = USUAL[:1]
    raw = _raw(window.id, names, Behalf.SELF)
    return protect(raw, policy) if previous is None else follow(previous, raw, policy)


def count_organizations(window: Window, policy: Policy, previous: PublishableTable | None = None) -> PublishableTable:
    """Return the same of organisations, by their kind."""
    raw = _raw(window.id, (ORGANIZATION_KIND,), Behalf.ORGANIZATION)
    return protect(raw, policy) if previous is None else follow(previous, raw, policy)


def count_opinions(window: Window) -> int:
    """Return how many opinions of people have left the buffer of a window; it is not shown."""
    mine = Demographics.window_id == window.id, Demographics.behalf == Behalf.SELF
    return session().scalar(select(func.count()).select_from(Demographics).where(*mine)) or 0


def _raw(window_id: int, names: tuple[str, ...], behalf: Behalf) -> RawTable:
    columns = [getattr(Demographics, name) for name in names]
    rows = session().execute(
        select(*columns, func.count())
        .where(Demographics.window_id == window_id, Demographics.behalf == behalf)
        .group_by(*columns)
    )
    counts = {tuple(row[:-1]): row[-1] for row in rows}
    return RawTable(names, {name: values_of(name) for name in names}, counts, crossed=CROSSED)


def values_of(name: str) -> tuple[str, ...]:
    """Return the catalogue of a question, without the silence."""
    return (*municipalities(), ELSEWHERE) if name == MUNICIPALITY else BY_KEY[name].values
