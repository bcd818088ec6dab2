"""What RFC 4287 demands of a feed, written from the document and not from the product."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
ONCE = ("id", "title", "updated")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
KNOWN_FEED = {"author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle"}
KNOWN_FEED |= {"title", "updated", "entry"}
KNOWN_ENTRY = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source"}
KNOWN_ENTRY |= {"summary", "title", "updated"}


def check_feed(content: bytes) -> etree._Element:
    """Return the feed. Raises AssertionError with the section that it breaks."""
    root = etree.fromstring(content)
    assert root.tag == f"{ATOM}feed", "2"
    _check_known(root, KNOWN_FEED)
    _check_common(root)
    links = [(link.get("rel", "alternate"), link.get("type")) for link in root.findall(f"{ATOM}link")]
    assert [rel for rel, _type in links].count("self") == 1, "4.1.1: SHOULD contain one self link"
    assert len(set(links)) == len(links), "4.1.1: no two alternate links of one type"
    has_author = root.find(f"{ATOM}author") is not None
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        _check_known(entry, KNOWN_ENTRY)
        _check_common(entry)
        assert has_author or entry.find(f"{ATOM}author") is not None, "4.1.2: author"
        assert len(entry.findall(f"{ATOM}published")) <= 1, "4.1.2: published"
        has_content = entry.find(f"{ATOM}content") is not None
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
        assert has_content or alternates, "4.1.2: content or alternate link"
    stamps = [(_text(entry, "id"), _text(entry, "updated")) for entry in entries]
    assert len(set(stamps)) == len(stamps), "4.1.1: two entries with one id need different updated"
    for person in [*root.iter(f"{ATOM}author")]:
        assert _text(person, "name"), "3.2.1"
    for link in root.iter(f"{ATOM}link"):
        assert urlsplit(link.attrib["href"]).scheme in ("http", "https"), "4.2.7.1"
    for element in [*root.iter(f"{ATOM}updated"), *root.iter(f"{ATOM}published")]:
        assert INSTANT.fullmatch(element.text or ""), "3.3"
        datetime.fromisoformat(str(element.text))
    for element in root.iter(f"{ATOM}content"):
        assert element.get("type", "text") == "text", "3.1.1"
        assert len(element) == 0, "3.1.1.1: no children"
    return root


def titles(root: etree._Element) -> list[str]:
    """Return the titles of the entries."""
    return [_text(entry, "title") for entry in root.findall(f"{ATOM}entry")]


def ids(root: etree._Element) -> list[str]:
    """Return the names of the entries."""
    return [_text(entry, "id") for entry in root.findall(f"{ATOM}entry")]


def _check_common(element: etree._Element) -> None:
    for name in ONCE:
        assert len(element.findall(f"{ATOM}{name}")) == 1, f"4.1: exactly one {name}"
    assert re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", _text(element, "id")), "4.2.6: an absolute IRI"


def _check_known(element: etree._Element, known: set[str]) -> None:
    unknown = {str(child.tag) for child in element} - {f"{ATOM}{name}" for name in known}
    assert not unknown, f"not in the document: {unknown}"


def _text(element: etree._Element, name: str) -> str:
    found = element.find(f"{ATOM}{name}")
    return str(found.text or "") if found is not None else ""
