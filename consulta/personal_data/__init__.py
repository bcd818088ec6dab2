"""Finds what looks like personal data in what people write: to warn the author before, and the reviewer after. Pure.

Shapes and the words beside them, nothing else: no dictionary of names, no memory, no network. It says where to look;
a person decides. It must not know who wrote the text, nor what will be done with it.
"""

from consulta.personal_data.findings import Finding, Segment, find_personal_data, list_kinds, mark_findings
from consulta.personal_data.states import PersonalDataKind

__all__ = ["Finding", "PersonalDataKind", "Segment", "find_personal_data", "list_kinds", "mark_findings"]
