"""Papers: one value, written as a page, as PDF/UA or as DOCX. The only importer of WeasyPrint and python-docx.

Knows no rows and no HTTP: whoever has something to certify makes a `Paper` of it.
"""

from consulta.papers.models import Paper, PaperTable, Seal

__all__ = ["Paper", "PaperTable", "Seal"]
