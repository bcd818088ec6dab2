"""What a rule makes of the facts of a case: a pause, a new beginning, an extension, or a refusal."""

from dataclasses import replace
from datetime import date

import pytest

from consulta.clocks import load_calendar, load_rule
from consulta.deadlines import ClockState, DeadlineRule, Face, Fact, FactName, OnClarification, fold_facts
from consulta.errors import Refused

ANSWER = load_rule("lgtaip_2025.answer")
PLAIN = load_rule("lgtaip_2025.already_public")
NOTIFIED = Fact(FactName.CLARIFICATION_NOTIFIED, date(2026, 9, 14))
ANSWERED = Fact(FactName.CLARIFICATION_ANSWERED, date(2026, 9, 21))


def show(rule: DeadlineRule, *facts: Fact) -> Face:
    return fold_facts(rule, starts_on=date(2026, 9, 7), facts=facts, calendar=load_calendar("lft"))


def extended(day: int) -> Fact:
    return Fact(FactName.EXTENDED, date(2026, 10, day))


def test_the_rule_says_whether_an_answered_clarification_restarts_or_resumes() -> None:
    suspending = replace(ANSWER, on_clarification=OnClarification.SUSPEND)

    assert show(ANSWER, NOTIFIED, ANSWERED).due_on == date(2026, 10, 19)
    assert show(suspending, NOTIFIED, ANSWERED).due_on == date(2026, 10, 12)


def test_facts_may_be_told_in_any_order() -> None:
    assert show(ANSWER, extended(12), ANSWERED, NOTIFIED) == show(ANSWER, NOTIFIED, ANSWERED, extended(12))


def test_a_clarification_without_an_answer_leaves_no_due_day() -> None:
    assert show(ANSWER, NOTIFIED) == Face(ClockState.SUSPENDED, None, None, False)


def test_an_extension_is_as_long_as_the_rule_says_and_cites_it() -> None:
    derivation = show(ANSWER, extended(6)).derivation

    assert derivation is not None
    assert (derivation.due_on, derivation.n, derivation.rule) == (date(2026, 10, 20), 30, "lgtaip_2025.answer")
    assert [day.source for day in derivation.days if day.number == 21] == ["LGTAIP 134"]


def test_a_restart_voids_an_extension_so_that_it_may_be_extended_again() -> None:
    early = Fact(FactName.EXTENDED, date(2026, 9, 10))

    assert show(ANSWER, early, NOTIFIED, ANSWERED, extended(12)).due_on == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("rule", "facts", "sentence"),
    [
        (
            PLAIN,
            (NOTIFIED,),
            "La regla «lgtaip_2025.already_public» no se detiene por una prevención: quite ese hecho.",
        ),
        (PLAIN, (extended(1),), "La regla «lgtaip_2025.already_public» no admite prórroga: quite ese hecho."),
        (
            ANSWER,
            (extended(1), extended(2)),
            "La regla «lgtaip_2025.answer» no admite otra prórroga: la del 02-10-2026 sobra.",
        ),
        (
            ANSWER,
            (extended(7),),
            "La prórroga del 07-10-2026 llegó tarde: la regla «lgtaip_2025.answer» pide notificarla a más tardar "
            "el 06-10-2026.",
        ),
        (
            ANSWER,
            (Fact(FactName.CLARIFICATION_NOTIFIED, date(2026, 9, 4)),),
            "El hecho «suspensión» (04-09-2026) es anterior al que le precede (07-09-2026): corrija su fecha.",
        ),
        (
            ANSWER,
            (ANSWERED,),
            "El 21-09-2026 no había prevención que desahogar: indique antes el día en que se notificó.",
        ),
        (
            replace(ANSWER, on_clarification=OnClarification.SUSPEND),
            (NOTIFIED, ANSWERED, ANSWERED),
            "El 21-09-2026 no había prevención que desahogar: indique antes el día en que se notificó.",
        ),
    ],
)
def test_a_fact_that_the_rule_does_not_admit_is_refused(
    rule: DeadlineRule, facts: tuple[Fact, ...], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        show(rule, *facts)

    assert refused.value.message == sentence
