"""A window concludes only when everything is answered; until then it says who owes which folios."""

from datetime import timedelta

import pytest

from consulta.db import unit_of_work
from consulta.errors import Refused
from consulta.referrals.conclusion import conclude_when_answered, is_complete, list_debts
from consulta.referrals.standing import withdraw
from consulta.windows.models import Window
from tests.builders import World, a_referral, a_submission, an_answered, get_window
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
AFTER = START + timedelta(days=60)


def conclude(world: World) -> Window:
    """Conclude the window that was open, long after it closed."""
    window = get_window(world.slugs["open"])
    with unit_of_work():
        conclude_when_answered(window=window, actor=world.actors["coordinator"], now=AFTER)
    return window


def test_debts_name_units_folios_and_what_is_at_no_unit(world: World) -> None:
    owed = a_referral(world, START)
    lost = a_submission(world.topics["open-unrouted"], START)

    debts = list_debts(get_window(world.slugs["open"]).id)

    assert [(debt.unit.key if debt.unit else None, [item.folio for item in debt.owed]) for debt in debts] == [
        ("transito", [owed.submission.folio]),
        (None, [lost.folio]),
    ]


def test_window_with_debts_is_not_concluded_and_says_who_owes(world: World) -> None:
    a_referral(world, START)

    with pytest.raises(Refused, match="Dirección de Tránsito debe 1 respuesta"):
        conclude(world)


def test_answered_window_is_concluded(world: World) -> None:
    an_answered(world, START)

    assert is_complete(get_window(world.slugs["open"]).id)
    assert conclude(world).state == "concluded"


def test_withdrawn_one_is_no_debt(world: World) -> None:
    referral = a_referral(world, START)
    with unit_of_work():
        withdraw(submission=referral.submission, reason="", now=START)

    assert conclude(world).state == "concluded"
