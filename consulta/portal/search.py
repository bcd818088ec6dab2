"""The search page: a form that stays in the address, and results that were read again before they are shown."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from consulta.agencies.models import Government
from consulta.agencies.queries import list_agencies, list_governments
from consulta.finding.asking import LAST_PAGE, Asked, read_day, read_page
from consulta.finding.findables import HANDED_IN, Findable
from consulta.finding.results import Results, search
from consulta.finding.states import FoundKind
from consulta.i18n.labels import label
from consulta.i18n.text import _, shipped
from consulta.referrals.states import Disposition
from consulta.search.current import current_index
from consulta.search.query import LONGEST
from consulta.web.access import EVERYBODY, access
from consulta.web.context import services
from consulta.web.filters import sentence
from consulta.windows.queries import list_instruments

blueprint = Blueprint("search", __name__)
NEWEST = "fecha"
FIELDS = ("q", "instrumento", "gobierno", "dependencia", "desde", "hasta", "sentido", "orden", "exacta")


@blueprint.get("/buscar")
@access(EVERYBODY)
def find() -> str:
    """Look for words in what is public."""
    errors: dict[str, str] = {}
    asked = read_asked(request.args, errors)
    wanted = asked.request(services().settings.timezone)
    found = search(current_index(), wanted) if wanted.query and not errors else Results((), 0, has_more=False)
    kept = urlencode({name: value for name, value in _kept().items() if name != "orden"})
    is_followable = bool(wanted.query) and not errors
    governments, instruments = list_governments(), [*list_instruments(), *list_instruments(permanent=True)]
    return render_template(
        "portal/search.html",
        asked=asked,
        found=found,
        errors=errors,
        is_understood=bool(wanted.query),
        longest=LONGEST,
        named_instruments=[(item.key, item.name) for item in instruments],
        governments=governments,
        named_governments=[(item.key, item.name) for item in governments],
        named_agencies=_named_agencies(governments),
        named_dispositions=[(item.value, label("disposition", item)) for item in Disposition],
        kind_of=_kind_of,
        values={name: request.args.get(name, "") for name in FIELDS},
        pages=_pages(asked, found),
        exact_address=f"/buscar?{urlencode({**_kept(), 'exacta': 'si'})}",
        feed=f"/buscar/atom.xml?{kept}" if is_followable else "",
        follow=f"/avisos?{kept}",
        open_address=f"/buscar?{urlencode({'q': asked.text})}",
    )


def _named_agencies(governments: Sequence[Government]) -> list[tuple[str, str]]:
    return [(f"{one.key}/{agency.key}", agency.name) for one in governments for agency in list_agencies(one.id)]


def read_asked(given: Mapping[str, str], errors: dict[str, str]) -> Asked:
    """Return what the fields of the page ask for; what cannot be read is told in `errors`, by field."""
    disposition = given.get("sentido", "")
    return Asked(
        text=given.get("q", "").strip()[:LONGEST],
        instrument=given.get("instrumento", ""),
        government=given.get("gobierno", ""),
        agency=given.get("dependencia", ""),
        disposition=disposition if disposition in list(Disposition) else "",
        since=_day(given, "desde", errors),
        until=_day(given, "hasta", errors),
        newest_first=given.get("orden") == NEWEST,
        page=read_page(given.get("pagina", "")),
        is_exact=given.get("exacta") == "si",
    )


def _day(given: Mapping[str, str], name: str, errors: dict[str, str]) -> date | None:
    try:
        return read_day(given.get(name, ""))
    except ValueError:
        errors[name] = _("Escriba la fecha como año, mes y día: 2026-06-12.")
        return None


def _kind_of(found: Findable) -> str:
    """Return what a result is, as its own page calls it."""
    if found.kind in HANDED_IN:
        return label("kind", found.row.kind)
    instrument = found.window.instrument
    return sentence(shipped(instrument.topic_noun)) if found.kind == FoundKind.TOPIC else shipped(instrument.name)


def _pages(asked: Asked, found: Results) -> dict[str, str]:
    """Return the addresses of the pages before and after, by the word that relates them."""
    numbers = {"prev": asked.page - 1, "next": asked.page + 1 if found.has_more else 0}
    near = {name: number for name, number in numbers.items() if 1 <= number <= LAST_PAGE}
    return {name: "?" + urlencode({**_kept(), "pagina": number}) for name, number in near.items()}


def _kept() -> dict[str, str]:
    """Return what was asked for, for another address of the same search."""
    return {name: request.args[name] for name in FIELDS if request.args.get(name)}
