"""Words that stand for each other when people speak to a government: data, in `synonyms.toml`. Pure."""

import tomllib
from collections import defaultdict
from functools import cache
from importlib.resources import files

from consulta.search.analysis import numbers_of, stem, words_of

Forms = tuple[tuple[str, ...], ...]


def synonyms_of(form: tuple[str, ...]) -> Forms:
    """Return what may stand in the place of a word or term, each as its stems in order; nothing for most."""
    return _table().get(form, ())


@cache
def _table() -> dict[tuple[str, ...], Forms]:
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = defaultdict(dict)
    plain = tomllib.loads(files("consulta.search").joinpath("synonyms.toml").read_text("utf-8"))
    for group in plain["group"]:
        forms = [tuple(stem(word) for word in words_of(said)) for said in group["words"]]
        for form in forms:
            found[form].update((other, None) for other in forms if other != form)
        # A plural that the stemmer does not see as one with its word is found like the word.
        for said in group["words"]:
            words = list(words_of(said))
            for other in numbers_of(words[0]) if len(words) == 1 else ():
                for known in forms:
                    found[known][(other,)] = None
                found[(other,)].update((one, None) for one in forms)
    return {form: tuple(others) for form, others in found.items()}
