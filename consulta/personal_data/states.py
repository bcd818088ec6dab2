"""The kinds of personal data that have a shape. Pure."""

from enum import StrEnum


class PersonalDataKind(StrEnum):
    """What a passage looks like. Names of persons have no shape: they are left to who reads."""

    CURP = "curp"
    RFC = "rfc"
    VOTER_KEY = "voter_key"
    SOCIAL_SECURITY = "social_security"
    PASSPORT = "passport"
    CARD_OR_ACCOUNT = "card_or_account"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
