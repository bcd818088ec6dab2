"""Clocks: the calendars and rule sets that give every date its reason.

The files under `data/` hold every number of days, holiday and article of law; this package reads and
checks them, and `consulta.deadlines` does the arithmetic. It never knows whose clock it is.
"""

from consulta.clocks.catalogue import list_calendar_keys, list_rule_sets, list_rules, load_calendar, load_rule

__all__ = ["list_calendar_keys", "list_rule_sets", "list_rules", "load_calendar", "load_rule"]
