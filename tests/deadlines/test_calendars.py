"""Calendars that later decrees extend, and the quick way to many due days."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.deadlines import (
    Calendar,
    DayUnit,
    NonWorkingDay,
    OutsideCalendar,
    compute_due,
    due_on,
    extend_calendar,
)
from consulta.errors import Refused

FIRST_ON, LAST_ON = date(2026, 1, 1), date(2027, 12, 31)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 5, day) for day in (8, 9, 10, 11))
BASE = Calendar(
    "base", "Base", {FRIDAY: NonWorkingDay(FRIDAY, "fiesta", "Ley 1")}, FIRST_ON, LAST_ON, "Ley de los domingos"
)


def extend(
    base: Calendar = BASE, *, closed: tuple[date, ...] = (), enabled: Mapping[date, str] | None = None
) -> Calendar:
    days = {on: NonWorkingDay(on, "vacaciones", "Decreto 1") for on in closed}
    return extend_calendar(base, key="mas", name="Más", closed=days, enabled=enabled or {})


class TestExtendedCalendars:
    def test_the_base_stays_as_it_was_and_the_extended_one_has_its_name(self) -> None:
        calendar = extend(closed=(MONDAY,), enabled={FRIDAY: "Decreto 2"})

        assert (calendar.key, calendar.name, calendar.weekend_source) == ("mas", "Más", "Ley de los domingos")
        assert BASE.is_business_day(MONDAY)
        assert not BASE.is_business_day(FRIDAY)

    def test_an_added_day_does_not_count_and_wins_over_what_the_base_says(self) -> None:
        calendar = extend(closed=(FRIDAY, MONDAY))

        assert calendar.non_working(MONDAY) == NonWorkingDay(MONDAY, "vacaciones", "Decreto 1")
        assert calendar.non_working(FRIDAY) == NonWorkingDay(FRIDAY, "vacaciones", "Decreto 1")

    def test_an_enabled_day_counts_although_the_base_or_the_weekend_says_not(self) -> None:
        calendar = extend(enabled={FRIDAY: "Decreto 2", SATURDAY: "Decreto 2"})

        assert [calendar.is_business_day(on) for on in (FRIDAY, SATURDAY, SUNDAY)] == [True, True, False]

    def test_a_later_decree_closes_what_an_earlier_one_enabled(self) -> None:
        enabled = extend(enabled={SATURDAY: "Decreto 2"})

        assert extend(enabled, closed=(SATURDAY,)).non_working(SATURDAY) is not None
        assert extend(extend(closed=(MONDAY,)), enabled={MONDAY: "Decreto 3"}).is_business_day(MONDAY)

    def test_a_derivation_says_who_enabled_a_day(self) -> None:
        calendar = extend(enabled={SATURDAY: "el Acuerdo 5/2026"})

        derivation = compute_due(n=2, unit=DayUnit.BUSINESS_DAY, starts_on=date(2026, 5, 7), calendar=calendar)

        assert [(day.date, day.counted, day.number, day.reason) for day in derivation.days] == [
            (FRIDAY, False, None, "fiesta"),
            (SATURDAY, True, 1, "habilitado por el Acuerdo 5/2026"),
            (SUNDAY, False, None, "domingo"),
            (MONDAY, True, 2, ""),
        ]

    def test_a_day_both_closed_and_enabled_is_refused(self) -> None:
        with pytest.raises(Refused) as refused:
            extend(closed=(MONDAY,), enabled={MONDAY: "Decreto 2"})

        assert refused.value.message == (
            "El 11-05-2026 aparece a la vez como inhábil (Decreto 1) y como habilitado (Decreto 2) en el calendario "
            "«Más»: deje solo uno de los dos."
        )

    def test_a_term_that_ends_on_an_enabled_sunday_does_not_roll(self) -> None:
        calendar = extend(enabled={SUNDAY: "Decreto 2"})

        assert due_on(n=1, unit=DayUnit.CALENDAR_DAY, starts_on=SATURDAY, calendar=calendar) == SUNDAY


DATES = st.dates(FIRST_ON, LAST_ON)


class TestQuickDueDays:
    @given(
        n=st.integers(1, 30),
        unit=st.sampled_from(list(DayUnit)),
        starts_on=DATES,
        closed=st.sets(DATES, max_size=40),
        enabled=st.sets(DATES, max_size=20),
        roll=st.booleans(),
    )
    def test_they_are_the_derived_ones_and_refused_where_those_are(
        self, n: int, unit: DayUnit, starts_on: date, closed: set[date], enabled: set[date], roll: bool
    ) -> None:
        calendar = extend(closed=tuple(closed - enabled), enabled=dict.fromkeys(enabled, "Decreto 2"))

        try:
            derived = compute_due(n=n, unit=unit, starts_on=starts_on, calendar=calendar, roll_last_day=roll).due_on
        except OutsideCalendar:
            with pytest.raises(OutsideCalendar, match="cubre del 01-01-2026 al 31-12-2027"):
                due_on(n=n, unit=unit, starts_on=starts_on, calendar=calendar, roll_last_day=roll)
        else:
            assert due_on(n=n, unit=unit, starts_on=starts_on, calendar=calendar, roll_last_day=roll) == derived

    @pytest.mark.parametrize("n", [0, 1001])
    def test_a_length_that_no_term_has_is_refused(self, n: int) -> None:
        with pytest.raises(Refused, match="El plazo debe ser de 1 a 1000"):
            due_on(n=n, unit=DayUnit.CALENDAR_DAY, starts_on=MONDAY, calendar=BASE)


class TestMonthsAndYears:
    @pytest.mark.parametrize(
        ("n", "unit", "starts_on", "due"),
        [
            pytest.param(1, DayUnit.MONTH, date(2026, 5, 4), date(2026, 6, 4), id="date-to-date"),
            pytest.param(2, DayUnit.MONTH, date(2026, 11, 30), date(2027, 2, 1), id="into-next-year-and-rolled"),
            pytest.param(1, DayUnit.YEAR, date(2026, 5, 4), date(2027, 5, 4), id="a-year"),
            pytest.param(1, DayUnit.MONTH, date(2026, 1, 31), date(2026, 3, 2), id="february-lacks-the-31st"),
            pytest.param(1, DayUnit.MONTH, date(2026, 8, 31), date(2026, 10, 1), id="september-lacks-the-31st"),
        ],
    )
    def test_they_run_date_to_date(self, n: int, unit: DayUnit, starts_on: date, due: date) -> None:
        assert compute_due(n=n, unit=unit, starts_on=starts_on, calendar=BASE).due_on == due

    def test_a_last_day_that_the_month_lacks_passes_to_a_business_day_even_where_none_rolls(self) -> None:
        derivation = compute_due(
            n=1, unit=DayUnit.MONTH, starts_on=date(2026, 1, 31), calendar=BASE, roll_last_day=False
        )

        assert [(day.date, day.number, day.reason) for day in derivation.days] == [
            (date(2026, 3, 1), 1, "febrero de 2026 no tiene día 31: el plazo pasa al mes siguiente"),
            (date(2026, 3, 2), None, "el último día del plazo fue inhábil: vence el siguiente día hábil"),
        ]

    def test_the_derivation_has_the_day_that_completes_each_month(self) -> None:
        derivation = compute_due(n=3, unit=DayUnit.MONTH, starts_on=date(2026, 5, 4), calendar=BASE)

        assert [(day.date, day.number) for day in derivation.days] == [
            (date(2026, 6, 4), 1),
            (date(2026, 7, 4), 2),
            (date(2026, 8, 4), 3),
        ]

    def test_a_term_that_leaves_the_calendar_is_refused(self) -> None:
        with pytest.raises(OutsideCalendar):
            compute_due(n=1, unit=DayUnit.YEAR, starts_on=LAST_ON - timedelta(days=30), calendar=BASE)
