"""Bands: how many, roughly, for who needs to act and not to count. Pure."""

# Fewer people than this are not shown (`domain.md` §9, k ≥ 10); above it only a band is, so that two days' figures
# cannot be subtracted from each other.
FEWEST = 10
BANDS = (10, 25, 50, 100, 250, 500, 1000)
# With fewer answers than this nothing is said of who they are from.
FEWEST_IN_ALL = 30


def band(value: int) -> tuple[int | None, int | None]:
    """Return the least and the most of the band of a figure; None for too few, and above the last band."""
    if value < FEWEST:
        return None, None
    least = max(item for item in BANDS if item <= value)
    above = [item for item in BANDS if item > value]
    return least, above[0] - 1 if above else None
