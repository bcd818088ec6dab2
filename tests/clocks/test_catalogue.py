"""The calendars that ship with Consulta: days as the law has them, and clear complaints about files."""

from datetime import date
from pathlib import Path

import holidays
import pytest

from consulta.clocks import list_calendar_keys, load_calendar
from consulta.clocks.calendar_files import read_calendar_file
from consulta.clocks.tables import BadData
from consulta.errors import NotFound

KEYS = ["benito_juarez_2025", "edomex_2024", "guanajuato_demo", "lfpa", "lft"]
YEARS = range(2015, 2036)
FEDERAL_ELECTIONS = {
    date(2015, 6, 7),
    date(2018, 7, 1),
    date(2021, 6, 6),
    date(2024, 6, 2),
    date(2027, 6, 6),
}


def days_of(key: str, year: int) -> list[tuple[int, int]]:
    return [(on.month, on.day) for on in load_calendar(key).days if on.year == year]


class TestCalendars:
    def test_five_calendars_ship(self) -> None:
        assert list_calendar_keys() == KEYS

    @pytest.mark.parametrize("key", KEYS)
    def test_every_calendar_covers_2015_to_2035_and_cites_every_day(self, key: str) -> None:
        calendar = load_calendar(key)

        assert (calendar.key, calendar.first_on, calendar.last_on) == (
            key,
            date(2015, 1, 1),
            date(2035, 12, 31),
        )
        assert all(day.reason and day.source for day in calendar.days.values())
        assert calendar.weekend_source

    def test_lft_is_what_an_independent_source_says_plus_the_election_days(self) -> None:
        independent = set(holidays.country_holidays("MX", years=YEARS))

        ours = set(load_calendar("lft").days)

        assert ours - independent == FEDERAL_ELECTIONS
        assert independent - ours == set()

    def test_lft_moves_the_change_of_government_from_december_to_october(self) -> None:
        sources = {on: day.source for on, day in load_calendar("lft").days.items() if "Ejecutivo" in day.reason}

        assert sources == {
            date(2018, 12, 1): "LFT 74, fracción VII (texto anterior al DOF 30-09-2024)",
            date(2024, 10, 1): "LFT 74, fracción VII (reforma DOF 30-09-2024)",
            date(2030, 10, 1): "LFT 74, fracción VII (reforma DOF 30-09-2024)",
        }

    def test_lfpa_has_fixed_days_of_its_own(self) -> None:
        ordinary = [(1, 1), (2, 5), (3, 21), (5, 1), (5, 5), (9, 1), (9, 16), (11, 20), (12, 25)]

        assert days_of("lfpa", 2026) == ordinary
        assert days_of("lfpa", 2030) == [*ordinary[:-1], (12, 1), (12, 25)]

    def test_lft_of_2026_is_the_official_list(self) -> None:
        assert days_of("lft", 2026) == [(1, 1), (2, 2), (3, 16), (5, 1), (9, 16), (11, 16), (12, 25)]

    def test_the_demonstration_adds_only_invented_decrees_to_lft(self) -> None:
        lft, demonstration = load_calendar("lft").days, load_calendar("guanajuato_demo").days

        assert {on: demonstration[on] for on in lft} == dict(lft)
        assert all("(decreto de demostración)" in day.source for on, day in demonstration.items() if on not in lft)

    def test_the_demonstration_rests_on_holy_week_and_at_the_end_of_the_year(self) -> None:
        calendar = load_calendar("guanajuato_demo")

        for rest in (date(2024, 3, 28), date(2026, 4, 3), date(2030, 4, 18), date(2024, 12, 23)):
            assert calendar.non_working(rest) is not None
        for work in (date(2026, 4, 1), date(2026, 12, 18), date(2027, 1, 4)):
            assert calendar.non_working(work) is None

    def test_the_state_of_mexico_rests_on_eleven_days_of_2024_and_on_three_vacations(self) -> None:
        calendar, vacations = load_calendar("edomex_2024"), {"vacaciones de primavera", "vacaciones de verano"}

        named = [day.on for day in calendar.days.values() if day.on.year == 2024 and "vacaciones" not in day.reason]

        assert [(on.month, on.day) for on in named] == [
            (1, 1),
            (2, 5),
            (3, 1),
            (3, 18),
            (5, 1),
            (5, 6),
            # The federal election, a Sunday that the list of eleven has no need to name.
            (6, 2),
            (9, 16),
            (10, 1),
            (11, 1),
            (11, 18),
            (12, 25),
        ]
        assert [on for on, day in calendar.days.items() if day.reason in vacations] == [
            *(date(2024, 3, at) for at in range(25, 30)),
            *(date(2024, 7, at) for at in range(22, 27)),
        ]
        assert not calendar.is_business_day(date(2024, 12, 20))
        assert not calendar.is_business_day(date(2025, 1, 6))
        assert calendar.is_business_day(date(2025, 1, 7))

    def test_benito_juarez_rests_as_its_decree_of_2025_says(self) -> None:
        calendar = load_calendar("benito_juarez_2025")

        decreed = [on for on, day in calendar.days.items() if "Benito Juárez" in day.source]

        assert len(decreed) == 5 + 2 + 12 + 1 + 16 - 2
        for rest in (date(2025, 4, 14), date(2025, 5, 5), date(2025, 8, 1), date(2025, 9, 15), date(2026, 1, 6)):
            assert not calendar.is_business_day(rest)
        for work in (date(2025, 4, 21), date(2025, 5, 6), date(2025, 8, 4), date(2025, 12, 19), date(2026, 1, 7)):
            assert calendar.is_business_day(work)
        assert "LFT" in calendar.days[date(2025, 9, 16)].source

    @pytest.mark.parametrize("key", ["", "no_hay", "../rules/lfpa", "LFT"])
    def test_an_unknown_calendar_is_not_found_and_the_known_ones_are_named(self, key: str) -> None:
        with pytest.raises(NotFound) as missing:
            load_calendar(key)

        assert missing.value.message == (f"No existe el calendario «{key}». Los disponibles son: {', '.join(KEYS)}.")


