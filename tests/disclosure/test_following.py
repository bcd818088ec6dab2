"""A later release: what changed by less than the threshold stays, and what is renewed does not tell who came."""

from consulta.disclosure import Policy, RawTable, follow, protect

POLICY = Policy()


def table(woman: int, man: int, silent: int = 0) -> RawTable:
    """A table of one question."""
    return RawTable(("sex",), {"sex": ("woman", "man")}, {("woman",): woman, ("man",): man, (None,): silent})


def figures(raw: RawTable, before: RawTable) -> dict[str, int | None]:
    """Return the figures of a release that follows another."""
    found = follow(protect(before, POLICY), raw, POLICY).find("sex")
    assert found is not None
    return dict(found.figures)


def test_nothing_is_renewed_until_enough_opinions_came() -> None:
    assert figures(table(150, 149), table(100, 100)) == {"woman": 100, "man": 100}


def test_number_of_opinions_is_always_the_new_one() -> None:
    assert follow(protect(table(100, 100), POLICY), table(101, 100), POLICY).total == 201


def test_change_below_the_threshold_is_withheld() -> None:
    assert figures(table(205, 105), table(100, 100)) == {"woman": 100, "man": 100}


def test_figures_are_renewed_when_what_is_not_renewed_moved_too() -> None:
    assert figures(table(160, 150, silent=20), table(100, 100)) == {"woman": 160, "man": 150}


def test_one_figure_stays_when_both_would_tell_everything_that_came() -> None:
    found = figures(table(180, 140), table(100, 100))

    assert found == {"woman": 180, "man": 100}


def test_table_that_was_only_a_number_waits_for_enough_too() -> None:
    before = protect(table(10, 10), POLICY)

    assert follow(before, table(40, 40), POLICY).questions == ()
    assert follow(before, table(80, 60), POLICY).questions != ()
