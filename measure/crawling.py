"""Which pages there are: breadth-first over the links of a served instance, look-alikes collapsed."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import APIRequestContext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from consulta.app import create_app
from consulta.config import Settings

# The public addresses of the interface; those that do not exist yet are left out.
ADDRESSES = [
    "/",
    "/consultas",
    "/agenda-regulatoria",
    "/analisis-de-impacto",
    "/evaluacion-ex-post",
    "/programas-de-mejora",
    "/agenda-de-simplificacion",
    "/cabildo-abierto",
    "/buzones",
    "/seguimiento",
    "/tablero",
    "/resultados",
    "/datos",
    "/buscar",
    "/bitacora",
    "/verificar",
    "/estrados",
    "/calendario",
    "/carta-compromiso",
    "/privacidad",
    "/accesibilidad",
    "/ayuda",
    "/entrar",
    "/recuperar",
]
STAFF_ADDRESSES = ["/bandeja", "/captura", "/coordinacion", "/administracion", "/mi-cuenta", "/cuenta"]
# Downloads, machine interfaces, and the act of leaving.
NOT_PAGES = re.compile(
    r"^(/en)?(/datos/.+\.\w+|/bandeja/archivos/|/folio/[^/]+/archivos/|/salir|/api/|/salud/|/static/|/open311)"
    r"|\.(csv|xlsx|docx|json|ics|pdf|zip|xml|parquet)$"
)
PER_RULE = 40
PER_STATE = 2
# Each government wears colours of its own: every one of its front pages is kept.
EACH_ITS_OWN = frozenset({"/gobiernos/<key>"})
TRANSLATED = re.compile(r"^/en(?=/|$)")
CROWDED = 20
# Rows of what is folded away, such as the days of a term, make no page crowded.
ROWS = "article, :not(details) > div > table > tbody > tr"


@dataclass(frozen=True)
class Found:
    """A page that links lead to."""

    address: str
    rule: str
    state: str
    html: str = field(repr=False)
    gzip: bool = False

    @property
    def is_translated(self) -> bool:
        """Say whether it is in another language than Spanish."""
        return TRANSLATED.match(self.address) is not None


class Shapes:
    """Tells the rule behind an address, as the application's own map of addresses has it."""

    def __init__(self, settings: Settings) -> None:
        self.map = create_app(settings).url_map.bind("localhost")

    def rule_of(self, address: str) -> str:
        """Return the rule, with the names of the query's parts; the address's shape where no rule answers."""
        parts = urlsplit(address)
        names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
        prefix = "/en" if TRANSLATED.match(parts.path) else ""
        path = TRANSLATED.sub("", parts.path) or "/"
        return prefix + self._path_rule(path) + (f"?{','.join(names)}" if names else "")

    def _path_rule(self, path: str) -> str:
        try:
            rule, _ = self.map.match(path, method="GET", return_rule=True)
        except RequestRedirect as redirect:
            return self._path_rule(urlsplit(redirect.new_url).path)
        except HTTPException:
            return re.sub(r"/[^/]*\d[^/]*", "/<n>", path)
        assert isinstance(rule, Rule)
        # A rule for any word is no shape: `/cabildo-abierto` and `/agenda-regulatoria` are pages of their own.
        return path if rule.rule.startswith("/<path_segment>") else rule.rule


def crawl(
    base: str,
    visitor: APIRequestContext,
    shapes: Shapes,
    starts: list[str],
    *,
    skip: frozenset[str] = frozenset(),
    per_rule: int = PER_RULE,
    translated: bool = True,
) -> Iterator[Found]:
    """Yield the pages that a visitor reaches from some addresses, at most `per_rule` of each rule not to skip."""
    waiting, seen, fetched = deque(starts), set(starts), Counter[str]()
    while waiting:
        address = waiting.popleft()
        rule = shapes.rule_of(address)
        if rule in skip or fetched[rule] >= per_rule:
            continue
        fetched[rule] += 1
        answer = visitor.get(base + address)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        final = _local(answer.url, base)
        if final is None or (final != address and final in seen):
            continue
        seen.add(final)
        html = answer.text()
        soup = BeautifulSoup(html, "lxml")
        compressed = answer.headers.get("content-encoding", "") == "gzip"
        yield Found(final, shapes.rule_of(final), state_of(soup), html, compressed)
        for link in soup.select("a[href]"):
            target = _local(urljoin(answer.url, str(link["href"])), base)
            if target is not None and target not in seen and _is_page(target, translated):
                seen.add(target)
                waiting.append(target)


def collapse(pages: list[Found]) -> dict[str, Found]:
    """Keep few pages of each rule in each state, under readable names; one of each rule in another language."""
    kept: dict[str, Found] = {}
    counts = Counter[tuple[str, str]]()
    for page in pages:
        key = (page.rule, "" if page.is_translated else page.state)
        counts[key] += 1
        if counts[key] <= (1 if page.is_translated else PER_STATE) or page.rule in EACH_ITS_OWN:
            name = "--".join(part for part in (name_of(page.rule), page.state) if part)
            kept[name if counts[key] == 1 else f"{name}--{counts[key]}"] = page
    return kept


def name_of(rule: str) -> str:
    """Return a name for files from a rule: `/consultas/<slug>/temas/<int:number>` is `consultas-slug-temas-number`."""
    words = re.sub(r"<(?:\w+:)?(\w+)>", r"\1", rule)
    return slug(words) or "inicio"


def slug(words: str) -> str:
    """Return words fit for the name of a file."""
    plain = words.lower().translate(str.maketrans("áéíóúüñ", "aeiouun"))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:90].rstrip("-")


def state_of(soup: BeautifulSoup) -> str:
    """Return in what state a page is: its heading's tags, empty, crowded, answered, warned."""
    main = soup.main or soup
    words = [slug(tag.get_text(" ")) for tag in main.select("[class*=tag]") if _is_of_page(tag)][:2]
    marks = {
        "empty": main.select_one(".empty") is not None,
        "crowded": main.select_one("[rel=next]") is not None or len(main.select(ROWS)) > CROWDED,
        "answered": main.select_one(".answer") is not None,
        "warned": main.select_one(".notice--warn") is not None,
        "closing-today": "cierra hoy" in main.get_text(" "),
    }
    return "-".join(dict.fromkeys([*words, *(name for name, on in marks.items() if on)]))


def _is_of_page(tag: Tag) -> bool:
    classes = " ".join(tag.get_attribute_list("class"))
    return re.search(r"\btag\b", classes) is not None and tag.find_parent(["li", "tr", "article", "details"]) is None


def _is_page(address: str, translated: bool) -> bool:
    path = urlsplit(address).path
    return not NOT_PAGES.search(path) and (translated or not TRANSLATED.match(path))


def _local(url: str, base: str) -> str | None:
    parts = urlsplit(urldefrag(url).url)
    if f"{parts.scheme}://{parts.netloc}" != base:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
