"""How easy the texts for citizens are to read: every public page and every mail, by Fernández-Huerta."""

import re
from collections.abc import Iterable
from typing import Any

from bs4 import BeautifulSoup, Tag

from measure.demo_site import PUBLIC, Site, demonstration
from measure.gallery import acts, pages, walk
from measure.spanish import fernandez_huerta, sentences_of, words_of

WANTED = 60
FEWEST_WORDS = 40
# What citizens and officials wrote, citations of law, folios, figures, and what leads elsewhere.
LEFT_OUT = (
    "nav, table, small, article, script, svg, button, select, input, textarea, code, blockquote, "
    ".answer, .comment, .comment__text, .folio, .breadcrumb, .visually-hidden, [hidden], [lang]:not([lang^=es])"
)
BLOCKS = "p, li, h1, h2, h3, h4, dt, dd, div, section, legend, label, summary, caption, fieldset, form, br, hr, aside"
FOLIO = re.compile(r"\b[A-Z]{2,6}-\d{4}-[0-9A-Z-]+\b")


def run() -> dict[str, Any]:
    """Score every public page, every state of one, and every kind of mail."""
    with demonstration() as site:
        spanish = [view for view in pages(site, []) if view.found is not None and not view.found.is_translated]
        written = {view.name: view.found.html for view in spanish if view.found is not None}
        texts = unlike({name: main_text(html) for name, html in {**written, **act_pages(site)}.items()})
        texts |= mail_texts(site, answers_in(written.values()))
    found = [measured(name, text) for name, text in texts.items() if len(words_of(text)) >= FEWEST_WORDS]
    found.sort(key=lambda item: float(item["score"]))
    low = [item for item in found if item["score"] < WANTED]
    return {
        "n": len(found),
        "formula": "206.84 - 60 P - 1.02 F",
        "wanted": WANTED,
        "lowest": found[0]["score"],
        "median": found[len(found) // 2]["score"],
        "below": len(low),
        "too_short_to_score": sorted(name for name, text in texts.items() if len(words_of(text)) < FEWEST_WORDS),
        "texts": [item if item["score"] < WANTED else _short(item) for item in found],
        "reached": not low,
    }


def act_pages(site: Site) -> dict[str, str]:
    """Return the pages that a visitor sees only after an act, such as a receipt or an error."""
    visits = walk(site, [view for view in acts(site) if view.role == PUBLIC])
    return {visit.view.name: visit.page.content() for visit in visits if not visit.why}


def unlike(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts, equal ones once."""
    names = {text: name for name, text in reversed(texts.items())}
    return {name: text for name, text in texts.items() if names[text] == name}


def main_text(html: str) -> str:
    """Return the words of the content, each block on a line of its own, without what others wrote."""
    soup = BeautifulSoup(html, "lxml")
    main = soup.main or soup
    for element in main.select(LEFT_OUT):
        if not element.decomposed:
            element.decompose()
    for block in main.select(BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    lines = (" ".join(line.split()) for line in main.get_text().replace("\xa0", " ").split("\n"))
    return "\n".join(line for line in lines if line)


def mail_texts(site: Site, answers: set[str]) -> dict[str, str]:
    """Return one mail of each kind, without the answer that an official wrote."""
    context = site.context()
    page = context.new_page()
    page.goto(f"{site.base}/desarrollo/correo")
    soup = BeautifulSoup(page.content(), "lxml")
    context.close()
    texts: dict[str, str] = {}
    for item in soup.select("main li"):
        subject, body = item.find(["h2", "h3"]), item.select_one(".comment__text, pre, .mail")
        if isinstance(subject, Tag) and isinstance(body, Tag):
            kind = FOLIO.sub("", subject.get_text()).strip(" :")
            kept = [line.strip() for line in body.get_text().splitlines() if line.strip() not in answers]
            texts.setdefault(f"correo: {kind}", "\n".join([subject.get_text(), *kept]))
    return texts


def answers_in(pages_of_html: Iterable[str]) -> set[str]:
    """Return the lines of the answers that are published, to leave them out of mails."""
    return {
        line.strip()
        for html in pages_of_html
        for text in BeautifulSoup(html, "lxml").select(".answer .comment__text")
        for line in text.get_text().splitlines()
    }


def measured(name: str, text: str) -> dict[str, Any]:
    """Return the score of a text, with its hardest sentences."""
    score = fernandez_huerta(text)
    long_enough = [sentence for sentence in sentences_of(text) if len(words_of(sentence)) > 7]
    hardest = sorted(long_enough, key=lambda sentence: fernandez_huerta(sentence).value)[:5]
    return {
        "name": name,
        "score": score.value,
        "words": score.words,
        "words_per_sentence": round(score.words / max(1, score.sentences), 1),
        "syllables_per_word": round(score.syllables / max(1, score.words), 2),
        "hardest": [f"{fernandez_huerta(sentence).value}: {sentence}" for sentence in hardest],
    }


def _short(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("name", "score", "words")}
