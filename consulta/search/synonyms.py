"""Words that stand for each other when people speak to a government: data, in `synonyms.toml`. Pure."""

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files

from consulta.search.analysis import stem, words_of

Forms = tuple[tuple[str, ...], ...]


def synonyms_of(token: str) -> Forms:
    """Return what may stand in the place of a stem, each as its stems in order; nothing for most words."""
    return _table().get(token, ())


@cache
def _table() -> dict[str, Forms]:
    found: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    plain = tomllib.loads(files("consulta.search").joinpath("synonyms.toml").read_text("utf-8"))
    for group in plain["group"]:
        forms = [tuple(stem(word) for word in words_of(said)) for said in group["words"]]
        for form in forms:
            if len(form) == 1:
                found[form[0]].update((other, None) for other in forms if other != form)
    return {token: tuple(others) for token, others in found.items()}
