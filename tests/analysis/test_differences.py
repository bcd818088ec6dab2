"""What differs in a copy, with the words as they were written; joined, its passages are the text again."""

from hypothesis import given
from hypothesis import strategies as st

from consulta.analysis.differences import SegmentKind, find_differences, unique_part

TEMPLATE = "Pido que la revisión sea cada tres meses. Los frenos se gastan."


def test_own_words_are_marked_and_the_rest_is_the_same() -> None:
    text = "Soy de La Luz. pido que la REVISION sea cada tres meses. Los frenos se gastan."

    found = [(item.kind, item.text.strip()) for item in find_differences(TEMPLATE, text)]

    assert found == [
        (SegmentKind.ONLY_HERE, "Soy de La Luz."),
        (SegmentKind.SAME, "pido que la REVISION sea cada tres meses. Los frenos se gastan."),
    ]
    assert unique_part(text, TEMPLATE) == "Soy de La Luz."


def test_what_the_other_has_is_told_and_is_not_her_voice() -> None:
    found = find_differences(TEMPLATE, "Pido que la revisión sea cada tres meses.")

    assert [item.text.strip() for item in found if item.kind == SegmentKind.LEFT_OUT] == ["Los frenos se gastan."]
    assert unique_part("Pido que la revisión sea cada tres meses.", TEMPLATE) == ""


def test_very_long_texts_are_compared_by_their_ends() -> None:
    long = "palabra " * 3000

    found = find_differences(long + "fin", long + "otro fin")

    assert [item.text for item in found if item.kind == SegmentKind.ONLY_HERE] == ["otro "]


@given(st.text(max_size=200), st.text(max_size=200))
def test_passages_joined_are_the_text_again(before: str, text: str) -> None:
    found = find_differences(before, text)

    assert "".join(item.text for item in found if item.kind != SegmentKind.LEFT_OUT) == text
