"""The HTML of a mail, made of its text: paragraphs, labelled lines, links as buttons. Pure.

One look for every message, without pictures, scripts or anything from another place; who reads only text loses nothing.
"""

import re
from html import escape

LINK = re.compile(r"https?://[^\s<>\"]+")
LABELLED = re.compile(r"([^:\n]{2,40}): (\S.*)")
STYLE = (
    "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:17px;line-height:1.5;"
    "color:#16211f;background:#ffffff;max-width:38em;margin:0 auto;padding:16px"
)
BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5d4e;color:#ffffff;"
    "font-weight:600;text-decoration:none"
)


def as_html(*, subject: str, body: str, language: str, action: str) -> str:
    """Return the HTML part of a mail.

    Args:
        subject: becomes the heading.
        body: the text; a blank line ends a paragraph, `Folio: X` stands out, an address alone becomes a button.
        language: tag of the text.
        action: what the button of a lone address says.
    """
    blocks = [_block(part.strip("\n"), action) for part in re.split(r"\n\s*\n", body) if part.strip()]
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>"
        f'<body style="{STYLE}"><h1 style="font-size:22px;line-height:1.25">{escape(subject)}</h1>'
        f"{''.join(blocks)}</body></html>"
    )


def _block(part: str, action: str) -> str:
    if LINK.fullmatch(part.strip()):
        address = escape(part.strip())
        return (
            f'<p><a href="{address}" style="{BUTTON}">{escape(action)}</a></p><p style="font-size:14px">{address}</p>'
        )
    lines = part.split("\n")
    if all(LABELLED.fullmatch(line) for line in lines):
        rows = [LABELLED.sub(_labelled, line) for line in lines]
        return f"<p>{'<br>'.join(rows)}</p>"
    return "<p>" + "<br>".join(_linked(line) for line in lines) + "</p>"


def _labelled(row: re.Match[str]) -> str:
    return f"{escape(row[1])}: <strong>{_linked(row[2])}</strong>"


def _linked(line: str) -> str:
    parts, last = [], 0
    for found in LINK.finditer(line):
        address = escape(found[0])
        parts += [escape(line[last : found.start()]), f'<a href="{address}">{address}</a>']
        last = found.end()
    return "".join([*parts, escape(line[last:])])
