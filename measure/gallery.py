"""The gallery: every page in every state for every role, each under a stable name, and how to get to it.

Pages are found by following links; states that need an act (an error, a receipt) are in `measure.states`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from playwright.sync_api import ConsoleMessage, Page, Response
from playwright.sync_api import Error as PlaywrightError

from measure import record_states
from measure.crawling import ADDRESSES, STAFF_ADDRESSES, Found, Shapes, collapse, crawl
from measure.demo_site import PUBLIC, Site
from measure.states import State

# Every state, of visitors and of staff: whichever module registers it.
ALL = record_states.ALL
# What one hands on, the next one finds: an answer sent is there to be signed, then to be published.
ORDER = (PUBLIC, "moderator", "operator", "respondent", "approver", "coordinator")


@dataclass(frozen=True)
class View:
    """A page in a state, for a role."""

    role: str
    name: str
    open: Callable[[Page], None]
    found: Found | None = None

    @property
    def key(self) -> str:
        """The name under which files of it are kept."""
        return f"{self.role}-{self.name}"


def crawl_role(site: Site, shapes: Shapes, role: str, skip: frozenset[str] = frozenset()) -> list[Found]:
    """Return the pages that a role reaches; those of rules to skip are left out."""
    context = site.context(role)
    starts = [*ADDRESSES] if role == PUBLIC else ["/", *STAFF_ADDRESSES]
    found = list(crawl(site.base, context.request, shapes, starts, skip=skip))
    context.close()
    return found


def pages(site: Site, roles: list[str] | None = None) -> list[View]:
    """Return the views that links lead to: everybody's, then what each role sees besides."""
    shapes = Shapes(site.instance.settings)
    public = crawl_role(site, shapes, PUBLIC)
    views = _views(site, PUBLIC, public)
    everybody = frozenset(page.rule for page in public) - {"/"}
    for role in site.roles if roles is None else roles:
        views += _views(site, role, crawl_role(site, shapes, role, everybody))
    return views


def acts(site: Site) -> list[View]:
    """Return the views that need an act."""
    return [View(state.role, state.name, _doing(site, state)) for state in ALL]


def views(site: Site) -> list[View]:
    """Return the whole gallery."""
    return [*pages(site), *acts(site)]


@dataclass(frozen=True)
class Visit:
    """A view, open. `why` says why it was not reached; `problems`, what its browser complained of."""

    view: View
    page: Page
    why: str
    problems: list[str]


def walk(site: Site, gallery: list[View], **options: object) -> Iterator[Visit]:
    """Open each view in a context of its role, in the order in which work is handed on."""
    for role in sorted({view.role for view in gallery}, key=lambda role: (*ORDER, role).index(role)):
        context = site.context(role, **options)
        for view in (view for view in gallery if view.role == role):
            page = context.new_page()
            problems = watch(page, site.base)
            yield Visit(view, page, _try(view, page), problems)
            page.close()
        context.close()


def watch(page: Page, base: str) -> list[str]:
    """Note failed scripts, styles and pictures, errors of the console, and requests that leave for elsewhere."""
    problems: list[str] = []

    def on_response(response: Response) -> None:
        request = response.request
        if response.status >= (500 if request.resource_type == "document" else 400):
            problems.append(f"{response.status} {request.url.removeprefix(base)}")
        if not request.url.startswith((base, "data:", "blob:")):
            problems.append(f"asks elsewhere: {request.url}")

    def on_console(said: ConsoleMessage) -> None:
        # A form refused with 422, or an address without a page, is told by the browser as an error: it is meant.
        if said.type == "error" and "status of 4" not in said.text:
            problems.append(f"console: {said.text}")

    page.on("response", on_response)
    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    return problems


def _try(view: View, page: Page) -> str:
    try:
        view.open(page)
    except (PlaywrightError, LookupError, StopIteration, OSError) as failed:
        return f"{type(failed).__name__}: {str(failed).splitlines()[0]}"
    return ""


def _views(site: Site, role: str, found: list[Found]) -> list[View]:
    return [View(role, name, _opening(site, page.address), page) for name, page in collapse(found).items()]


def _opening(site: Site, address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(site.base + address, wait_until="load")

    return go


def _doing(site: Site, state: State) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        state.act(site, page)
        page.wait_for_load_state("load")

    return act
