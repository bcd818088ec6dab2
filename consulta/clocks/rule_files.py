"""From a rule-set file to its `RuleSet` and its `DeadlineRule`s.

A file may say `extends = "<set>"`: it then has the rules of that set under its own name, and replaces those whose
key it writes itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from consulta.clocks.tables import Table, read_table
from consulta.deadlines import (
    Bound,
    Confidence,
    CountFrom,
    DayUnit,
    DeadlineRule,
    Extension,
    Fact,
    FactName,
    OnClarification,
    RuleSet,
    WorkedExample,
)
from consulta.deadlines.arithmetic import MAX_DAYS

MOST_TIMES = 10
NAME = re.compile(r"[a-z][a-z0-9_]*")
HEADER_KEYS = ("rule_set", "title", "matter", "jurisdiction", "valid_from", "valid_to", "extends", "rule")
RULE_KEYS = (
    "key",
    "jurisdiction",
    "valid_from",
    "valid_to",
    "n",
    "unit",
    "bound",
    "starts_on_event",
    "starts_after",
    "count_from",
    "cutoff_time",
    "on_clarification",
    "extension",
    "roll_last_day",
    "expiry_effect",
    "citation",
    "confidence",
    "enabled",
    "example",
)
EXTENSION_KEYS = ("n", "unit", "max_times", "approver_role", "notify_before_expiry")
EXAMPLE_KEYS = ("starts_on", "calendar", "events", "due_on", "why")


@dataclass(frozen=True)
class RuleFile:
    """What a file says once its base, if any, has been put under it; the rules by their key."""

    header: RuleSet
    rules: dict[str, DeadlineRule]


def read_rule_file(path: Path) -> RuleFile:
    """Read a rule set, its rules keyed "<rule_set>.<key>".

    Raises `BadData` naming file, key and remedy, also for a rule that is enabled without having been
    confirmed or without a worked example, and for rules that start each other.
    """
    header = _header(read_table(path), path.stem)
    tables = _rule_tables(path.parent, path.stem)
    rules = {name: _rule(table, header) for name, table in tables.items()}
    for name, table in tables.items():
        _require_beginning(name, table, tables)
    return RuleFile(header, {rule.key: rule for rule in rules.values()})


def _header(table: Table, key: str) -> RuleSet:
    """Read the lines above the first [[rule]]."""
    table.refuse_others(HEADER_KEYS)
    if table.text("rule_set") != key:
        raise table.bad("rule_set", f"escriba «{key}», como el nombre del archivo")
    title, matter, jurisdiction = table.text("title"), table.text("matter"), table.text("jurisdiction")
    return RuleSet(key, title, matter, jurisdiction, *_validity(table, table.day("valid_from"), None))


def _validity(table: Table, valid_from: date, valid_to: date | None) -> tuple[date, date | None]:
    """Read since when and until when something is in force; the dates given are those of whoever writes none."""
    valid_from = table.day("valid_from") if "valid_from" in table else valid_from
    valid_to = table.day("valid_to") if "valid_to" in table else valid_to
    if valid_to is not None and valid_to < valid_from:
        raise table.bad("valid_to", "escriba una fecha igual o posterior a valid_from")
    return valid_from, valid_to


def _rule_tables(folder: Path, key: str, *, seen: tuple[str, ...] = ()) -> dict[str, Table]:
    """Give each [[rule]] of a set by its name, after those of the set it extends.

    `seen` holds the sets that led here, so that two that extend each other are told apart from a long chain.
    """
    table = read_table(folder / f"{key}.toml")
    base: dict[str, Table] = {}
    if "extends" in table:
        base_key = table.text("extends")
        if base_key in (*seen, key):
            raise table.bad("extends", "nombre un conjunto de reglas que no dependa de este")
        base = _rule_tables(folder, base_key, seen=(*seen, key))
    own: dict[str, Table] = {}
    for entry in table.tables("rule"):
        name = entry.text("key")
        if NAME.fullmatch(name) is None:
            raise entry.bad("key", "use minúsculas sin acento, cifras y guiones bajos")
        if name in own:
            raise entry.bad("key", "use un nombre que no aparezca antes en el archivo")
        own[name] = entry
    if not own and not base:
        raise table.bad("rule", "agregue al menos un [[rule]]")
    return base | own


def _require_beginning(name: str, table: Table, tables: Mapping[str, Table]) -> None:
    """Refuse a `starts_after` that names no rule of the set, or that comes back to the rule itself."""
    seen, at = [name], table
    while "starts_after" in at:
        following = at.text("starts_after")
        if following not in tables:
            raise at.bad("starts_after", f"escriba una regla de este conjunto: {', '.join(tables)}")
        if following in seen:
            raise at.bad("starts_after", f"«{following}» ya depende de esta regla; rompa el círculo")
        seen.append(following)
        at = tables[following]


def _rule(table: Table, header: RuleSet) -> DeadlineRule:
    """Read one [[rule]]."""
    table.refuse_others(RULE_KEYS)
    valid_from, valid_to = _validity(table, header.valid_from, header.valid_to)
    confidence = Confidence(table.choice("confidence", list(Confidence)))
    examples = tuple(_example(example) for example in table.tables("example"))
    return DeadlineRule(
        key=f"{header.key}.{table.text('key')}",
        rule_set=header.key,
        matter=header.matter,
        jurisdiction=table.text("jurisdiction", default=header.jurisdiction),
        valid_from=valid_from,
        valid_to=valid_to,
        n=table.whole("n", low=1, high=MAX_DAYS),
        unit=DayUnit(table.choice("unit", list(DayUnit))),
        bound=Bound(table.choice("bound", list(Bound))),
        starts_on_event=table.text("starts_on_event"),
        count_from=CountFrom(table.choice("count_from", list(CountFrom), default=CountFrom.NEXT_DAY)),
        cutoff_time=table.time("cutoff_time") if "cutoff_time" in table else None,
        on_clarification=OnClarification(
            table.choice("on_clarification", list(OnClarification), default=OnClarification.NONE)
        ),
        extension=_extension(table.table("extension")) if "extension" in table else None,
        roll_last_day=table.flag("roll_last_day"),
        expiry_effect=table.text("expiry_effect", default=""),
        citation=table.text("citation"),
        confidence=confidence,
        enabled=_enabled(table, confidence, examples),
        starts_after=f"{header.key}.{table.text('starts_after')}" if "starts_after" in table else None,
        examples=examples,
    )


def _enabled(table: Table, confidence: Confidence, examples: Sequence[WorkedExample]) -> bool:
    """Read whether the rule may start clocks: only once it is confirmed and somebody computed a case by hand."""
    enabled = table.flag("enabled")
    if enabled and confidence is Confidence.UNCONFIRMED:
        raise table.bad("enabled", "escriba false, o cambie confidence cuando el área jurídica la confirme")
    if enabled and not examples:
        raise table.bad("example", "agregue un [[rule.example]] calculado a mano, o escriba enabled = false")
    return enabled


def _extension(table: Table) -> Extension:
    """Read extension = { … }; whoever approves must be named."""
    table.refuse_others(EXTENSION_KEYS)
    return Extension(
        n=table.whole("n", low=1, high=MAX_DAYS),
        unit=DayUnit(table.choice("unit", list(DayUnit))),
        max_times=table.whole("max_times", low=1, high=MOST_TIMES),
        approver_role=table.text("approver_role"),
        notify_before_expiry=table.flag("notify_before_expiry"),
    )


def _example(table: Table) -> WorkedExample:
    """Read one [[rule.example]]."""
    table.refuse_others(EXAMPLE_KEYS)
    events = table.table("events") if "events" in table else Table({}, where=table.where)
    events.refuse_others(list(FactName))
    starts_on, due_on = table.day("starts_on"), table.day("due_on")
    if due_on <= starts_on:
        raise table.bad("due_on", "escriba una fecha posterior a starts_on")
    return WorkedExample(
        starts_on=starts_on,
        calendar_key=table.text("calendar"),
        facts=tuple(Fact(FactName(name), events.day(name)) for name in events.names()),
        due_on=due_on,
        why=table.text("why"),
    )
