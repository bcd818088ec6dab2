"""Preparing the papers of a closing in one step, reviewing them, and issuing them."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from hashlib import sha256

from consulta.actors import Actor
from consulta.agencies.models import Agency
from consulta.db import lock_exclusive, session
from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.record.operations import append_leaf
from consulta.record.rules import canonical, plain
from consulta.reports.feedback import compile_feedback
from consulta.reports.figures import count_agency, count_window, list_agencies_with_comments
from consulta.reports.models import ClosingPaper
from consulta.reports.queries import list_closed_without_papers, list_papers
from consulta.reports.states import PaperKind
from consulta.reports.values import place_values
from consulta.reports.wordings import LONGEST_NAME, Wording, check_wording, fill, wording_of
from consulta.windows.models import Window
from consulta.windows.operations import check_coordinator, status_of
from consulta.windows.states import WindowStatus

ENDED = (WindowStatus.CLOSED, WindowStatus.CONCLUDED, WindowStatus.ANNULLED)
LONGEST_NUMBER = 80
AT_ONCE = 5


def prepare_papers(*, window: Window, actor: Actor | None, now: datetime) -> Sequence[ClosingPaper]:
    """Prepare every paper of a window that has closed, in one step; those not issued yet are counted again.

    Effects: the record of the closing, a letter per agency that has comments, the certificate that there were none
    where that is so, and what is given back. What a person wrote in them stays. `actor` None: the worker, at closing.
    Raises Refused before it has closed, Forbidden for others than its coordination.
    """
    if actor is not None:
        check_coordinator(actor, window.government_id)
    if window.instrument.permanent or status_of(window, now) not in ENDED:
        raise Refused(_("Los papeles se preparan cuando la consulta cierra."))
    lock_exclusive(f"papers:{window.id}")
    counted = count_window(window, now)
    known = list_papers(window.id)
    wanted: list[tuple[PaperKind, Agency | None]] = [(PaperKind.MINUTES, None)]
    if not counted["received"]:
        wanted.append((PaperKind.NO_COMMENTS, None))
    wanted += [(PaperKind.LETTER, agency) for agency in list_agencies_with_comments(window)]
    wanted.append((PaperKind.FEEDBACK, None))
    for kind, agency in wanted:
        content = {**counted, **(count_agency(window, agency) if agency else {})}
        if kind == PaperKind.FEEDBACK:
            content |= compile_feedback(window)
        paper = _open_paper(known, kind, agency) or _begin(window, known, kind, agency)
        paper.content, paper.counted_at = plain(content), now
        session().add(paper)
    session().flush()
    return list_papers(window.id)


def prepare_closed(now: datetime) -> None:
    """Prepare the papers of the windows that closed since the last time. Runs in a unit of work of the worker."""
    for window in list_closed_without_papers(now, AT_ONCE):
        prepare_papers(window=window, actor=None, now=now)


def edit_paper(*, paper: ClosingPaper, number: str, wording: Wording, actor: Actor, now: datetime) -> None:
    """Write number, texts and signer of a paper that is not issued. Raises Refused at the field to correct."""
    _begin_change(paper, actor)
    kept = check_wording(wording)
    if len(number.strip()) > LONGEST_NUMBER:
        raise Refused(_("Lleva hasta %(n)s caracteres.", n=LONGEST_NUMBER), field="number")
    paper.number = number.strip()
    for name, text in asdict(kept).items():
        setattr(paper, name, text)
    paper.window.updated_at = now
    session().flush()


def issue_paper(*, paper: ClosingPaper, actor: Actor, now: datetime) -> None:
    """Issue a paper: its text is fixed with everything filled in, and its leaf commits to it.

    What is given back to people, the record and the certificate are public from then on; letters are not. Raises
    Refused without number or signer where a paper has them, or when it was issued.
    """
    _begin_change(paper, actor)
    for field, message in list_missing(paper):
        raise Refused(message, field=field)
    values = place_values(paper)
    for name in ("subject", "legal_basis", "body"):
        setattr(paper, name, fill(getattr(paper, name), values))
    paper.issued_at, paper.issued_by_post_id = now, actor.post_id
    paper.digest = sha256(canonical(_issued(paper))).hexdigest()
    content = {"kind": paper.kind, "number": paper.number, "edition": paper.edition, "digest": paper.digest}
    append_leaf(kind="paper.issued", public_id=paper.window.slug, at=now, content={**content, "post_id": actor.post_id})
    paper.window.updated_at = now
    session().flush()


def list_missing(paper: ClosingPaper) -> list[tuple[str, str]]:
    """Return what a paper lacks to be issued, as `(field, what to do)`; what is given back to people needs nothing."""
    if paper.kind == PaperKind.FEEDBACK:
        return []
    needed = (
        ("number", _("Escriba el número con que la oficina lo registra.")),
        ("signer_name", _("Escriba quién lo firma.")),
        ("signer_post", _("Escriba el cargo de quien firma.")),
    )
    return [(field, message) for field, message in needed if not getattr(paper, field).strip()]


def _begin_change(paper: ClosingPaper, actor: Actor) -> None:
    check_coordinator(actor, paper.window.government_id)
    lock_exclusive(f"papers:{paper.window_id}")
    session().refresh(paper)
    if paper.issued_at is not None:
        raise Refused(_("Ese papel ya se emitió y no se cambia: vuelva a prepararlos y saldrá otro."))


def _open_paper(known: Sequence[ClosingPaper], kind: PaperKind, agency: Agency | None) -> ClosingPaper | None:
    return next((paper for paper in _of(known, kind, agency) if paper.issued_at is None), None)


def _of(known: Sequence[ClosingPaper], kind: PaperKind, agency: Agency | None) -> list[ClosingPaper]:
    agency_id = agency.id if agency else None
    return [paper for paper in known if paper.kind == kind and paper.agency_id == agency_id]


def _begin(window: Window, known: Sequence[ClosingPaper], kind: PaperKind, agency: Agency | None) -> ClosingPaper:
    earlier = _of(known, kind, agency)
    last = earlier[-1] if earlier else None
    texts = wording_of(window.government_id, kind)
    paper = ClosingPaper(
        window=window,
        kind=kind,
        agency=agency,
        edition=last.edition + 1 if last else 1,
        number="",
        content={},
        **{field.name: getattr(texts, field.name) for field in fields(Wording)},
    )
    # Whoever signed the one before most probably signs this one.
    if last is not None:
        paper.signer_name, paper.signer_post = last.signer_name[:LONGEST_NAME], last.signer_post[:LONGEST_NAME]
    return paper


def _issued(paper: ClosingPaper) -> dict[str, object]:
    """Return everything that the digest of an issued paper commits to."""
    names = ("kind", "edition", "number", "content", "counted_at", *(field.name for field in fields(Wording)))
    return {**{name: getattr(paper, name) for name in names}, "agency": paper.agency.key if paper.agency else ""}
