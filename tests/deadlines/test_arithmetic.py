"""What the law expects of a term: the worked cases of the domain reference, and the arithmetic in general."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consulta.clocks import load_calendar
from consulta.deadlines import (
    Calendar,
    DateRange,
    DayUnit,
    Derivation,
    ExplicitDates,
    MonthDay,
    NonWorkingDay,
    NthWeekday,
    OutsideCalendar,
    Validity,
    compute_due,
    count_business_days,
    expand_patterns,
    next_business_day,
)
from consulta.errors import Refused

FIRST_ON, LAST_ON = date(2026, 1, 1), date(2027, 12, 31)
ALWAYS = Validity("día de prueba", "Decreto de prueba", date(2000, 1, 1))


def a_calendar(non_working: Iterable[date] = ()) -> Calendar:
    days = {on: NonWorkingDay(on, "día de prueba", "Decreto de prueba") for on in non_working}
    return Calendar("prueba", "Calendario de prueba", days, FIRST_ON, LAST_ON, "Ley de prueba, 1")


def business_days(n: int, starts_on: date, calendar: str = "lft") -> Derivation:
    return compute_due(n=n, unit=DayUnit.BUSINESS_DAY, starts_on=starts_on, calendar=load_calendar(calendar))


def calendar_days(n: int, starts_on: date, *, roll_last_day: bool = True) -> Derivation:
    return compute_due(
        n=n,
        unit=DayUnit.CALENDAR_DAY,
        starts_on=starts_on,
        calendar=load_calendar("lft"),
        roll_last_day=roll_last_day,
    )


class TestWorkedCases:
    @pytest.mark.parametrize(
        ("n", "starts_on", "calendar", "due_on"),
        [
            pytest.param(5, date(2026, 4, 30), "lft", date(2026, 5, 8), id="5-over-labour-day"),
            pytest.param(5, date(2026, 4, 30), "lfpa", date(2026, 5, 11), id="5-and-lfpa-skips-5-may"),
            pytest.param(20, date(2026, 9, 7), "lft", date(2026, 10, 6), id="20-from-7-september"),
            pytest.param(30, date(2026, 9, 7), "lft", date(2026, 10, 20), id="20-extended-by-10"),
            pytest.param(20, date(2026, 9, 21), "lft", date(2026, 10, 19), id="20-counted-anew"),
            pytest.param(20, date(2026, 5, 4), "lft", date(2026, 6, 1), id="20-day-consultation"),
            pytest.param(3, date(2030, 9, 26), "lft", date(2030, 10, 2), id="lft-skips-1-october-2030"),
            pytest.param(3, date(2030, 9, 26), "lfpa", date(2030, 10, 1), id="lfpa-counts-1-october-2030"),
            pytest.param(20, date(2026, 12, 1), "lft", date(2026, 12, 30), id="20-from-1-december"),
            pytest.param(15, date(2025, 12, 31), "lft", date(2026, 1, 22), id="first-15-of-january"),
        ],
    )
    def test_business_days_end_on(self, n: int, starts_on: date, calendar: str, due_on: date) -> None:
        derivation = business_days(n, starts_on, calendar)

        assert derivation.due_on == due_on

    def test_20_calendar_days_that_end_on_a_sunday_are_carried_to_monday(self) -> None:
        assert calendar_days(20, date(2026, 5, 4)).due_on == date(2026, 5, 25)

    def test_20_calendar_days_stay_on_the_sunday_where_the_last_day_does_not_roll(self) -> None:
        assert calendar_days(20, date(2026, 5, 4), roll_last_day=False).due_on == date(2026, 5, 24)

    def test_a_cabildo_of_24_february_is_called_by_9_february(self) -> None:
        assert calendar_days(15, date(2026, 2, 9), roll_last_day=False).due_on == date(2026, 2, 24)

    def test_the_guanajuato_window_of_2025_had_29_business_days(self) -> None:
        assert count_business_days(date(2025, 2, 16), date(2025, 3, 28), load_calendar("lft")) == 29


class TestDerivation:
    def test_skipped_days_say_why_and_who_says_so(self) -> None:
        derivation = business_days(1, date(2026, 4, 30))

        assert [(day.date.day, day.number, day.reason, day.source) for day in derivation.days] == [
            (1, None, "Día del Trabajo", "LFT 74, fracción IV"),
            (2, None, "sábado", "LFPA 28 (criterio supletorio)"),
            (3, None, "domingo", "LFPA 28 (criterio supletorio)"),
            (4, 1, "", ""),
        ]

    def test_rolled_days_appear_uncounted_after_the_last_numbered_day(self) -> None:
        calendar = a_calendar([date(2026, 5, 25)])

        derivation = compute_due(n=1, unit=DayUnit.CALENDAR_DAY, starts_on=date(2026, 5, 22), calendar=calendar)

        assert [(day.date.day, day.counted, day.number, day.reason) for day in derivation.days] == [
            (23, True, 1, ""),
            (24, False, None, "domingo"),
            (25, False, None, "día de prueba"),
            (26, False, None, "el último día del plazo fue inhábil: vence el siguiente día hábil"),
        ]
        assert derivation.due_on == date(2026, 5, 26)

    def test_json_is_the_published_shape(self) -> None:
        derivation = compute_due(
            n=1,
            unit=DayUnit.BUSINESS_DAY,
            starts_on=date(2026, 5, 3),
            calendar=a_calendar(),
            rule="prueba.regla",
            citation="Ley de prueba, 2",
        )

        assert derivation.as_json() == {
            "starts_on": "2026-05-03",
            "due_on": "2026-05-04",
            "n": 1,
            "unit": "business_day",
            "calendar": "prueba",
            "rule": "prueba.regla",
            "citation": "Ley de prueba, 2",
            "days": [{"date": "2026-05-04", "counted": True, "number": 1, "reason": "", "source": ""}],
        }


class TestRefusals:
    @pytest.mark.parametrize("n", [-1, 0, 1001])
    @pytest.mark.parametrize("unit", list(DayUnit))
    def test_a_term_outside_1_to_1000_days_is_refused(self, n: int, unit: DayUnit) -> None:
        with pytest.raises(Refused) as refused:
            compute_due(n=n, unit=unit, starts_on=date(2026, 5, 4), calendar=a_calendar())

        assert refused.value.message == f"El plazo debe ser de 1 a 1000 días; se recibió {n}."
        assert refused.value.field == "n"

    @pytest.mark.parametrize("unit", [DayUnit.BUSINESS_DAY, DayUnit.CALENDAR_DAY])
    def test_1000_days_are_accepted(self, unit: DayUnit) -> None:
        derivation = compute_due(n=1000, unit=unit, starts_on=date(2026, 5, 4), calendar=load_calendar("lft"))

        assert max(day.number or 0 for day in derivation.days) == 1000

    def test_a_date_that_the_calendar_does_not_cover_names_calendar_and_range(self) -> None:
        with pytest.raises(OutsideCalendar) as outside:
            a_calendar().non_working(date(2028, 1, 1))

        assert outside.value.message == (
            "El calendario «Calendario de prueba» cubre del 01-01-2026 al 31-12-2027; "
            "el 01-01-2028 queda fuera. Use otra fecha o pida que se amplíe el calendario."
        )

    @pytest.mark.parametrize("unit", list(DayUnit))
    @pytest.mark.parametrize("starts_on", [date.min, FIRST_ON - timedelta(days=1), LAST_ON, date.max])
    def test_a_count_that_leaves_the_calendar_is_refused(self, unit: DayUnit, starts_on: date) -> None:
        with pytest.raises(OutsideCalendar):
            compute_due(n=1, unit=unit, starts_on=starts_on, calendar=a_calendar())


class TestBusinessDays:
    def test_the_next_business_day_is_strictly_later(self) -> None:
        calendar = a_calendar([date(2026, 5, 5)])

        assert next_business_day(date(2026, 5, 4), calendar) == date(2026, 5, 6)
        assert next_business_day(date(2026, 5, 9), calendar) == date(2026, 5, 11)

    def test_counting_backwards_is_negative_and_nothing_is_zero(self) -> None:
        friday, tuesday = date(2026, 5, 8), date(2026, 5, 12)

        assert count_business_days(friday, tuesday, a_calendar()) == 2
        assert count_business_days(tuesday, friday, a_calendar()) == -2
        assert count_business_days(friday, friday, a_calendar()) == 0

    def test_a_named_day_wins_over_the_weekend_it_falls_on(self) -> None:
        saturday = date(2026, 5, 9)

        assert a_calendar().non_working(saturday) == NonWorkingDay(saturday, "sábado", "Ley de prueba, 1")
        assert a_calendar([saturday]).non_working(saturday) == NonWorkingDay(
            saturday, "día de prueba", "Decreto de prueba"
        )


HOLIDAYS = st.sets(st.dates(FIRST_ON, LAST_ON), max_size=60)
STARTS = st.dates(FIRST_ON, date(2026, 12, 31))
TERMS = st.integers(1, 60)


def brute_force_business_days(holidays: set[date]) -> list[date]:
    """All business days of the calendar, by elimination: the oracle, sharing no code with the subject."""
    everything = [date.fromordinal(at) for at in range(FIRST_ON.toordinal(), LAST_ON.toordinal() + 1)]
    return [on for on in everything if on.isoweekday() <= 5 and on not in holidays]


class TestAgainstBruteForce:
    @given(n=TERMS, starts_on=STARTS, holidays=HOLIDAYS)
    def test_the_due_day_is_the_nth_business_day_after_the_start(
        self, n: int, starts_on: date, holidays: set[date]
    ) -> None:
        later = [on for on in brute_force_business_days(holidays) if on > starts_on]

        derivation = compute_due(n=n, unit=DayUnit.BUSINESS_DAY, starts_on=starts_on, calendar=a_calendar(holidays))

        assert derivation.due_on == later[n - 1]
        assert [day.date for day in derivation.days if day.counted] == later[:n]
        assert [day.number for day in derivation.days if day.counted] == list(range(1, n + 1))
        assert all(day.reason and day.source for day in derivation.days if not day.counted)

    @given(n=TERMS, starts_on=STARTS, holidays=HOLIDAYS)
    def test_a_calendar_term_is_carried_to_the_first_business_day_not_before_its_end(
        self, n: int, starts_on: date, holidays: set[date]
    ) -> None:
        end = date.fromordinal(starts_on.toordinal() + n)

        derivation = compute_due(n=n, unit=DayUnit.CALENDAR_DAY, starts_on=starts_on, calendar=a_calendar(holidays))

        assert derivation.due_on == min(on for on in brute_force_business_days(holidays) if on >= end)
        assert [day.date.toordinal() for day in derivation.days] == list(
            range(starts_on.toordinal() + 1, derivation.due_on.toordinal() + 1)
        )

    @given(one=STARTS, other=STARTS, holidays=HOLIDAYS)
    def test_counting_agrees_in_both_directions(self, one: date, other: date, holidays: set[date]) -> None:
        after, until = sorted((one, other))
        expected = len([on for on in brute_force_business_days(holidays) if after < on <= until])

        assert count_business_days(after, until, a_calendar(holidays)) == expected
        assert count_business_days(until, after, a_calendar(holidays)) == -expected


class TestPatterns:
    def test_the_earlier_pattern_is_quoted_where_two_name_a_day(self) -> None:
        later = Validity("vacaciones", "Otro decreto", date(2000, 1, 1))
        patterns = [
            MonthDay(ALWAYS, 12, 25),
            DateRange(later, date(2026, 12, 24), date(2026, 12, 25)),
        ]

        days = expand_patterns(patterns, first_year=2026, last_year=2026)

        assert [(on, day.reason) for on, day in days.items()] == [
            (date(2026, 12, 24), "vacaciones"),
            (date(2026, 12, 25), "día de prueba"),
        ]

    def test_a_pattern_stands_only_while_it_is_in_force(self) -> None:
        validity = Validity("día", "Decreto", date(2021, 3, 1), date(2023, 3, 1))

        days = expand_patterns([MonthDay(validity, 3, 1)], first_year=2015, last_year=2030)

        assert list(days) == [date(2021, 3, 1), date(2022, 3, 1), date(2023, 3, 1)]

    def test_every_n_years_is_counted_from_its_year_and_not_before(self) -> None:
        days = expand_patterns([MonthDay(ALWAYS, 10, 1, 6, 2024)], first_year=2015, last_year=2035)

        assert list(days) == [date(2024, 10, 1), date(2030, 10, 1)]

    def test_a_day_that_a_year_lacks_is_skipped(self) -> None:
        leap = expand_patterns([MonthDay(ALWAYS, 2, 29)], first_year=2023, last_year=2028)
        fifth_monday = expand_patterns([NthWeekday(ALWAYS, 2, 0, 5)], first_year=2026, last_year=2026)

        assert list(leap) == [date(2024, 2, 29), date(2028, 2, 29)]
        assert fifth_monday == {}

    @pytest.mark.parametrize("nth", [1, 2, 3, 4])
    @given(year=st.integers(2015, 2035), month=st.integers(1, 12), weekday=st.integers(0, 6))
    def test_nth_weekday_agrees_with_a_walk_through_the_month(
        self, nth: int, year: int, month: int, weekday: int
    ) -> None:
        in_month = [date(year, month, day) for day in range(1, 29)]
        expected = [on for on in in_month if on.weekday() == weekday][nth - 1]

        days = expand_patterns([NthWeekday(ALWAYS, month, weekday, nth)], first_year=year, last_year=year)

        assert list(days) == [expected]

    def test_dates_and_ranges_outside_the_years_are_left_out(self) -> None:
        patterns = [
            ExplicitDates(ALWAYS, (date(2025, 5, 5), date(2026, 5, 5))),
            DateRange(ALWAYS, date(2026, 12, 31), date(2027, 1, 2)),
        ]

        days = expand_patterns(patterns, first_year=2026, last_year=2026)

        assert list(days) == [date(2026, 5, 5), date(2026, 12, 31)]
