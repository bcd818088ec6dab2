"""The instruments that come with Consulta, as rows."""

import tomllib
from pathlib import Path

from consulta.db import session
from consulta.windows.models import Instrument

FILE = Path(__file__).parent / "data" / "instruments.toml"


def install_instruments() -> None:
    """Add the instruments that the database lacks; those it has are left as the government set them."""
    for key, values in tomllib.loads(FILE.read_text("utf-8")).items():
        if session().get(Instrument, key) is None:
            session().add(Instrument(key=key, term_rule=values.pop("term_rule", None), **values))
    session().flush()
