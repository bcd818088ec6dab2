"""States of decrees and kinds of the days that they declare; kinds of clocks."""

from enum import StrEnum


class DecreeState(StrEnum):
    """Drafted by the administrator, published by the coordinator, replaced by another decree that amends it."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


class DecreeKind(StrEnum):
    """What a range of days is: the first three do not count, an enabled one counts although it would not."""

    HOLIDAY = "holiday"
    VACATION = "vacation"
    SUSPENSION = "suspension"
    ENABLED_DAY = "enabled_day"


class ClockKind(StrEnum):
    """Whose time runs: people's to take part, the government's to answer a person, a unit's since it was referred.

    The last two are those of a request about personal data: to answer it, and to make effective what was accepted.
    """

    CONSULTATION = "consultation"
    ANSWER = "answer"
    UNIT = "unit"
    APPEAL = "appeal"
    DATA_RIGHTS = "data_rights"
    DATA_RIGHTS_EFFECT = "data_rights_effect"


TRANSITIONS: dict[DecreeState, frozenset[DecreeState]] = {
    DecreeState.DRAFT: frozenset({DecreeState.PUBLISHED}),
    DecreeState.PUBLISHED: frozenset({DecreeState.REPLACED}),
    DecreeState.REPLACED: frozenset(),
}
