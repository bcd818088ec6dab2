"""What a paper says, whatever it is written as. Values, no rows."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PaperTable:
    """A table with its caption. Rows have as many cells as the header."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Seal:
    """The electronic seal of the system: what was signed, the signature in Base64, and the key's fingerprint."""

    canonical: str
    signature: str
    fingerprint: str


@dataclass(frozen=True)
class Paper:
    """A paper of one or more pages.

    Attributes:
        issuer: the government that issues it.
        title: heading.
        language: tag of its text.
        facts: `(name, value)` pairs, first thing after the heading.
        paragraphs: text, in order.
        tables: after the text.
        notes: small print after the tables.
        signatures: `(name, post)` of who signs, each with a line above; after the tables.
        seal: None for a paper without one.
        code: address that a QR code on the first page holds; empty for none. `code_label` says it in words.
        proof: `(name, value)` pairs of a page of their own, with the seal, under `proof_title`.
        attached: `(file name, content)` of what a PDF carries within.
    """

    issuer: str
    title: str
    language: str
    facts: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    tables: tuple[PaperTable, ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[tuple[str, str], ...] = ()
    seal: Seal | None = None
    seal_title: str = ""
    seal_labels: tuple[str, str, str] = field(default=("", "", ""))
    code: str = ""
    code_label: str = ""
    proof: tuple[tuple[str, str], ...] = ()
    proof_title: str = ""
    attached: tuple[tuple[str, bytes], ...] = ()
