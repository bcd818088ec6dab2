"""Requests of people about what is kept of them: access, rectification, cancellation and opposition (ARCO)."""
