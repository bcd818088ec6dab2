"""A private PostgreSQL cluster, started from the distribution's binaries."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

INSTALL = "falta PostgreSQL: apt-get install postgresql"


def find_binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    if versions:
        return versions[0].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Cluster:
    """A cluster in a folder of its own, reached through a socket, without network."""

    def __init__(self, *, durable: bool = False) -> None:
        binaries = find_binaries()
        assert binaries is not None, INSTALL
        self.binaries = binaries
        self.durable = durable
        # Short: the path of a socket has at most 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="cpg", dir="/tmp"))
        self._as: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def start(self) -> "Cluster":
        """Create and start the cluster."""
        data = self.folder / "data"
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -k {self.folder} -c max_connections=200"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        log = self.folder / "log"
        self._run("pg_ctl", "-D", str(data), "-w", "-l", str(log), "-o", options, "start")
        return self

    def stop(self) -> None:
        """Stop and remove it."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database, as a copy of another; return its address."""
        of = f' TEMPLATE "{template}"' if template else ""
        self.execute(f'CREATE DATABASE "{name}"{of}')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database whoever is connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as, str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
