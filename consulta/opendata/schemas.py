"""Table Schema (Frictionless 1.0) and data dictionary of each dataset."""

import csv
import io
from typing import Any

from consulta.opendata.columns import DAY, INSTANT, Dataset

PROFILE = "https://specs.frictionlessdata.io/schemas/table-schema.json"


def table_schema(dataset: Dataset) -> dict[str, Any]:
    """Return the Table Schema of a dataset."""
    return {
        "$schema": PROFILE,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "fields": [
            {
                "name": column.name,
                "type": column.type,
                **({"format": "default"} if column.type in (INSTANT, DAY) else {}),
                "description": column.meaning,
                "constraints": {"required": column.is_required},
            }
            for column in dataset.columns
        ],
        "missingValues": [""],
    }


def write_dictionary(dataset: Dataset) -> str:
    """Return the data dictionary as CSV: a column a row."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["conjunto", "version", "columna", "tipo", "obligatoria", "significado"])
    for column in dataset.columns:
        required = "sí" if column.is_required else "no"
        rows.writerow([dataset.filename, dataset.version, column.name, column.type, required, column.meaning])
    return written.getvalue()
