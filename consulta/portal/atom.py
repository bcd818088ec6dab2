"""Feeds as Atom (RFC 4287): a tree that the library writes, so that no text can break it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from consulta.following.news import News

NAMESPACE = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
MEDIA_TYPE = "application/atom+xml"
# What XML 1.0 cannot carry, however it is written.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An empty feed must say when it changed; this never changes.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
# The year since which the names are given out (RFC 4151).
NAMED_SINCE = "2026"


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself.

    Attributes:
        key: names it for good.
        title: what it is about.
        author: who answers for it.
        self_address: its own address, whole.
        page_address: the page that shows the same, whole.
        language: tag of its texts.
        public_url: of the instance.
        base: what stands before the address of a page in the language of the feed.
    """

    key: str
    title: str
    author: str
    self_address: str
    page_address: str
    language: str
    public_url: str
    base: str

    def name(self, key: str) -> str:
        """Return a `tag:` URI (RFC 4151): the same for good, wherever the pages go."""
        host = self.public_url.split("://", 1)[1].split("/", 1)[0].split(":", 1)[0]
        return f"tag:{host},{NAMED_SINCE}:{quote(key, safe=':/')}"


def as_atom(feed: Feed, news: Sequence[News]) -> bytes:
    """Return a feed with its entries, as UTF-8."""
    root = etree.Element(_tag("feed"), nsmap={None: NAMESPACE})
    root.set(f"{{{XML}}}lang", feed.language)
    _add(root, "id", feed.name(feed.key))
    _add(root, "title", feed.title)
    _add(root, "updated", _instant(max((one.updated_at for one in news), default=NEVER)))
    _link(root, "self", feed.self_address, MEDIA_TYPE)
    _link(root, "alternate", feed.page_address, "text/html")
    _add(etree.SubElement(root, _tag("author")), "name", feed.author)
    for one in news:
        _entry(root, feed, one)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _entry(root: etree._Element, feed: Feed, one: News) -> None:
    entry = etree.SubElement(root, _tag("entry"))
    _add(entry, "id", feed.name(one.key))
    _add(entry, "title", one.title)
    _add(entry, "published", _instant(one.published_at))
    _add(entry, "updated", _instant(one.updated_at))
    is_page = not one.address.endswith(".pdf")
    _link(entry, "alternate", feed.base + one.address, "text/html" if is_page else "application/pdf")
    _add(etree.SubElement(entry, _tag("author")), "name", one.author)
    etree.SubElement(entry, _tag("category")).set("term", one.kind.value)
    if one.text:
        _add(entry, "content", one.text).set("type", "text")


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, _tag(name))
    element.text = UNWRITABLE.sub("", text)
    return element


def _link(parent: etree._Element, relation: str, address: str, media_type: str) -> None:
    link = etree.SubElement(parent, _tag("link"))
    link.set("rel", relation)
    link.set("type", media_type)
    link.set("href", UNWRITABLE.sub("", address))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
