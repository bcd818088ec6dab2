"""Files from outside: what is accepted, and the copy without traces that may be published.

Knows no requests, rows or storage; each reader of a file format is here and nowhere else.
"""

from consulta.inspection.files import MAX_FILE_BYTES, MAX_FILES, Inspected, inspect

__all__ = ["MAX_FILES", "MAX_FILE_BYTES", "Inspected", "inspect"]
