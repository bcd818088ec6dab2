"""States and outcomes of accounts."""

from enum import StrEnum


class AccountState(StrEnum):
    """An invited person has no password yet; a suspended one cannot sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class LinkPurpose(StrEnum):
    """What a link sent by mail lets its holder do, once."""

    INVITATION = "invitation"
    RESET = "reset"


class SignInOutcome(StrEnum):
    """What became of an attempt to sign in."""

    SUCCESS = "success"
    WRONG = "wrong"
    LOCKED = "locked"


TRANSITIONS: dict[AccountState, frozenset[AccountState]] = {
    AccountState.INVITED: frozenset({AccountState.ACTIVE, AccountState.SUSPENDED}),
    AccountState.ACTIVE: frozenset({AccountState.SUSPENDED}),
    AccountState.SUSPENDED: frozenset({AccountState.INVITED}),
}
