"""The glossary is law: every table and every state stands in it, and no class carries a forbidden word."""

import inspect
import re
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import consulta
from consulta.db import Base
from consulta.models import load_models

ROOT = Path(consulta.__file__).parent
TEXT = (ROOT / "GLOSSARY.md").read_text("utf-8")
ROWS = [row.split("|")[1:-1] for row in TEXT.splitlines() if row.startswith("|") and not row.startswith("|---")][1:]
NAMES = set(re.findall(r"`([^`]+?)(?:\(\))?`", TEXT))


def test_every_table_and_class_stands_in_the_glossary() -> None:
    load_models()

    classes = {mapper.class_.__name__ for mapper in Base.registry.mappers}

    assert sorted(set(Base.metadata.tables) - NAMES) == []
    assert sorted(classes - NAMES) == []


def test_every_state_stands_in_the_glossary() -> None:
    missing = [
        f"{state.__name__}.{member.value}"
        for state in _enums()
        for member in state
        if member.value not in NAMES or state.__name__ not in NAMES
    ]

    assert missing == []


def test_no_class_is_named_with_a_forbidden_word() -> None:
    load_models()
    forbidden = {word.strip() for row in ROWS for word in row[3].split(",") if word.strip() not in ("", "—")}
    names = [mapper.class_.__name__ for mapper in Base.registry.mappers] + [state.__name__ for state in _enums()]

    clashes = [name for name in names if forbidden & set(re.findall(r"[A-Z][a-z]+", name))]

    assert clashes == []


def _enums() -> list[type[StrEnum]]:
    found: list[type[StrEnum]] = []
    for path in [*ROOT.glob("*/states.py"), ROOT / "actors.py"]:
        name = "consulta." + ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = import_module(name)
        found += [
            value
            for _, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, StrEnum) and value.__module__ == name
        ]
    return found
