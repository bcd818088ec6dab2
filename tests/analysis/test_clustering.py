"""Groups of alike comments: the same in any order, never joining what says the opposite, never of short texts."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.analysis.clustering import Cluster, find_clusters, load_parameters, normalise
from consulta.analysis.states import CampaignKind
from measure.campaigns import TEMPLATES, write_campaigns

ORGANIC = (
    "En mi calle no hay luz desde marzo y el poste sigue tirado, aunque lo reportamos por teléfono dos veces.",
    "El camión de la ruta siete ya no pasa por la clínica y las personas mayores caminan quince minutos con sol.",
    "Felicito al personal del módulo: me explicaron con paciencia cada papel y salí con mi licencia el mismo día.",
)


def groups(found: list[Cluster], kind: CampaignKind) -> list[list[int]]:
    """Return the members of the groups of a kind."""
    return [[number for number, _share in item.members] for item in found if item.kind == kind]


def test_copies_are_found_among_others_and_templates_stay_apart() -> None:
    copies = write_campaigns(400, seed=7)
    texts = [*enumerate(item.text for item in copies), *((1000 + n, text) for n, text in enumerate(ORGANIC))]

    found = groups(find_clusters(texts), CampaignKind.NEAR)

    assert all(len({copies[number].template for number in members}) == 1 for members in found)
    biggest = {copies[members[0]].template: members for members in reversed(found)}
    held = sum(len(members) for members in biggest.values())
    assert held >= 0.97 * len(copies)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2, 3)])
def test_opposite_sides_of_a_matter_are_two_groups(one: int, other: int) -> None:
    texts = [TEMPLATES[one], TEMPLATES[one] + " Gracias.", TEMPLATES[other], TEMPLATES[other] + " Gracias."]

    assert groups(find_clusters(enumerate(texts)), CampaignKind.NEAR) == [[0, 1], [2, 3]]


def test_one_negation_keeps_two_texts_apart() -> None:
    text = "estoy de acuerdo con que el mercado abra los domingos por la tarde y con que se cobre un pase a cada puesto"
    texts = [f"Yo {text}", f"Yo {text}", f"Yo no {text}", f"Yo on {text}"]

    assert groups(find_clusters(enumerate(texts)), CampaignKind.NEAR) == [[0, 1, 3]]


def test_short_texts_are_grouped_only_when_equal_and_are_no_campaign() -> None:
    texts = ["De acuerdo", "¡de acuerdo!", "No de acuerdo", "Totalmente de acuerdo con esta propuesta", "de acuerdo."]

    found = find_clusters(enumerate(texts))

    assert groups(found, CampaignKind.IDENTICAL) == [[0, 1, 4]]
    assert groups(found, CampaignKind.NEAR) == []


@pytest.mark.parametrize("texts", [[], ["solo uno"], ["", "   ", "🚸", "—"], ["palabra " * 3000]])
def test_nothing_to_group_is_no_group(texts: list[str]) -> None:
    assert find_clusters(enumerate(texts)) == []


def test_order_of_the_input_does_not_matter() -> None:
    texts = [*enumerate(item.text for item in write_campaigns(120, seed=3))]
    shuffled = texts.copy()
    random.Random(1).shuffle(shuffled)

    assert find_clusters(shuffled) == find_clusters(texts)


def test_parameters_are_published_as_they_are_used() -> None:
    published = load_parameters().as_json()

    assert published["version"]
    assert published["seed"] == load_parameters().seed


@given(st.text(max_size=300))
def test_any_text_has_words_without_case_accents_or_marks(text: str) -> None:
    words = normalise(text)

    assert words == normalise(text.upper()) or "ß" in text or not text.isascii()
    assert all(word.isalnum() and word == word.lower() for word in words)
