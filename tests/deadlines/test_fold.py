"""What happens to a term and what its clock then shows: suspended, restarted, extended, recalendared, met."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.clocks import load_calendar
from consulta.deadlines import (
    Calendar,
    ClockState,
    DayUnit,
    Derivation,
    Event,
    EventKind,
    Face,
    NonWorkingDay,
    Term,
    compute_due,
    extend_calendar,
    fold,
)
from consulta.errors import Refused

TWENTY = Term(20, DayUnit.BUSINESS_DAY, rule="lgtaip_2025.answer", citation="LGTAIP 134")
START = Event(EventKind.START, date(2026, 9, 7))
SUSPENDED = Event(EventKind.SUSPEND, date(2026, 9, 14), citation="LFPA 17-A")
RESUMED = Event(EventKind.RESUME, date(2026, 9, 21))
RESTARTED = Event(EventKind.RESTART, date(2026, 9, 21))
CHANGED = "el calendario cambió: un plazo de la ciudadanía nunca se acorta"


def show(*events: Event, term: Term = TWENTY, calendar: Calendar | None = None) -> Face:
    return fold(term, events, calendar or load_calendar("lft"))


def derive(*events: Event, term: Term = TWENTY, calendar: Calendar | None = None) -> Derivation:
    found = show(*events, term=term, calendar=calendar).derivation
    assert found is not None
    return found


def extended(n: int, unit: DayUnit = DayUnit.BUSINESS_DAY, on: date = date(2026, 10, 1)) -> Event:
    return Event(EventKind.EXTEND, on, n, unit, "LGTAIP 134, segundo párrafo")


def days_of(term: int, unit: DayUnit, *, roll_last_day: bool = True) -> Term:
    return Term(term, unit, roll_last_day)


def closing(*closed: date, enabled: Mapping[date, str] | None = None) -> Calendar:
    days = {on: NonWorkingDay(on, "vacaciones", "Decreto 1") for on in closed}
    return extend_calendar(load_calendar("lft"), key="x", name="X", closed=days, enabled=enabled or {})


class TestWorkedCases:
    """The vectors of the domain reference: twenty business days from Monday 7 September 2026."""

    @pytest.mark.parametrize(
        ("events", "due_on"),
        [
            pytest.param((START,), date(2026, 10, 6), id="nothing-happens"),
            pytest.param((START, extended(10)), date(2026, 10, 20), id="extended-by-10"),
            pytest.param((START, SUSPENDED, RESTARTED), date(2026, 10, 19), id="clarification-restarts"),
            pytest.param((START, SUSPENDED, RESUMED), date(2026, 10, 12), id="clarification-suspends"),
        ],
    )
    def test_twenty_business_days_end_on(self, events: tuple[Event, ...], due_on: date) -> None:
        face = show(*events)

        assert (face.state, face.due_on, face.is_missed) == (ClockState.RUNNING, due_on, False)
        assert face.derivation is not None
        assert face.derivation.days[-1].date == due_on


class TestSuspension:
    def test_the_day_of_the_notification_counts_and_that_of_the_answer_does_not(self) -> None:
        days = {day.date.day: day for day in derive(START, SUSPENDED, RESUMED).days if day.date.month == 9}

        assert (days[14].number, days[22].number) == (5, 6)
        assert [(on, days[on].reason, days[on].source) for on in (15, 16, 19, 21)] == [
            (on, "suspendido: prevención notificada el 14-09-2026", "LFPA 17-A") for on in (15, 16, 19, 21)
        ]

    def test_a_suspended_term_has_no_due_day(self) -> None:
        assert show(START, SUSPENDED) == Face(ClockState.SUSPENDED, None, None, False)

    def test_a_term_suspended_twice_stands_still_twice(self) -> None:
        again = (Event(EventKind.SUSPEND, date(2026, 9, 22)), Event(EventKind.RESUME, date(2026, 9, 24)))

        # 22 September counts as the sixth day; 23 and 24 do not: two business days later than after one suspension.
        assert show(START, SUSPENDED, RESUMED, *again).due_on == date(2026, 10, 14)

    def test_a_suspension_answered_the_same_day_takes_no_day(self) -> None:
        answered = Event(EventKind.RESUME, SUSPENDED.on)

        assert show(START, SUSPENDED, answered).due_on == date(2026, 10, 6)

    def test_a_suspension_on_the_day_of_the_start_puts_the_first_day_off(self) -> None:
        events = (START, Event(EventKind.SUSPEND, START.on), Event(EventKind.RESUME, date(2026, 9, 8)))

        assert derive(*events, term=days_of(1, DayUnit.BUSINESS_DAY)).due_on == date(2026, 9, 9)

    def test_a_suspension_after_the_last_day_changes_no_due_day(self) -> None:
        events = (START, Event(EventKind.SUSPEND, date(2026, 10, 6)), Event(EventKind.RESUME, date(2026, 10, 20)))

        assert show(*events).due_on == date(2026, 10, 6)

    def test_calendar_days_stand_still_too(self) -> None:
        # 8 to 14 September are seven days; the other three are 22, 23 and 24.
        assert show(START, SUSPENDED, RESUMED, term=days_of(10, DayUnit.CALENDAR_DAY)).due_on == date(2026, 9, 24)

    def test_a_last_day_that_rolls_does_not_roll_into_a_suspension(self) -> None:
        term = days_of(5, DayUnit.CALENDAR_DAY)
        saturday = Event(EventKind.SUSPEND, date(2026, 9, 12))
        answered = Event(EventKind.RESUME, date(2026, 9, 15))

        # The fifth day is Saturday 12; Monday and Tuesday are suspended, Wednesday 16 is a holiday.
        assert show(START, saturday, answered, term=term).due_on == date(2026, 9, 17)

    @pytest.mark.parametrize(("n", "due_on"), [(1, date(2026, 10, 14)), (3, date(2026, 12, 14))])
    def test_months_are_put_off_by_as_many_days_as_were_suspended(self, n: int, due_on: date) -> None:
        derivation = derive(START, SUSPENDED, RESUMED, term=days_of(n, DayUnit.MONTH))

        assert derivation.due_on == due_on
        assert [day.date.day for day in derivation.days if day.reason.startswith("suspendido")] == list(range(15, 22))


class TestRestart:
    def test_everything_before_is_void(self) -> None:
        derivation = derive(START, extended(10, on=date(2026, 9, 8)), RESTARTED)

        assert (derivation.starts_on, derivation.n, derivation.due_on) == (RESTARTED.on, 20, date(2026, 10, 19))
        assert derivation == compute_due(
            n=20,
            unit=DayUnit.BUSINESS_DAY,
            starts_on=RESTARTED.on,
            calendar=load_calendar("lft"),
            rule=TWENTY.rule,
            citation=TWENTY.citation,
        )

    def test_a_missed_term_that_restarts_is_not_missed_any_more(self) -> None:
        missed = Event(EventKind.MISSED, date(2026, 10, 7))

        assert show(START, missed).is_missed is True
        assert show(START, missed, Event(EventKind.RESTART, date(2026, 10, 8))).is_missed is False


class TestExtension:
    def test_its_days_are_numbered_through_and_its_first_one_says_why(self) -> None:
        derivation = derive(START, extended(2))

        assert [(day.date.day, day.number, day.reason, day.source) for day in derivation.days[-2:]] == [
            (7, 21, "comienza la prórroga", "LGTAIP 134, segundo párrafo"),
            (8, 22, "", ""),
        ]
        assert (derivation.n, derivation.unit) == (22, DayUnit.BUSINESS_DAY)

    def test_a_term_may_be_extended_several_times_and_in_another_unit(self) -> None:
        derivation = derive(START, extended(2), extended(3, DayUnit.CALENDAR_DAY))

        # Thursday 8 October, then three calendar days to Sunday 11, carried to Monday.
        assert derivation.due_on == date(2026, 10, 12)
        assert [day.number for day in derivation.days[-4:]] == [23, 24, 25, None]

    def test_days_after_months_are_numbered_anew(self) -> None:
        derivation = derive(START, extended(2), term=days_of(1, DayUnit.MONTH))

        assert [(day.date, day.number) for day in derivation.days] == [
            (date(2026, 10, 7), 1),
            (date(2026, 10, 8), 1),
            (date(2026, 10, 9), 2),
        ]
        assert (derivation.n, derivation.unit) == (1, DayUnit.MONTH)

    def test_it_begins_after_the_day_to_which_the_term_was_carried(self) -> None:
        term = days_of(5, DayUnit.CALENDAR_DAY)

        # Saturday 12 is carried to Monday 14; two more days end on Wednesday 16, a holiday.
        assert show(START, extended(2, DayUnit.CALENDAR_DAY), term=term).due_on == date(2026, 9, 17)


class TestRecalendar:
    RECALENDARED = Event(EventKind.RECALENDAR, date(2026, 9, 10), citation="Decreto 2")

    def test_the_newest_calendar_always_counts(self) -> None:
        calendar = closing(date(2026, 9, 28), date(2026, 9, 29))

        assert show(START, self.RECALENDARED, calendar=calendar).due_on == date(2026, 10, 8)

    def test_a_term_of_a_citizen_is_never_shortened(self) -> None:
        protected = Event(EventKind.RECALENDAR, date(2026, 9, 10), citation="Decreto 2", not_before=date(2026, 10, 8))

        derivation = derive(START, protected)

        assert derivation.due_on == date(2026, 10, 8)
        assert [(day.date.day, day.number, day.reason, day.source) for day in derivation.days[-3:]] == [
            (6, 20, "", ""),
            (7, None, CHANGED, "Decreto 2"),
            (8, None, CHANGED, "Decreto 2"),
        ]

    def test_a_later_day_than_the_floor_stands_as_computed(self) -> None:
        protected = Event(EventKind.RECALENDAR, date(2026, 9, 10), not_before=date(2026, 10, 6))

        assert derive(START, protected) == derive(START)

    def test_a_floor_that_the_new_calendar_closes_is_carried_to_the_next_business_day(self) -> None:
        protected = Event(EventKind.RECALENDAR, date(2026, 9, 10), not_before=date(2026, 10, 8))

        derivation = derive(START, protected, calendar=closing(date(2026, 10, 8), enabled={date(2026, 9, 16): "D"}))

        assert (derivation.due_on, derivation.days[-1].reason) == (date(2026, 10, 9), CHANGED)

    def test_a_suspension_after_the_change_puts_the_protected_day_off(self) -> None:
        protected = Event(EventKind.RECALENDAR, date(2026, 9, 10), not_before=date(2026, 10, 9))
        late = (Event(EventKind.SUSPEND, date(2026, 10, 7)), Event(EventKind.RESUME, date(2026, 10, 12)))

        # Two protected days (8 and 9) were left when the term was suspended: they run on 13 and 14.
        assert show(START, protected, *late).due_on == date(2026, 10, 14)

    def test_an_extension_is_counted_from_the_protected_day(self) -> None:
        protected = Event(EventKind.RECALENDAR, date(2026, 9, 10), not_before=date(2026, 10, 8))

        assert show(START, protected, extended(1)).due_on == date(2026, 10, 9)


class TestEnd:
    def test_a_term_that_was_met_keeps_its_due_day(self) -> None:
        face = show(START, Event(EventKind.MET, date(2026, 9, 30)))

        assert (face.state, face.due_on) == (ClockState.MET, date(2026, 10, 6))

    def test_a_term_met_while_suspended_never_had_a_due_day_again(self) -> None:
        assert show(START, SUSPENDED, Event(EventKind.MET, SUSPENDED.on)) == Face(ClockState.MET, None, None, False)

    def test_a_missed_term_goes_on(self) -> None:
        face = show(START, Event(EventKind.MISSED, date(2026, 10, 7)))

        assert (face.state, face.due_on, face.is_missed) == (ClockState.RUNNING, date(2026, 10, 6), True)


MET = Event(EventKind.MET, date(2026, 9, 30))


class TestRefusals:
    @pytest.mark.parametrize(
        ("events", "sentence"),
        [
            ((), "El plazo no tiene inicio: registre primero el hecho que lo inicia."),
            ((SUSPENDED,), "El plazo no tiene inicio: registre primero el hecho que lo inicia."),
            (
                (START, Event(EventKind.START, date(2026, 9, 8))),
                "El plazo ya tenía inicio: el del 08-09-2026 sobra; para contarlo de nuevo registre una interrupción.",
            ),
            (
                (START, RESUMED),
                "El plazo no está suspendido: la reanudación del 21-09-2026 sobra; registre antes la suspensión.",
            ),
            (
                (START, SUSPENDED, SUSPENDED),
                "El plazo ya está suspendido: la suspensión del 14-09-2026 sobra; registre antes la reanudación.",
            ),
            (
                (START, RESTARTED, SUSPENDED),
                "El hecho «suspensión» (14-09-2026) es anterior al que le precede (21-09-2026): corrija su fecha.",
            ),
            (
                (START, MET, MET),
                "El plazo ya se cumplió: el hecho «cumplimiento» (30-09-2026) no puede agregarse; inicie otro plazo.",
            ),
            (
                (START, Event(EventKind.EXTEND, date(2026, 9, 8), 5)),
                "La prórroga del 08-09-2026 no dice en qué se cuenta: indique días hábiles, días naturales, "
                "meses o años.",
            ),
            ((START, extended(0)), "El plazo debe ser de 1 a 1000 días; se recibió 0."),
        ],
    )
    def test_events_that_cannot_follow_each_other_say_which_and_what_to_do(
        self, events: tuple[Event, ...], sentence: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            show(*events)

        assert refused.value.message == sentence


UNITS = st.sampled_from(list(DayUnit))


class TestProperties:
    @given(n=st.integers(1, 12), unit=UNITS, offset=st.integers(0, 2000), roll=st.booleans())
    def test_a_term_to_which_nothing_happens_is_the_plain_term(
        self, n: int, unit: DayUnit, offset: int, roll: bool
    ) -> None:
        starts_on, lft = date(2015, 1, 1) + timedelta(days=offset), load_calendar("lft")

        face = fold(Term(n, unit, roll), [Event(EventKind.START, starts_on)], lft)

        assert face.derivation == compute_due(n=n, unit=unit, starts_on=starts_on, calendar=lft, roll_last_day=roll)

    @given(
        n=st.integers(1, 40),
        unit=st.sampled_from([DayUnit.BUSINESS_DAY, DayUnit.CALENDAR_DAY]),
        held=st.integers(0, 30),
        length=st.integers(0, 30),
    )
    def test_a_suspension_never_brings_a_due_day_forward(self, n: int, unit: DayUnit, held: int, length: int) -> None:
        suspended_on = START.on + timedelta(days=held)
        resumed_on = suspended_on + timedelta(days=length)
        events = (START, Event(EventKind.SUSPEND, suspended_on), Event(EventKind.RESUME, resumed_on))
        plain = derive(START, term=days_of(n, unit))

        suspended = derive(*events, term=days_of(n, unit))

        assert suspended.due_on >= plain.due_on
        assert [day.date for day in suspended.days] == [
            START.on + timedelta(days=at) for at in range(1, (suspended.due_on - START.on).days + 1)
        ]
