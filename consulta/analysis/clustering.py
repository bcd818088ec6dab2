"""Groups of comments that say nearly the same, found the same way by anybody from the same texts. Pure.

Candidates come from MinHash with banding (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*,
ch. 3); what decides is an exact comparison with the group's representative, so that a chain of small steps never
joins two different texts. The only importer of rensa, which the extra `analysis` brings.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from consulta.analysis.states import CampaignKind
from consulta.errors import ConsultaError

WORD = re.compile(r"[a-z0-9ñ]+")
Shingles = frozenset[str]


class AnalysisUnavailable(ConsultaError):
    """The instance lacks the extra that finds groups."""


@dataclass(frozen=True)
class Parameters:
    """What groups depend on: see `data/parameters.toml`."""

    version: str
    shingle_words: int
    shortest_words: int
    permutations: int
    bands: int
    seed: int
    least_share: float
    least_common: int
    opposed_words: int
    negations: tuple[str, ...]
    sampled: int

    def as_json(self) -> dict[str, Any]:
        """Return them as they are published."""
        return {**asdict(self), "negations": list(self.negations)}


@dataclass(frozen=True)
class Cluster:
    """A group: its representative, and its members with how much of the shorter text each shares with it."""

    kind: CampaignKind
    representative: int
    members: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class _Text:
    number: int
    words: tuple[str, ...]
    shingles: Shingles


@cache
def load_parameters() -> Parameters:
    """Return the parameters that come with the product."""
    text = resources.files("consulta.analysis").joinpath("data/parameters.toml").read_text("utf-8")
    values = tomllib.loads(text)
    return Parameters(**{**values, "negations": tuple(values["negations"])})


def normalise(text: str) -> tuple[str, ...]:
    """Return the words of a text without case, accents or punctuation; ñ stays a letter of its own."""
    lowered = text.lower().replace("ñ", "\x00")
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))
    return tuple(WORD.findall(plain.replace("\x00", "ñ")))


def find_clusters(texts: Iterable[tuple[int, str]], parameters: Parameters | None = None) -> list[Cluster]:
    """Return the groups of two or more texts, biggest first; the order of the input does not matter.

    Long texts are grouped when they are near duplicates (`near`), short ones only when they are equal word for word
    (`identical`), which says nothing of a campaign.

    Args:
        texts: number and text of each comment.
        parameters: those of the product where none are given.
    Raises:
        AnalysisUnavailable: rensa is not installed.
    """
    chosen = parameters or load_parameters()
    short: dict[tuple[str, ...], list[int]] = {}
    long: list[_Text] = []
    for number, text in sorted(texts):
        words = normalise(text)
        if len(words) < chosen.shortest_words:
            short.setdefault(words, []).append(number)
        else:
            long.append(_Text(number, words, _shingles(words, chosen.shingle_words)))
    found = [
        Cluster(CampaignKind.IDENTICAL, numbers[0], tuple((number, 1.0) for number in numbers))
        for words, numbers in short.items()
        if words and len(numbers) > 1
    ]
    found += _near(long, chosen)
    return sorted(found, key=lambda cluster: (-len(cluster.members), cluster.representative))


def _near(texts: Sequence[_Text], chosen: Parameters) -> list[Cluster]:
    """Group long texts: each with the first leader it is like; then again around the text in the middle of each."""
    led = _follow_leaders(texts, chosen)
    groups = sorted(led.values(), key=lambda group: (-len(group), group[0].number))
    middles = [_middle(group, chosen) for group in groups if len(group) > 1]
    kept = _apart(middles, chosen)
    members: dict[int, list[tuple[int, float]]] = {middle.number: [] for middle in kept}
    for group in groups:
        for text in group:
            nearest = _nearest(text, kept, chosen)
            if nearest is not None:
                members[nearest[0]].append((text.number, nearest[1]))
    return [Cluster(CampaignKind.NEAR, number, tuple(sorted(own))) for number, own in members.items() if len(own) > 1]


def _follow_leaders(texts: Sequence[_Text], chosen: Parameters) -> dict[int, list[_Text]]:
    """Put each text with the leader that it is most like; one that is like none leads."""
    index, digest = _index(chosen)
    leaders: dict[int, _Text] = {}
    led: dict[int, list[_Text]] = {}
    for text in texts:
        signature = digest(text.shingles)
        near = [leaders[number] for number in sorted(index.query(signature))]
        best = _nearest(text, near, chosen)
        if best is None:
            leaders[text.number], led[text.number] = text, [text]
            index.insert(text.number, signature)
        else:
            led[best[0]].append(text)
    return led


def _index(chosen: Parameters) -> tuple[Any, Any]:
    try:
        # An extra: an instance without it runs, and says what to install when groups are asked for.
        from rensa import RMinHash, RMinHashLSH
    except ImportError as error:
        raise AnalysisUnavailable(
            "Falta lo que busca textos parecidos: instale el extra con pip install 'consulta[analysis]'."
        ) from error

    def digest(shingles: Shingles) -> Any:
        signature = RMinHash(num_perm=chosen.permutations, seed=chosen.seed)
        signature.update(sorted(shingles))
        return signature

    return RMinHashLSH(threshold=chosen.least_share, num_perm=chosen.permutations, num_bands=chosen.bands), digest


def _nearest(text: _Text, others: Iterable[_Text], chosen: Parameters) -> tuple[int, float] | None:
    """Return the representative with which a text has most in common, and its share; None where it is like none."""
    best: tuple[int, int, float] | None = None
    for other in others:
        common, share = _in_common(text, other, chosen)
        if common and (best is None or (common, share, -other.number) > (best[1], best[2], -best[0])):
            best = other.number, common, share
    return (best[0], best[2]) if best is not None else None


def _in_common(one: _Text, other: _Text, chosen: Parameters) -> tuple[int, float]:
    """Return how many shingles two texts share, and which part of the shorter that is; zeros where it is too little.

    Also where one says the opposite of the other.
    """
    common = len(one.shingles & other.shingles)
    share = round(common / min(len(one.shingles), len(other.shingles)), 4)
    if common < chosen.least_common or share < chosen.least_share or _are_opposed(one, other, chosen):
        return 0, 0.0
    return common, share


def _are_opposed(one: _Text, other: _Text, chosen: Parameters) -> bool:
    """Say whether two texts differ in few words, of which one negates: "de acuerdo" and "no de acuerdo".

    A negation whose letters were typed in another order is the same word.
    """
    if abs(len(one.words) - len(other.words)) > chosen.opposed_words:
        return False
    first, second = Counter(one.words), Counter(other.words)
    differing = (first - second) + (second - first)
    if sum(differing.values()) > chosen.opposed_words:
        return False
    letters = Counter("".join(sorted(word)) for word in differing)
    return any(word in differing and letters["".join(sorted(word))] == 1 for word in chosen.negations)


def _middle(group: Sequence[_Text], chosen: Parameters) -> _Text:
    """Return the member of a group that has most in common with the others; of equals, the one that came first."""
    step = max(1, len(group) // chosen.sampled)
    sample = group[::step][: chosen.sampled]
    seen = Counter(shingle for text in sample for shingle in text.shingles)
    usual = sum(len(text.shingles) for text in sample) / len(sample)

    def closeness(text: _Text) -> float:
        # Neither the longest, which has a bit of everything, nor the shortest, of which all others have all.
        return sum(seen[shingle] for shingle in text.shingles) / (len(text.shingles) + usual)

    return max(sample, key=lambda text: (closeness(text), -text.number))


def _apart(middles: Sequence[_Text], chosen: Parameters) -> list[_Text]:
    """Keep one of each set of middles that are alike: the one of the biggest group, which comes first."""
    kept: list[_Text] = []
    for middle in middles:
        if _nearest(middle, kept, chosen) is None:
            kept.append(middle)
    return kept


def _shingles(words: Sequence[str], size: int) -> Shingles:
    return frozenset(" ".join(words[start : start + size]) for start in range(len(words) - size + 1))
