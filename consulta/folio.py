"""Folios and tracking keys: what a person is given to find her submission again.

A folio is public and says nothing: `{PREFIX}-{YEAR}-{8 random}-{check}`, where the random part is
Crockford's base 32 (no I, L, O or U) and the last character is a check by ISO/IEC 7064:2003, hybrid system
MOD 37,36, which notices every single wrong character and most swaps of neighbours.

A tracking key is secret: six Spanish words of the BIP-39 list (66 bits), easy to say on the phone, derived
from the nonce of the form so that a retry gets the same one, and stored only as a keyed hash.

Pure: randomness and secrets are passed in.
"""

import hashlib
import hmac
import re
import unicodedata
from functools import cache

from mnemonic import Mnemonic

from consulta.errors import Refused
from consulta.i18n.text import _

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHANUMERICS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
RANDOM_CHARACTERS = 8
BITS_PER_CHARACTER = 5
RANDOM_BYTES = RANDOM_CHARACTERS * BITS_PER_CHARACTER // 8

PREFIX = re.compile(r"[A-Z]{2,6}")
COMPACT_FOLIO = re.compile(r"([A-Z]{2,6})([0-9]{4})([0-9A-Z]{8})([0-9A-Z])")
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Dashes (Pd), spaces (Zs) and what copying drags along: line breaks (Cc) and soft hyphens (Cf).
SEPARATOR_CATEGORIES = frozenset({"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"})
MINUS_SIGN = "\N{MINUS SIGN}"

KEY_WORDS = 6
BITS_PER_WORD = 11
KEY_BITS = KEY_WORDS * BITS_PER_WORD
# Distinct labels keep the two uses of one secret apart.
DERIVE_LABEL = b"consulta:tracking-key:1:"
DISOWN_LABEL = b"consulta:disown-code:1:"
DISOWN_CHARACTERS = 10
HASH_LABEL = b"consulta:tracking-key-hash:1:"


def new_folio(prefix: str, year: int, randomness: bytes) -> str:
    """Write a folio from exactly 5 random bytes (40 bits).

    `prefix` is the government's, two to six capital letters A to Z; otherwise raises `Refused`. Raises
    `ValueError` for a year that is not of four digits or for another number of bytes.
    """
    if not PREFIX.fullmatch(prefix):
        raise Refused(
            _("El prefijo de los folios debe tener de 2 a 6 letras mayúsculas, sin acentos ni Ñ."),
            field="prefix",
        )
    if not 1000 <= year <= 9999 or len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a folio takes a year of four digits and {RANDOM_BYTES} random bytes")
    number = int.from_bytes(randomness, "big")
    shifts = range((RANDOM_CHARACTERS - 1) * BITS_PER_CHARACTER, -1, -BITS_PER_CHARACTER)
    return _written(prefix, str(year), "".join(CROCKFORD[number >> shift & 31] for shift in shifts))


# Six words have at most 53 letters; what is longer is no key, and decomposing it could take long.
LONGEST_TYPED = 200


def parse_folio(text: str) -> str:
    """Give the folio in its written form, whatever case, spaces and hyphens `text` has.

    In the random part the letters O, I and L, which it never holds, are read as 0, 1 and 1. Raises `Refused`
    with what to do when the text is not a folio or its check character does not agree.
    """
    compact = "".join(character for character in text if not _is_separator(character))
    found = COMPACT_FOLIO.fullmatch(compact.upper()) if compact.isascii() else None
    if found is None:
        raise Refused(
            _(
                "El folio no tiene la forma esperada. Escríbalo como aparece en su acuse, por ejemplo "
                "GTO-2026-7K3M9QXA-C."
            ),
            field="folio",
        )
    prefix, year, random_part, check = found.groups()
    folio = _written(prefix, year, random_part.translate(LOOKALIKES))
    if folio[-1] != check:
        raise Refused(
            _(
                "El folio no coincide con su carácter de verificación. "
                "Compárelo con su acuse, carácter por carácter, y escríbalo de nuevo."
            ),
            field="folio",
        )
    return folio


def tracking_key(secret: bytes, nonce: bytes) -> str:
    """Derive the tracking key of a form's nonce: six Spanish words in NFC, joined by hyphens.

    The words are the first 66 bits of HMAC-SHA256, so the same secret and nonce give the same key.
    """
    digest = hmac.new(secret, DERIVE_LABEL + nonce, hashlib.sha256).digest()
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - KEY_BITS)
    words = _words()
    shifts = range(KEY_BITS - BITS_PER_WORD, -1, -BITS_PER_WORD)
    return "-".join(words[number >> shift & (len(words) - 1)] for shift in shifts)


def normalise_key(text: str) -> str:
    """Give a key in the form in which keys are compared: its letters alone, lower case, unaccented.

    Separators are dropped rather than unified, so that a key typed as one long word still matches.
    """
    decomposed = unicodedata.normalize("NFKD", text[:LONGEST_TYPED].casefold())
    return "".join(character for character in decomposed if character.isalnum())


def disown_code(secret: bytes, folio: str) -> str:
    """Return the code with which whoever receives the mail of a folio may say that she did not send it.

    Ten characters of Crockford's base 32 (50 bits), derived from the folio: a retry gives the same one.
    """
    digest = hmac.new(secret, DISOWN_LABEL + folio.encode("ascii"), "sha256").digest()
    number = int.from_bytes(digest[:7], "big")
    code = "".join(CROCKFORD[number >> shift & 31] for shift in range(0, DISOWN_CHARACTERS * BITS_PER_CHARACTER, 5))
    return f"NO-{code[:5]}-{code[5:]}"


def is_disown_code(secret: bytes, folio: str, text: str) -> bool:
    """Say whether what was typed is the code of that folio, whatever case, spaces and hyphens it has."""
    typed = "".join(letter for letter in text[:LONGEST_TYPED].upper() if letter.isalnum())
    wanted = disown_code(secret, folio).replace("-", "")
    return hmac.compare_digest(typed.translate(LOOKALIKES).encode(), wanted.translate(LOOKALIKES).encode())


def hash_key(secret: bytes, key: str) -> str:
    """Give the hexadecimal HMAC-SHA256 of the normalised key: the only form in which a key is stored."""
    return hmac.new(secret, HASH_LABEL + normalise_key(key).encode(), hashlib.sha256).hexdigest()


def _written(prefix: str, year: str, random_part: str) -> str:
    """Join the parts of a folio and add the check over all of them."""
    return f"{prefix}-{year}-{random_part}-{_check_character(prefix + year + random_part)}"


def _check_character(characters: str) -> str:
    """Compute the check of ISO/IEC 7064:2003, hybrid system MOD 37,36 (M = 36)."""
    modulus = len(ALPHANUMERICS)
    product = modulus
    for character in characters:
        total = (product + ALPHANUMERICS.index(character)) % modulus or modulus
        product = total * 2 % (modulus + 1)
    return ALPHANUMERICS[(modulus + 1 - product) % modulus]


def _is_separator(character: str) -> bool:
    """Tell what may stand between the parts of a folio, or be missing."""
    return character == MINUS_SIGN or unicodedata.category(character) in SEPARATOR_CATEGORIES


@cache
def _words() -> tuple[str, ...]:
    """Read the Spanish list of BIP-39, whose file is decomposed, in composed form."""
    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic("spanish").wordlist)
