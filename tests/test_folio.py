"""A folio forgives how it is typed and never a wrong character; a tracking key is a secret, easy to say."""

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from consulta.errors import Refused
from consulta.folio import (
    ALPHANUMERICS,
    CROCKFORD,
    hash_key,
    new_folio,
    normalise_key,
    parse_folio,
    tracking_key,
)

PREFIXES = st.from_regex(r"\A[A-Z]{2,6}\Z")
YEARS = st.integers(1000, 9999)
RANDOMNESS = st.binary(min_size=5, max_size=5)
FOLIO = "GTO-2026-01ABCDEF-"


def a_folio() -> str:
    return new_folio("GTO", 2026, bytes.fromhex("0054b635cf"))


def mod_37_36_remainder(checked: str) -> int:
    """The definition in ISO/IEC 7064:2003: carried over the whole string, check included, it must leave 1."""
    product = 36
    for character in checked[:-1]:
        product = 2 * (((product + int(character, 36)) % 36) or 36) % 37
    return (product + int(checked[-1], 36)) % 36


class TestWritingAFolio:
    def test_a_folio_is_prefix_year_random_and_check(self) -> None:
        assert a_folio() == FOLIO + "6"

    @given(prefix=PREFIXES, year=YEARS, randomness=RANDOMNESS)
    def test_every_folio_can_be_read_back(self, prefix: str, year: int, randomness: bytes) -> None:
        folio = new_folio(prefix, year, randomness)

        assert parse_folio(folio) == folio
        assert set(folio.split("-")[2]) <= set(CROCKFORD)

    @given(one=RANDOMNESS, other=RANDOMNESS)
    def test_all_forty_bits_are_in_the_folio(self, one: bytes, other: bytes) -> None:
        assert (new_folio("GTO", 2026, one) == new_folio("GTO", 2026, other)) is (one == other)

    @pytest.mark.parametrize("prefix", ["", "G", "gto", "GTOGTOG", "G1", "ÑU", "G-O", "GTO\n"])
    def test_a_prefix_that_is_not_two_to_six_capitals_is_refused(self, prefix: str) -> None:
        with pytest.raises(Refused) as refused:
            new_folio(prefix, 2026, bytes(5))

        assert refused.value.field == "prefix"

    @pytest.mark.parametrize(("year", "size"), [(999, 5), (10000, 5), (2026, 4), (2026, 6)])
    def test_a_wrong_year_or_amount_of_randomness_is_a_fault_of_the_program(self, year: int, size: int) -> None:
        with pytest.raises(ValueError, match="four digits and 5 random bytes"):
            new_folio("GTO", year, bytes(size))

    def test_the_oracle_accepts_the_example_of_a_published_scheme(self) -> None:
        """The Global Release Identifier A1-2425G-ABC1234002-M uses the same check."""
        assert mod_37_36_remainder("A12425GABC1234002M") == 1

    @given(prefix=PREFIXES, year=YEARS, randomness=RANDOMNESS)
    def test_the_check_is_that_of_iso_7064_mod_37_36(self, prefix: str, year: int, randomness: bytes) -> None:
        folio = new_folio(prefix, year, randomness)

        assert mod_37_36_remainder(folio.replace("-", "")) == 1


