"""The instruments that come with Consulta, as rows."""

import tomllib
from pathlib import Path

from consulta.db import session
from consulta.windows.models import Instrument

FILE = Path(__file__).parent / "data" / "instruments.toml"
# Columns that rows of the first version lack; filled once, while they are still empty.
LATER = ("description", "regime", "entry_fields")


def install_instruments() -> None:
    """Add the instruments that the database lacks; those it has are left as the government set them."""
    for key, values in tomllib.loads(FILE.read_text("utf-8")).items():
        known = session().get(Instrument, key)
        if known is None:
            session().add(Instrument(key=key, term_rule=values.pop("term_rule", None), **values))
        elif not known.description:
            for name in LATER:
                setattr(known, name, values.get(name, getattr(known, name)))
    session().flush()
