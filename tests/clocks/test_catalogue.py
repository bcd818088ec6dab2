"""What ships with Consulta: calendars as the law has them, rules that load, clear complaints."""

from datetime import date
from pathlib import Path

import holidays
import pytest

from consulta.clocks import list_calendar_keys, list_rules, load_calendar, load_rule
from consulta.clocks.calendar_files import read_calendar_file
from consulta.clocks.rule_files import read_rule_file
from consulta.clocks.tables import BadData
from consulta.deadlines import Bound, Confidence, DayUnit
from consulta.errors import NotFound

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
    def test_three_calendars_ship(self) -> None:
        assert list_calendar_keys() == ["guanajuato_demo", "lfpa", "lft"]

    @pytest.mark.parametrize("key", ["guanajuato_demo", "lfpa", "lft"])
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

    @pytest.mark.parametrize("key", ["", "no_hay", "../rules/lfpa", "LFT"])
    def test_an_unknown_calendar_is_not_found_and_the_known_ones_are_named(self, key: str) -> None:
        with pytest.raises(NotFound) as missing:
            load_calendar(key)

        assert missing.value.message == (
            f"No existe el calendario «{key}». Los disponibles son: guanajuato_demo, lfpa, lft."
        )


class TestRules:
    @pytest.mark.parametrize(
        ("key", "n", "unit", "bound", "confidence"),
        [
            ("cdmx_2019.citizen_service_answer", 5, "business_day", "max", "S"),
            ("edomex.cabildo_call", 15, "calendar_day", "min", "S"),
            ("lfpa.default_answer", 10, "business_day", "max", "V"),
            ("lgmr_2018.agenda_consultation", 20, "business_day", "min", "S"),
            ("lgmr_2018.comment_answer", 10, "business_day", "max", "K"),
            ("lgmr_2018.expost_consultation", 20, "business_day", "min", "S"),
            ("lgmr_2018.impact_consultation", 20, "business_day", "min", "K"),
            ("lgmr_2018.program_consultation", 20, "business_day", "min", "S"),
            ("lnetb_2025.agenda_consultation", 10, "business_day", "min", "V"),
            ("lnetb_2025.comment_answer", 10, "business_day", "max", "K"),
            ("lnetb_2025.expost_consultation", 20, "business_day", "min", "V"),
            ("lnetb_2025.impact_consultation", 20, "business_day", "min", "V"),
            ("lnetb_2025.simplification_consultation", 20, "business_day", "min", "V"),
        ],
    )
    def test_a_rule_says_what_the_domain_reference_says(
        self, key: str, n: int, unit: str, bound: str, confidence: str
    ) -> None:
        rule = load_rule(key)

        assert (rule.key, rule.n, rule.unit, rule.bound, rule.confidence) == (
            key,
            n,
            DayUnit(unit),
            Bound(bound),
            Confidence(confidence),
        )
        assert rule.key.startswith(f"{rule.rule_set}.")

    def test_there_is_no_other_rule(self) -> None:
        assert len(list_rules()) == 13
        assert [rule.key for rule in list_rules()] == sorted(rule.key for rule in list_rules())

    def test_exactly_the_unconfirmed_rules_are_disabled(self) -> None:
        assert all(rule.enabled is (rule.confidence is not Confidence.UNCONFIRMED) for rule in list_rules())

    def test_an_unknown_rule_is_not_found_and_the_known_ones_are_named(self) -> None:
        with pytest.raises(NotFound) as missing:
            load_rule("lnetb_2025.nada")

        assert missing.value.message.startswith("No existe la regla «lnetb_2025.nada». Las disponibles son: cdmx")


CALENDAR = 'key = "x"\nname = "X"\nweekend_source = "Ley"\n'
DAY = '[[day]]\nreason = "r"\nsource = "s"\nvalid_from = 2015-01-01\n'
RULE_SET = 'rule_set = "x"\nmatter = "m"\n'
RULE = """
[[rule]]
key = "r"
n = 1
unit = "business_day"
bound = "min"
starts_on_event = "e"
roll_last_day = true
citation = "c"
confidence = "V"
enabled = true
"""


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

    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("\xff", "x.toml: no es un archivo TOML válido"),
            (RULE_SET.replace("x", "y"), "x.toml: la clave «rule_set»"),
            (RULE_SET, "x.toml: la clave «rule» falta o no es válida; agregue al menos un [[rule]]."),
            (RULE_SET + RULE + RULE, "x.toml, [[rule]] n.º 2: la clave «key»"),
            (RULE_SET + RULE.replace("n = 1", "n = 0"), "un número entero de 1 a 1000"),
            (RULE_SET + RULE.replace("business_day", "hour"), "business_day, calendar_day, month, year"),
            (RULE_SET + RULE.replace("min", "fixed"), "escriba una de estas palabras: min, max"),
            (RULE_SET + RULE.replace('"c"', '""'), "la clave «citation»"),
            (RULE_SET + RULE.replace("day = true", 'day = "sí"'), "la clave «roll_last_day»"),
            (RULE_SET + RULE.replace('"V"', '"K"'), "la clave «enabled» falta o no es válida; escriba false"),
            (RULE_SET + RULE + "dias = 3\n", "la clave «dias»"),
        ],
    )
    def test_a_rule_file_names_file_key_and_remedy(self, tmp_path: Path, text: str, complaint: str) -> None:
        path = tmp_path / "x.toml"
        path.write_text(text, encoding="latin-1" if text == "\xff" else "utf-8")

        with pytest.raises(BadData) as broken:
            read_rule_file(path)

        assert complaint in broken.value.message
        assert broken.value.message.startswith("x.toml")
