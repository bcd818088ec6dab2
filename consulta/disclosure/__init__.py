"""Figures of people that identify nobody: a `RawTable` goes in, and only `PublishableTable` comes out.

Nothing here reads a database or knows what is counted. `RawTable` cannot be written, printed or put into a page.
"""

from consulta.disclosure.bands import BANDS, FEWEST, FEWEST_IN_ALL, band
from consulta.disclosure.following import FEWEST_NEW, follow
from consulta.disclosure.protection import protect
from consulta.disclosure.tables import Cross, Policy, PublishableTable, Question, RawTable, read_table

__all__ = [
    "BANDS",
    "FEWEST",
    "FEWEST_IN_ALL",
    "FEWEST_NEW",
    "Cross",
    "Policy",
    "PublishableTable",
    "Question",
    "RawTable",
    "band",
    "follow",
    "protect",
    "read_table",
]
