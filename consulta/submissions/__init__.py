"""Intake: the one operation by which anything is handed in, with its folio, receipt, files and demographics."""
