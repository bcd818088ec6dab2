"""Files of at most 300 lines and functions of at most 40, so that each can be read in one sitting."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    [*(ROOT / "consulta").rglob("*.py"), *(ROOT / "measure").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
)
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_and_functions_keep_their_length(path: Path) -> None:
    text = path.read_text("utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    long_ones = [node.name for node in functions if (node.end_lineno or 0) - _first_line(node) + 1 > LONGEST_FUNCTION]

    assert len(text.splitlines()) <= LONGEST_FILE
    assert long_ones == []


def test_no_module_is_a_drawer() -> None:
    assert [path for path in SOURCES if path.stem in FORBIDDEN_NAMES] == []


def test_no_text_of_people_skips_escaping() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))

    unsafe = [path.name for path in templates if re.search(r"\|\s*safe\b", path.read_text("utf-8"))]

    assert unsafe == []


def test_no_todo_is_left() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX)\b")

    assert [path.name for path in SOURCES if marks.search(path.read_text("utf-8"))] == []


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The first line of the body after the docstring: documentation is not code."""
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1
    return node.body[1].lineno if is_docstring else node.lineno
