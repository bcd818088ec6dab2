"""The return address of a notice: it says which notice, and nobody else can make one."""

from pathlib import Path

import pytest

from consulta.config import BadSetting, load_settings
from consulta.notices.return_path import ReturnPath

PATH = ReturnPath("rebotes@ejemplo.gob.mx", b"s" * 32)


def test_address_says_which_notice() -> None:
    assert PATH.of_notice(12).startswith("rebotes+12-")
    assert PATH.find_notice(f"Uno <otro@x.mx>, <{PATH.of_notice(12).upper()}>") == 12


@pytest.mark.parametrize(
    "made_up",
    [
        "rebotes@ejemplo.gob.mx",
        "rebotes+12-00000000000000000000@ejemplo.gob.mx",
        PATH.of_notice(12).replace("+12-", "+13-"),
        PATH.of_notice(12).replace("ejemplo.gob.mx", "ejemplo.com"),
        ReturnPath("rebotes@ejemplo.gob.mx", b"t" * 32).of_notice(12),
        "rebotes+" + "9" * 40 + "-" + "0" * 20 + "@ejemplo.gob.mx",
        "rebotes+١٢-00000000000000000000@ejemplo.gob.mx",
    ],
)
def test_address_that_was_made_up_names_nothing(made_up: str) -> None:
    assert PATH.find_notice(made_up) is None


def test_address_fits_in_what_mail_servers_take() -> None:
    name = PATH.of_notice(10**9).rpartition("@")[0]

    # RFC 5321, 4.5.3.1.1.
    assert len(name) <= 64


@pytest.mark.parametrize("address", ["nada", "@x.mx", "rebotes@", "rebotes+uno@x.mx", "Uno <r@x.mx>", "ñ@x.mx"])
def test_setting_that_is_no_mailbox_stops_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting, match="CONSULTA_BOUNCE_ADDRESS"):
        load_settings({"CONSULTA_INSTANCE": str(tmp_path), "CONSULTA_BOUNCE_ADDRESS": address})


def test_setting_may_be_left_out(tmp_path: Path) -> None:
    assert load_settings({"CONSULTA_INSTANCE": str(tmp_path)}).bounce_address is None