CALENDAR = 'key = "x"\nname = "X"\nweekend_source = "Ley"\n'
DAY = '[[day]]\nreason = "r"\nsource = "s"\nvalid_from = 2015-01-01\n'


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("key = ", "x.toml: no es un archivo TOML válido"),
            ('name = "X"', "x.toml: la clave «key» falta o no es válida; escriba un texto entre comillas."),
            ('key = "y"\n', "x.toml: la clave «key» falta o no es válida; escriba «x», como el nombre"),
            ('key = "x"\nname = " "\n', "x.toml: la clave «name»"),
            (
                CALENDAR + "sorpresa = 1\n",
                "x.toml: la clave «sorpresa» falta o no es válida; quite esa clave",
            ),
            (CALENDAR + 'extends = "x"\n', "x.toml: la clave «extends»"),
            (CALENDAR + 'extends = "nada"\n', "nada.toml: el archivo no existe"),
            (CALENDAR + "day = 3\n", "x.toml: la clave «day»"),
            (CALENDAR + DAY, "x.toml, [[day]] n.º 1: la clave «pattern»"),
            (CALENDAR + DAY + 'pattern = "lunar"\n', "escriba una de estas palabras: month_day, nth_weekday"),
            (CALENDAR + DAY + 'pattern = "month_day"\nmonth = 13\nday = 1\n', "un número entero de 1 a 12"),
            (CALENDAR + DAY + 'pattern = "month_day"\nmonth = 4\nday = 31\n', "un número entero de 1 a 30"),
            (CALENDAR + DAY + 'pattern = "month_day"\nmonth = true\nday = 1\n', "la clave «month»"),
            (
                CALENDAR + DAY + 'pattern = "month_day"\nmonth = 4\nday = 1\nevery_years = 6\n',
                "la clave «from_year»",
            ),
            (CALENDAR + DAY + 'pattern = "dates"\ndates = []\n', "una lista de fechas AAAA-MM-DD"),
            (
                CALENDAR + DAY + 'pattern = "dates"\ndates = ["2026-01-01"]\n',
                "una lista de fechas AAAA-MM-DD",
            ),
            (CALENDAR + DAY + 'pattern = "range"\nfirst_on = 2026-01-02T00:00:00\n', "la clave «first_on»"),
            (
                CALENDAR + DAY + 'pattern = "range"\nfirst_on = 2026-01-02\nlast_on = 2026-01-01\n',
                "la clave «last_on» falta o no es válida; escriba una fecha igual o posterior a first_on.",
            ),
            (
                CALENDAR + DAY + 'valid_to = 2014-12-31\npattern = "dates"\ndates = [2026-01-01]\n',
                "la clave «valid_to»",
            ),
            (
                CALENDAR + DAY + 'pattern = "nth_weekday"\nmonth = 1\nweekday = "lunes"\nnth = 1\n',
                "escriba una de estas palabras: monday, tuesday",
            ),
        ],
    )
    def test_a_calendar_file_names_file_key_and_remedy(self, tmp_path: Path, text: str, complaint: str) -> None:
        (tmp_path / "x.toml").write_text(text, encoding="utf-8")

        with pytest.raises(BadData) as broken:
            read_calendar_file(tmp_path, "x")

        assert complaint in broken.value.message
        assert ".toml" in broken.value.message

    def test_two_calendars_that_extend_each_other_are_refused(self, tmp_path: Path) -> None:
        for key, base in (("x", "y"), ("y", "x")):
            (tmp_path / f"{key}.toml").write_text(f'key = "{key}"\nname = "N"\nextends = "{base}"\n')

        with pytest.raises(BadData, match=r"y\.toml: la clave «extends»"):
            read_calendar_file(tmp_path, "x")
