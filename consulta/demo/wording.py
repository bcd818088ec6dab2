"""From a hand-written text to one of somebody's own: places, numbers, openings and farewells."""

import random
from collections.abc import Callable

from consulta.demo.people import draw_town
from consulta.demo.stage import read_data

# In a hurry accents and opening marks are left out; the ñ never is.
UNACCENTED = str.maketrans("áéíóúü", "aeiouu", "¿¡")


class Wording:
    """Words the comments of one window so that no two are equal."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.data = read_data("common")
        self.taken: set[str] = set()

    def word(self, base: str, *, repeated: bool) -> str:
        """Return the text of a comment; a repeated base gets another opening, farewell and register."""
        text = self._fill(base)
        if repeated:
            text = self._register(self._wrap(text))
        while text in self.taken:
            text = self._wrap(self._fill(base))
        self.taken.add(text)
        return text

    def _fill(self, text: str) -> str:
        slots: dict[str, Callable[[], str]] = {
            "{town}": lambda: draw_town(self.rng),
            "{place}": lambda: self.rng.choice(self.data["places"]),
            "{street}": lambda: self.rng.choice(self.data["streets"]),
            "{n}": lambda: str(self.rng.randrange(2, 12)),
            "{years}": lambda: str(self.rng.randrange(3, 35)),
            "{minutes}": lambda: str(self.rng.randrange(4, 19) * 5),
            "{pesos}": lambda: f"{self.rng.randrange(3, 60) * 50:,}",
        }
        for slot, draw in slots.items():
            while slot in text:
                text = text.replace(slot, draw(), 1)
        return text

    def _wrap(self, text: str) -> str:
        opening = self.rng.choice(self.data["openings"]) if self.rng.random() < 0.6 else ""
        farewell = self.rng.choice(self.data["farewells"]) if self.rng.random() < 0.6 or not opening else ""
        return self._fill(f"{opening} {text} {farewell}".strip())

    def _register(self, text: str) -> str:
        """Return the text as some people type: in capitals, without accents, with a picture."""
        manner = self.rng.random()
        if manner < 0.08:
            return text.upper()
        if manner < 0.24:
            return text.lower().translate(UNACCENTED)
        if manner < 0.34:
            return f"{text} {self.rng.choice(self.data['pictures'])}"
        return text
