"""What every public page weighs on a first visit: its bytes, its requests and where they go."""

import gzip
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import APIRequestContext, Page

from measure.crawling import ADDRESSES, Found, Shapes, collapse, crawl
from measure.demo_site import Site, demonstration
from measure.traffic import listen

PAGE_BYTES = 14 * 1024
WHOLE_BYTES = 60 * 1024
REQUESTS = 5
PER_RULE = 200


@dataclass(frozen=True)
class Weight:
    """A page's weight: its HTML compressed, everything compressed, and what really crossed the line."""

    address: str
    html: int
    whole: int
    transferred: int
    requests: int
    origins: int

    @property
    def faults(self) -> list[str]:
        """Which budgets it breaks."""
        broken = {
            f"HTML of {self.html} bytes": self.html > PAGE_BYTES,
            f"{self.whole} bytes in all": self.whole > WHOLE_BYTES,
            f"{self.requests} requests": self.requests > REQUESTS,
            f"{self.origins} origins": self.origins > 1,
        }
        return [f"{self.address}: {fault}" for fault, is_broken in broken.items() if is_broken]


def public_pages(site: Site, *, translated: bool = True) -> list[Found]:
    """Return every public page that links lead to."""
    context, shapes = site.context(), Shapes(site.instance.settings)
    found = list(crawl(site.base, context.request, shapes, list(ADDRESSES), per_rule=PER_RULE, translated=translated))
    context.close()
    return found


def weigh(site: Site, found: list[Found]) -> list[Weight]:
    """Open pages with a cold cache and weigh each."""
    sizes: dict[str, int] = {}
    context = site.context()
    page = context.new_page()
    weights = [_weigh_one(site, page, item, sizes) for item in found]
    context.close()
    return weights


def heavy_html(found: list[Found]) -> list[str]:
    """Return which pages have too much HTML; needs no browser, so that every page can be asked."""
    sizes = ((item.address, len(gzip.compress(item.html.encode()))) for item in found)
    return [f"{address}: HTML of {size} bytes" for address, size in sizes if size > PAGE_BYTES]


def run() -> dict[str, Any]:
    """Weigh the HTML of every public page, and all that the browser fetches for each kind of page in each state."""
    with demonstration() as site:
        found = public_pages(site)
        weights = weigh(site, list(collapse(found).values()))
    faults = sorted({*heavy_html(found), *(fault for weight in weights for fault in weight.faults)})
    heaviest = max(weights, key=lambda weight: weight.whole)
    return {
        "n": len(found),
        "opened_with_cold_cache": len(weights),
        "budgets": {"html": PAGE_BYTES, "whole": WHOLE_BYTES, "requests": REQUESTS, "origins": 1},
        "html_largest": max(len(gzip.compress(item.html.encode())) for item in found),
        "whole_median": median(weight.whole for weight in weights),
        "whole_largest": heaviest.whole,
        "heaviest": heaviest.address,
        "transferred_largest": max(weight.transferred for weight in weights),
        "requests_most": max(weight.requests for weight in weights),
        "origins_most": max(weight.origins for weight in weights),
        "compressed_by_the_server": all(item.gzip for item in found),
        "faults": faults,
        "reached": not faults,
    }


def _weigh_one(site: Site, page: Page, item: Found, sizes: dict[str, int]) -> Weight:
    traffic = listen(page)
    traffic.forget_cache()
    page.goto(site.base + item.address, wait_until="load")
    # What a script or the tab's icon asks for once the page is there.
    page.wait_for_timeout(60)
    html = len(gzip.compress(item.html.encode()))
    urls = list(traffic.requests.values())
    files = sum(_file_size(page.context.request, url, sizes) for url in set(urls) if url != page.url)
    weight = Weight(item.address, html, html + files, traffic.received, len(urls), len(traffic.origins))
    traffic.session.detach()
    return weight


def _file_size(visitor: APIRequestContext, url: str, sizes: dict[str, int]) -> int:
    if url not in sizes:
        sizes[url] = len(gzip.compress(visitor.get(url).body()))
    return sizes[url]
