"""The folder of what can be taken home: a file per part and format, and a manifest per dataset that names them.

Files are named by their content and never change; the manifest is replaced at once, so who is reading goes on reading
what she began. Everything here can be made again from the database.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from consulta.opendata.columns import Dataset, Row
from consulta.opendata.formats import csv_lines, json_lines

FORMS = ("csv", "json")
AT_ONCE = 500
MOST_VERSIONS = 200


@dataclass(frozen=True)
class BuiltPart:
    """A part as it was written: its rows, its files by format, their bytes and digest."""

    rows: int
    digest: str
    csv_bytes: int
    json_bytes: int
    at: str

    def size(self, form: str) -> int:
        """Return the bytes of its file in a format."""
        return self.csv_bytes if form == "csv" else self.json_bytes


@dataclass
class Manifest:
    """What a dataset holds now: its parts by name, the acts they include, and its versions."""

    cursor: int = -1
    parts: dict[str, BuiltPart] = field(default_factory=dict)
    versions: list[dict[str, object]] = field(default_factory=list)
    parquet: dict[str, object] = field(default_factory=dict)
    columns: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows all parts have."""
        return sum(part.rows for part in self.parts.values())

    @property
    def digest(self) -> str:
        """Return what changes with any part: the ETag of the whole."""
        named = "\n".join(f"{name} {part.digest}" for name, part in sorted(self.parts.items()))
        return hashlib.sha256(f"{self.columns}\n{named}".encode()).hexdigest()


class Shelf:
    """The files of open data of an instance."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def manifest(self, dataset: Dataset) -> Manifest | None:
        """Return what a dataset holds; None when it was not built yet, or with other columns."""
        try:
            plain = json.loads((self._folder(dataset) / "manifest.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        parts = {name: BuiltPart(**part) for name, part in plain.pop("parts").items()}
        found = Manifest(parts=parts, **plain)
        return found if found.columns == columns_of(dataset) else None

    def write_part(self, dataset: Dataset, rows: Iterable[Row], now: datetime) -> BuiltPart:
        """Write the files of a part, each once and under the digest of its content."""
        folder = self._folder(dataset)
        folder.mkdir(parents=True, exist_ok=True)
        waiting = {form: folder / f".{os.getpid()}.{form}" for form in FORMS}
        sizes, count, digest = dict.fromkeys(FORMS, 0), 0, hashlib.sha256()
        batch: list[Row] = []
        with waiting["csv"].open("wb") as table, waiting["json"].open("wb") as lines:

            def put() -> None:
                for chunk in csv_lines(batch):
                    sizes["csv"] += table.write(chunk)
                for chunk in json_lines(dataset, batch):
                    digest.update(chunk)
                    sizes["json"] += lines.write(chunk)
                batch.clear()

            for count, row in enumerate(rows, start=1):  # noqa: B007 - read after the last one
                batch.append(row)
                if len(batch) == AT_ONCE:
                    put()
            put()
        for form, path in waiting.items():
            path.replace(folder / f"{digest.hexdigest()}.{form}")
        at = now.isoformat(timespec="seconds")
        return BuiltPart(count, digest.hexdigest(), sizes["csv"], sizes["json"], at)

    def keep(self, dataset: Dataset, manifest: Manifest) -> None:
        """Replace the manifest, then remove the files that it names no more."""
        folder = self._folder(dataset)
        folder.mkdir(parents=True, exist_ok=True)
        manifest.columns = columns_of(dataset)
        manifest.versions = manifest.versions[-MOST_VERSIONS:]
        waiting = folder / f".manifest.{os.getpid()}"
        waiting.write_text(json.dumps(asdict(manifest), ensure_ascii=False), "utf-8")
        waiting.replace(folder / "manifest.json")
        named = {part.digest for part in manifest.parts.values()} | {str(manifest.parquet.get("digest", ""))}
        for path in folder.iterdir():
            if path.suffix in (".csv", ".json", ".parquet") and path.stem not in named | {"manifest"}:
                path.unlink()

    def path(self, dataset: Dataset, part: BuiltPart, form: str) -> Path:
        """Return the file of a part in a format."""
        return self._folder(dataset) / f"{part.digest}.{form}"

    def parquet(self, dataset: Dataset, digest: str) -> Path:
        """Return where a Parquet file is or would be."""
        return self._folder(dataset) / f"{digest}.parquet"

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the folder; gives False when another process is writing it now."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _folder(self, dataset: Dataset) -> Path:
        return self.root / dataset.filename


def columns_of(dataset: Dataset) -> str:
    """Return what names the columns of a dataset: when they change everything is written again."""
    said = "|".join(f"{column.name}:{column.type}" for column in dataset.columns)
    return hashlib.sha256(f"{dataset.version}|{said}".encode()).hexdigest()
