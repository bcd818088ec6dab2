"""What every page owes its reader, read from the bytes: valid HTML, one heading, labels, links that stay here."""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

CONTROLS = ("input", "select", "textarea")
WITHOUT_LABEL = ("hidden", "submit", "button")
INLINE = ("a", "code", "em", "small", "span", "strong", "time")
LOCAL = ("/", "#", "?")
ELSEWHERE = ("sms:", "mailto:", "tel:", "https:")


class Page:
    """A parsed page. Raises AssertionError with what is wrong when it is not a good one."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root = _parse(html)
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.ids = [element.attrib["id"] for element in self.root.iter() if "id" in element.attrib]
        self._check()

    def all(self, *names: str) -> list[Element]:
        """Return every element with one of these names, in the order of the page."""
        return [element for element in self.root.iter() if element.tag in names]

    def by_id(self, wanted: str) -> Element:
        """Return the element with an id."""
        return next(element for element in self.root.iter() if element.attrib.get("id") == wanted)

    def by_class(self, wanted: str) -> list[Element]:
        """Return the elements with a class."""
        return [element for element in self.root.iter() if wanted in element.attrib.get("class", "").split()]

    @property
    def title(self) -> str:
        """The words of the title."""
        return words(self.all("title")[0])

    @property
    def heading(self) -> str:
        """The words of the only h1."""
        return words(self.all("h1")[0])

    @property
    def main(self) -> str:
        """The words of the content."""
        return words(self.all("main")[0])

    @property
    def links(self) -> list[str]:
        """Every address that the page links to, itself in another language apart."""
        found = [element.attrib for element in self.all("a") if "hreflang" not in element.attrib]
        return [attributes["href"] for attributes in found if "href" in attributes]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """`(id, message)` of the error summary: where each link leads and what it says."""
        return [
            (link.attrib["href"].removeprefix("#"), words(link))
            for summary in self.by_class("error-summary")
            for link in summary.iter("a")
        ]

    def fields(self) -> dict[str, Any]:
        """What the browser would send from the form of the content, buttons apart: repeated names as lists."""
        found: dict[str, Any] = {}
        for element in self.all("main")[0].iter():
            if element.tag not in CONTROLS or "name" not in element.attrib:
                continue
            value = _value(element)
            if value is not None:
                found.setdefault(element.attrib["name"], []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    def _check(self) -> None:
        assert len(self.all("h1")) == 1, f"{len(self.all('h1'))} h1"
        assert self.title.split("·")[0].strip(), "empty title"
        assert len(self.ids) == len(set(self.ids)), f"repeated id: {sorted(self.ids)}"
        assert self.root.attrib.get("lang") in ("es-MX", "en")
        labelled = {element.attrib["for"] for element in self.all("label") if "for" in element.attrib}
        for element in self.all(*CONTROLS):
            if element.attrib.get("type") not in WITHOUT_LABEL:
                assert element.attrib.get("id") in labelled or self._inside_label(element), element.attrib
        for address in [element.attrib["href"] for element in self.root.iter() if "href" in element.attrib]:
            assert address.startswith((*LOCAL, *ELSEWHERE)), address
            assert not address.startswith("//"), address
            assert not address.startswith("#") or address[1:] in self.ids, f"leads nowhere: {address}"
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for element in self.root.iter():
                for wanted in element.attrib.get(name, "").split():
                    assert wanted in self.ids, f"{name}={wanted}"

    def _inside_label(self, element: Element) -> bool:
        while element in self.parents:
            element = self.parents[element]
            if element.tag == "label":
                return True
        return False


def words(element: Element) -> str:
    """Return the words of an element, spaces collapsed; blocks stand apart."""
    return " ".join("".join(_pieces(element)).split())


def check_pages(pages: Iterable[str]) -> None:
    """Check many pages."""
    for html in pages:
        Page(html)


def _parse(html: str) -> Element:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    assert not parser.errors, [(where, code, html[max(0, where[1] - 80) :][:160]) for where, code, _ in parser.errors]
    return root


def _pieces(element: Element) -> Iterator[str]:
    space = "" if element.tag in INLINE else " "
    yield space + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield space


def _value(element: Element) -> str | None:
    kind = element.attrib.get("type")
    if kind in ("file", "submit"):
        return None
    if kind in ("radio", "checkbox") and "checked" not in element.attrib:
        return None
    if element.tag == "select":
        chosen = [option for option in element.iter("option") if "selected" in option.attrib]
        return chosen[0].attrib.get("value", "") if chosen else ""
    if element.tag == "textarea":
        return element.text or ""
    return element.attrib.get("value", "")