class TestReadingAFolio:
    @pytest.mark.parametrize(
        "typed",
        [
            "gto-2026-01abcdef-6",
            "GTO202601ABCDEF6",
            "  GTO 2026 01ABCDEF 6 \n",
            "GTO–2026—01ABCDEF−6",
            "GTO-2026-01AB-CDEF-6",
            "GTO‑2026‑01AB\u00adCDEF‑6\u200b",
            "GTO-2026-OIABCDEF-6",
            "gto-2026-olabcdef-6",
        ],
    )
    def test_case_spaces_hyphens_and_lookalikes_are_forgiven(self, typed: str) -> None:
        assert parse_folio(typed) == a_folio()

    @given(prefix=PREFIXES, year=YEARS, randomness=RANDOMNESS)
    def test_no_single_substitution_passes(self, prefix: str, year: int, randomness: bytes) -> None:
        folio = new_folio(prefix, year, randomness)

        for at, right in enumerate(folio):
            for wrong in ALPHANUMERICS if right != "-" else "":
                reads_the_same = 0 < at - len(prefix) - 5 < 9 and {"O": "0", "I": "1", "L": "1"}.get(wrong) == right
                if wrong == right or reads_the_same:
                    continue
                with pytest.raises(Refused):
                    parse_folio(folio[:at] + wrong + folio[at + 1 :])

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "hola",
            "GTO-2026-01ABCDEF",
            "GTO-2026-01ABCDEF-KK",
            "GTO-2O26-01ABCDEF-K",
            "GT0-2026-01ABCDEF-K",
            "GTO_2026_01ABCDEF_K",
            "GTO-2026-01ABCDEſ-K",
            "GTO-٢٠٢٦-01ABCDEF-K",
        ],
    )
    def test_what_is_not_a_folio_says_how_to_write_one(self, typed: str) -> None:
        with pytest.raises(Refused) as refused:
            parse_folio(typed)

        assert refused.value.message.startswith("El folio no tiene la forma esperada. Escríbalo como aparece")
        assert refused.value.field == "folio"

    def test_the_example_in_the_complaint_is_itself_a_folio(self) -> None:
        with pytest.raises(Refused) as refused:
            parse_folio("hola")

        example = refused.value.message.rstrip(".").split()[-1]
        assert parse_folio(example) == example

    def test_a_wrong_check_says_to_compare_with_the_receipt(self) -> None:
        with pytest.raises(Refused) as refused:
            parse_folio(FOLIO + "L")

        assert refused.value.message == (
            "El folio no coincide con su carácter de verificación. "
            "Compárelo con su acuse, carácter por carácter, y escríbalo de nuevo."
        )


class TestTrackingKey:
    @given(secret=st.binary(min_size=1), nonce=st.binary())
    def test_a_key_is_six_words_of_the_list_in_composed_form(self, secret: bytes, nonce: bytes) -> None:
        words = {unicodedata.normalize("NFC", word) for word in Mnemonic("spanish").wordlist}

        key = tracking_key(secret, nonce)

        assert len(key.split("-")) == 6
        assert set(key.split("-")) <= words
        assert unicodedata.is_normalized("NFC", key)

    def test_a_key_holds_at_least_sixty_bits(self) -> None:
        distinguishable = {normalise_key(word) for word in Mnemonic("spanish").wordlist}
        seen = [
            {tracking_key(b"secret", bytes([high, low])).split("-")[at] for high in range(8) for low in range(256)}
            for at in range(6)
        ]

        assert 6 * math.log2(len(distinguishable)) >= 60
        assert all(len(words) > 1000 for words in seen)

    def test_a_retry_gets_the_same_key_and_another_nonce_or_secret_another(self) -> None:
        key = tracking_key(b"secret", b"nonce")

        assert key == tracking_key(b"secret", b"nonce")
        assert key not in {tracking_key(b"secret", b"other"), tracking_key(b"other", b"nonce")}

    @pytest.mark.parametrize(
        "typed",
        [
            "ábaco-ñandú-abeja",
            "ABACO ÑANDÚ ABEJA",
            " abaco, nandu.  abeja\n",
            "a\u0301baco–n\u0303andu\u0301—abeja",
            "abaconanduabeja",
        ],
    )
    def test_accents_case_and_separators_do_not_matter(self, typed: str) -> None:
        assert normalise_key(typed) == "abaconanduabeja"
        assert hash_key(b"secret", typed) == hash_key(b"secret", "ábaco-ñandú-abeja")

    def test_the_hash_is_stable_and_depends_on_the_secret(self) -> None:
        stored = hash_key(b"secret", "ábaco-ábaco-ábaco-ábaco-ábaco-ábaco")

        assert stored == "f10d560f79dc6401ae399225c0298b89da33c89350f4c876a9e04703d703985f"
        assert stored != hash_key(b"other", "ábaco-ábaco-ábaco-ábaco-ábaco-ábaco")
