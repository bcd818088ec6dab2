"""Receipts that anybody can verify: made on demand from the record, read back from a file, checked against today."""
