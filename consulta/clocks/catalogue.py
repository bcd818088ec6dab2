"""The calendars and rules that come with Consulta, read once from the files in `data/`.

To add one, add a file: its name is its key. `BadData` names the file, the key and the remedy when a file
cannot be used.
"""

from functools import cache
from pathlib import Path

from consulta.clocks.calendar_files import read_calendar_file
from consulta.clocks.rule_files import RuleFile, read_rule_file
from consulta.deadlines import Calendar, DeadlineRule, RuleSet
from consulta.errors import NotFound

DATA = Path(__file__).parent / "data"
CALENDARS = DATA / "calendars"
RULES = DATA / "rules"
FIRST_YEAR = 2015
LAST_YEAR = 2035


def list_calendar_keys() -> list[str]:
    """Give the keys of the calendars, in alphabetical order."""
    return sorted(path.stem for path in CALENDARS.glob("*.toml"))


@cache
def load_calendar(key: str) -> Calendar:
    """Give a calendar from 1 January 2015 to 31 December 2035. Raises `NotFound` or `BadData`."""
    if key not in list_calendar_keys():
        raise NotFound(f"No existe el calendario «{key}». Los disponibles son: {', '.join(list_calendar_keys())}.")
    return read_calendar_file(CALENDARS, key).calendar(first_year=FIRST_YEAR, last_year=LAST_YEAR)


def list_rule_sets() -> list[RuleSet]:
    """Give every rule set in the order of its key. Raises `BadData`."""
    return [file.header for file in _rule_files()]


def list_rules() -> list[DeadlineRule]:
    """Give every rule, enabled or not, in the order of its key. Raises `BadData`."""
    return [rule for _, rule in sorted(_rules().items())]


def load_rule(key: str) -> DeadlineRule:
    """Give the rule "<rule_set>.<name>", enabled or not. Raises `NotFound` or `BadData`."""
    rule = _rules().get(key)
    if rule is None:
        raise NotFound(f"No existe la regla «{key}». Las disponibles son: {', '.join(sorted(_rules()))}.")
    return rule


@cache
def _rules() -> dict[str, DeadlineRule]:
    """Give the rules of every set by their key."""
    return {key: rule for file in _rule_files() for key, rule in file.rules.items()}


@cache
def _rule_files() -> tuple[RuleFile, ...]:
    """Read every rule set once."""
    return tuple(read_rule_file(path) for path in sorted(RULES.glob("*.toml")))
