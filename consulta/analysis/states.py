"""States of a group of alike comments, and how alike they are."""

from enum import StrEnum


class CampaignState(StrEnum):
    """A machine proposes a group; a person confirms it or breaks it up."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    BROKEN = "broken"


class CampaignKind(StrEnum):
    """Near duplicates of one text, or texts that are the same short sentence, which says nothing of a campaign."""

    NEAR = "near"
    IDENTICAL = "identical"


TRANSITIONS: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.PROPOSED: frozenset({CampaignState.CONFIRMED, CampaignState.BROKEN}),
    CampaignState.CONFIRMED: frozenset({CampaignState.BROKEN}),
    CampaignState.BROKEN: frozenset({CampaignState.CONFIRMED}),
}
