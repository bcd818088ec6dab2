"""Instruments as rows: those that come with Consulta, and those that a government adds from a file."""

import tomllib
from pathlib import Path
from typing import Any

from consulta.agencies.models import Government
from consulta.clocks import load_rule
from consulta.db import session
from consulta.deadlines import DayUnit
from consulta.errors import ConsultaError, Refused
from consulta.windows.fields import read_fields
from consulta.windows.models import Instrument
from consulta.windows.periods import read_periods

FILE = Path(__file__).parent / "data" / "instruments.toml"
# Columns that rows of the first version lack; filled once, while they are still empty.
LATER = ("description", "regime", "entry_fields")
TEXTS = ("name", "path", "matter", "topic_noun", "topic_noun_plural", "answer_citation")
NUMBERS = ("default_days", "answer_days")
UNITS = ("day_unit", "answer_unit")
OPTIONAL = ("description", "regime", "entry_fields", "answered_by", "term_rule", "periods")
# As `submissions.states.SubmissionKind` names them; windows know no submissions.
KINDS = frozenset(
    {
        *("comment", "proposal", "petition", "service_request", "suggestion", "praise"),
        *("data_request", "complaint", "report"),
    }
)


def install_instruments() -> None:
    """Add the instruments that the database lacks; those it has are left as the government set them."""
    for key, values in tomllib.loads(FILE.read_text("utf-8")).items():
        known = session().get(Instrument, key)
        if known is None:
            session().add(Instrument(key=key, term_rule=values.pop("term_rule", None), **values))
            continue
        if not known.description:
            for name in LATER:
                setattr(known, name, values.get(name, getattr(known, name)))
        if known.periods is None:
            known.periods = values.get("periods")
    session().flush()


def import_instruments(path: Path, government: Government | None) -> list[str]:
    """Add the instruments of a TOML file, for one government or for all; return their keys.

    A new instrument needs no code: its row says its names, fields, kinds, terms and who answers. Raises Refused
    naming the table, the key and the remedy; nothing is added then.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(f"{path.name}: no se puede leer ({error}).") from error
    for key, values in tables.items():
        if not isinstance(values, dict):
            raise Refused(f"{path.name}: «{key}» debe ser una tabla, como [plan_de_desarrollo].")
        _check(f"{path.name}, [{key}]", values)
        if session().get(Instrument, key) is not None:
            raise Refused(f"{path.name}, [{key}]: ya existe un instrumento con esa clave: use otra.", field=key)
        session().add(
            Instrument(
                key=key,
                government_id=government.id if government else None,
                term_rule=values.pop("term_rule", None),
                **values,
            )
        )
    session().flush()
    return list(tables)


def _check(where: str, values: dict[str, Any]) -> None:
    known = {*TEXTS, *NUMBERS, *UNITS, *OPTIONAL, "kinds", "permanent"}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refused(f"{where}: sobra «{unknown[0]}». Se admiten: {', '.join(sorted(known))}.")
    missing = [name for name in (*TEXTS, *NUMBERS, *UNITS, "kinds", "permanent") if name not in values]
    if missing:
        raise Refused(f"{where}: falta «{missing[0]}».")
    wrong = [name for name in TEXTS if not isinstance(values[name], str) or not values[name].strip()]
    wrong += [name for name in NUMBERS if not isinstance(values[name], int) or values[name] < 0]
    wrong += [name for name in UNITS if values[name] not in list(DayUnit)]
    wrong += ["kinds"] if not values["kinds"] or not set(values["kinds"]) <= KINDS else []
    wrong += ["permanent"] if not isinstance(values["permanent"], bool) else []
    wrong += ["answered_by"] if values.get("answered_by", "unit") not in ("unit", "control") else []
    if wrong:
        raise Refused(f"{where}: «{wrong[0]}» no tiene un valor que se pueda usar.")
    _check_rule_and_fields(where, values)


def _check_rule_and_fields(where: str, values: dict[str, Any]) -> None:
    read_periods(values.get("periods", ()), where)
    try:
        read_fields(values.get("entry_fields", ()))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Refused(
            f"{where}: cada campo de «entry_fields» lleva key, label y un kind conocido ({error})."
        ) from error
    if values.get("term_rule") is not None:
        try:
            load_rule(values["term_rule"])
        except ConsultaError as error:
            raise Refused(f"{where}: «term_rule»: {error.message}") from error
