"""Versión pública: which passages of a text are not shown, and the text without them. The original stays. Pure."""

from collections.abc import Sequence
from typing import Any

from consulta.errors import Refused
from consulta.i18n.text import _
from consulta.submissions.policy import is_shown

# What stands in the place of a passage that is not shown (LGTAIP 2025: the public version says what was left out).
MARK = "[testado]"
FIELDS = ("text", "article", "says", "should_say")
MOST_PASSAGES = 50
SHORTEST_PASSAGE = 2

Passages = Sequence[dict[str, str]]


def check_passages(passages: Sequence[str], columns: Any) -> list[dict[str, str]]:
    """Return the passages to hide, each with the field that holds it. Raises Refused for one that no field holds."""
    kept = list(dict.fromkeys(passage.strip() for passage in passages if passage.strip()))
    if not kept or len(kept) > MOST_PASSAGES:
        raise Refused(_("Copie los pasajes que no se muestran, uno por línea."), field="passages")
    found: list[dict[str, str]] = []
    for passage in kept:
        fields = [name for name in FIELDS if passage in getattr(columns, name)]
        if not fields or len(passage) < SHORTEST_PASSAGE:
            raise Refused(
                _("«%(passage)s» no está en el texto tal cual: cópielo sin cambiar nada.", passage=passage[:80]),
                field="passages",
            )
        found += [{"field": name, "passage": passage} for name in fields]
    return found


def public_text(columns: Any, field: str = "text") -> str:
    """Return a field of a submission as everybody may read it; empty where nobody may."""
    return redact(getattr(columns, field), columns.redactions) if is_shown(columns) else ""


def public_quote(quote: str, columns: Any) -> str:
    """Return a passage of a submission as everybody may read it; empty where nobody may."""
    return redact(quote, columns.redactions) if is_shown(columns) else ""


def redact(text: str, passages: Passages) -> str:
    """Return a text with each passage replaced by the mark, the longest first."""
    for item in sorted(passages, key=lambda one: -len(one["passage"])):
        text = text.replace(item["passage"], MARK)
    return text
