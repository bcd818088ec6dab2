"""From a rule-set file to its `DeadlineRule`s."""

from pathlib import Path

from consulta.clocks.tables import Table, read_table
from consulta.deadlines import Bound, Confidence, DayUnit, DeadlineRule
from consulta.deadlines.arithmetic import MAX_DAYS

HEADER_KEYS = ("rule_set", "matter", "rule")
RULE_KEYS = (
    "key",
    "n",
    "unit",
    "bound",
    "starts_on_event",
    "roll_last_day",
    "citation",
    "confidence",
    "enabled",
)


def read_rule_file(path: Path) -> dict[str, DeadlineRule]:
    """Read a rule set, keyed "<rule_set>.<key>".

    Raises `BadData` naming file, key and remedy, also for a rule that is enabled without having been
    confirmed and for a key that appears twice.
    """
    table = read_table(path)
    table.refuse_others(HEADER_KEYS)
    if table.text("rule_set") != path.stem:
        raise table.bad("rule_set", f"escriba «{path.stem}», como el nombre del archivo")
    rules: dict[str, DeadlineRule] = {}
    for entry in table.tables("rule"):
        rule = _rule(entry, rule_set=path.stem, matter=table.text("matter"))
        if rule.key in rules:
            raise entry.bad("key", "use un nombre que no aparezca antes en el archivo")
        rules[rule.key] = rule
    if not rules:
        raise table.bad("rule", "agregue al menos un [[rule]]")
    return rules


def _rule(table: Table, *, rule_set: str, matter: str) -> DeadlineRule:
    """Read one [[rule]]."""
    table.refuse_others(RULE_KEYS)
    confidence = Confidence(table.choice("confidence", list(Confidence)))
    enabled = table.flag("enabled")
    if enabled and confidence is Confidence.UNCONFIRMED:
        raise table.bad("enabled", "escriba false, o cambie confidence cuando el área jurídica la confirme")
    return DeadlineRule(
        key=f"{rule_set}.{table.text('key')}",
        rule_set=rule_set,
        matter=matter,
        n=table.whole("n", low=1, high=MAX_DAYS),
        unit=DayUnit(table.choice("unit", list(DayUnit))),
        bound=Bound(table.choice("bound", list(Bound))),
        starts_on_event=table.text("starts_on_event"),
        roll_last_day=table.flag("roll_last_day"),
        citation=table.text("citation"),
        confidence=confidence,
        enabled=enabled,
    )
