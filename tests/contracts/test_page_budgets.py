"""What a page may weigh and fetch: a cracked phone with little signal is the measure."""

import gzip
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from flask.testing import FlaskClient

from consulta.db import unit_of_work
from consulta.moderation.operations import publish_text
from consulta.referrals.routing import refer_by_topic
from tests.builders import World, a_submission, an_answered
from tests.clock import START
from tests.html_check import Page

PAGE_BYTES = 14 * 1024
WHOLE_BYTES = 60 * 1024
REQUESTS = 5
TEXT = (
    "Propongo que la revisión de los vehículos sea cada tres meses y no cada año, porque los frenos se gastan "
    "antes en las calles empinadas del centro. La unidad número {n} se descompuso dos veces en marzo. "
)
HANDLERS = ("onclick", "onload", "onerror", "onsubmit", "onchange", "oninput")

pytestmark = pytest.mark.usefixtures("scope")


@pytest.fixture
def busy_world(world: World) -> World:
    """A world with sixty published comments in one topic, some of them answered."""
    submissions = [a_submission(world.topics["open"], START, draft={"text": TEXT.format(n=n) * 2}) for n in range(58)]
    with unit_of_work():
        for submission in submissions:
            publish_text(submission=submission, actor=world.actors["moderator"], now=START)
            refer_by_topic({"folio": submission.folio}, START)
    for _ in range(2):
        an_answered(world, START)
    return world


def crawl(client: FlaskClient) -> Iterator[tuple[str, Page]]:
    """Yield every page of HTML that links lead to from the home page of each language."""
    waiting = ["/", "/en/"]
    seen = set(waiting)
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code == 200, address
        if not response.content_type.startswith("text/html"):
            response.close()
            continue
        page = Page(response.text)
        yield address, page
        for link in page.links:
            parts = urlsplit(urljoin(f"http://localhost{address}", link))
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.hostname == "localhost" and target not in seen:
                seen.add(target)
                waiting.append(target)


def needed(page: Page) -> list[str]:
    """Return the addresses that a page makes the browser fetch."""
    # A feed is offered beside the page; no browser fetches it by itself.
    found = [element.attrib["href"] for element in page.all("link") if element.attrib["rel"] != "alternate"]
    for element in page.all("script", "img", "iframe", "source", "video", "audio", "embed"):
        assert "src" in element.attrib, "a script inside the page"
        # A lazy picture inside a closed part of the page is fetched only when the reader opens it.
        if element.attrib.get("loading") != "lazy":
            found.append(element.attrib["src"])
    return found


def test_every_public_page_keeps_its_budget(client: FlaskClient, busy_world: World) -> None:
    weights = {}
    crawled = []

    for address, page in crawl(client):
        crawled.append(address)
        files = needed(page)
        for name in files:
            assert name.startswith("/static/"), f"{address} fetches {name} from elsewhere"
            if name not in weights:
                with client.get(name) as response:
                    assert response.status_code == 200
                    weights[name] = len(gzip.compress(response.data))
        weight = len(gzip.compress(page.html.encode()))
        assert weight <= PAGE_BYTES, f"{address} weighs {weight} bytes compressed"
        whole = weight + sum(weights[name] for name in files)
        assert whole <= WHOLE_BYTES, f"{address} with its files weighs {whole} bytes"
        assert 1 + len(set(files)) <= REQUESTS, f"{address} needs {files}"
        assert not page.all("style"), address
        for element in page.root.iter():
            assert not {"style", *HANDLERS} & set(element.attrib), (address, element.attrib)

    topic = f"/consultas/{busy_world.slugs['open']}/temas/1"
    assert {
        "/consultas",
        "/tablero",
        "/datos",
        "/seguimiento",
        "/estrados",
        "/gobiernos/guanajuato/privacidad",
        topic,
    } <= set(crawled)
    assert len([address for address in crawled if re.fullmatch(r"/folio/[^/]+", address)]) == 60
    assert len([address for address in crawled if address.startswith(f"{topic}?desde=")]) == 2
