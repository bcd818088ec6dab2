"""Nothing but the sender opens connections: what the import contract cannot name is looked for in the sources."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "consulta"
OPENERS = {"http.client", "urllib.request", "socket", "ssl", "requests", "urllib3", "httpx", "asyncio"}
# The command of a witness, which asks the address that its operator types, and nothing that others gave.
ASKED_BY_OPERATORS = {"cli/seal.py"}


def test_only_the_sender_imports_what_opens_connections() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.py") if imported(path) & OPENERS}

    assert found - ASKED_BY_OPERATORS == {"hooks/sending.py"}


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, wherever it does."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names
