"""The public board: figures with their definitions, from counters."""
