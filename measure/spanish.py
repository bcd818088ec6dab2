"""Words, syllables and sentences of Spanish, and how easy a text is to read. Pure."""

import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+")
WITH_DIGIT = re.compile(r"\S*\d\S*")
# A full stop ends a sentence where the next word does not go on in small letters ("art. 5", "S.A. de C.V.").
END = re.compile(r"[!?…]+[»”\"')\]]*\s+|\.[»”\"')\]]*\s+(?=[¿¡«“\"(\[]*[A-ZÁÉÍÓÚÜÑ\d])|\s·\s")
STRONG = frozenset("aeoáéóíú")
WEAK = frozenset("iuü")
VOWELS = re.compile("[aeoáéóíúiuü]+")
# Shorter ones are labels and tags, not sentences.
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Score:
    """How easy a text is to read, and what that was computed from."""

    value: float
    words: int
    sentences: int
    syllables: int


def count_syllables(word: str) -> int:
    """Return the syllables of a word, by its spelling.

    A run of vowels has one syllable for each strong vowel (a, e, o, and í or ú with their accent), or one when
    all are weak. The u of que, qui, gue, gui is mute; h parts no vowels; y is a vowel where none follows.
    """
    plain = word.lower()
    plain = re.sub(r"qu(?=[eiéí])", "k", plain)
    plain = re.sub(r"gu(?=[eiéí])", "g", plain)
    plain = re.sub(r"y(?![aeiouáéíóúü])", "i", plain)
    plain = re.sub(r"(?<!c)h", "", plain)
    return max(1, sum(_nuclei(run) for run in VOWELS.findall(plain)))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text. Each of its lines (a heading, an item of a list) ends one too."""
    found = [part.strip() for line in text.splitlines() for part in END.split(f"{line.strip()} ")]
    return [part for part in found if len(words_of(part)) >= FEWEST_WORDS]


def words_of(text: str) -> list[str]:
    """Return the words of a text; numbers, folios and addresses are none."""
    return WORD.findall(WITH_DIGIT.sub(" ", text))


def fernandez_huerta(text: str) -> Score:
    """Return how easy a Spanish text is to read, from about 0 (very hard) to 100 (very easy); 60 is plain.

    206.84 − 60·P − 1.02·F, with P the syllables per word and F the words per sentence: Fernández Huerta, J.,
    «Medidas sencillas de lecturabilidad», Consigna 214 (1959), pages 29-32, in the corrected form (F is the mean
    number of words in a sentence; the misprint that circulates swaps it for sentences per hundred words).
    """
    sentences = sentences_of(text)
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return Score(100.0, 0, 0, 0)
    syllables = sum(count_syllables(word) for word in words)
    value = 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / len(sentences)
    return Score(round(value, 1), len(words), len(sentences), syllables)


def _nuclei(run: str) -> int:
    strong = sum(vowel in STRONG for vowel in run)
    if strong:
        return strong
    # Two equal weak ones part, as in "chiita".
    return 2 if len(run) == 2 and run[0] == run[1] else 1
