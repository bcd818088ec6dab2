"""The rule sets that ship with Consulta: what the domain reference says, worked examples, clear complaints."""

from collections import Counter
from datetime import date, time
from pathlib import Path

import pytest

from consulta.clocks import list_rule_sets, list_rules, load_calendar, load_rule
from consulta.clocks.rule_files import read_rule_file
from consulta.clocks.tables import BadData
from consulta.deadlines import (
    Bound,
    Confidence,
    CountFrom,
    DayUnit,
    DeadlineRule,
    Extension,
    OnClarification,
    Term,
    WorkedExample,
    fold_facts,
)
from consulta.errors import NotFound

EXAMPLES = [
    pytest.param(rule, example, id=f"{rule.key}-{at}")
    for rule in list_rules()
    for at, example in enumerate(rule.examples, 1)
]


class TestRuleSets:
    def test_each_belongs_to_a_matter_and_a_jurisdiction(self) -> None:
        assert [(found.key, found.matter, found.jurisdiction) for found in list_rule_sets()] == [
            ("cdmx_2019", "atencion_ciudadana", "Ciudad de México"),
            ("custom", "atencion_ciudadana", "Municipio de ejemplo"),
            ("edomex", "cabildo", "Estado de México"),
            ("lfea", "archivos_y_fe", "federal"),
            ("lfpa", "procedimiento", "federal"),
            ("lgmr_2018", "mejora_regulatoria", "general"),
            ("lgpdppso_2025", "transparencia", "general"),
            ("lgtaip_2025", "transparencia", "general"),
            ("lnetb_2025", "mejora_regulatoria", "nacional"),
            ("veracruz", "cabildo", "Veracruz"),
        ]

    def test_a_law_is_in_force_from_the_day_after_its_publication(self) -> None:
        since = {found.key: found.valid_from for found in list_rule_sets()}

        assert since["lgmr_2018"] == date(2018, 5, 19)
        assert since["lgtaip_2025"] == since["lgpdppso_2025"] == date(2025, 3, 21)
        assert since["lnetb_2025"] == date(2025, 7, 17)

    def test_no_set_ends_by_itself_but_the_example(self) -> None:
        assert [found.key for found in list_rule_sets() if found.valid_to] == ["custom"]
        assert [rule.key for rule in list_rules() if rule.valid_to and rule.rule_set != "custom"] == [
            "lgtaip_2025.answer_guanajuato"
        ]

    def test_so_many_rules_are_enabled_in_each(self) -> None:
        count = Counter((rule.rule_set, rule.enabled) for rule in list_rules())

        assert {name: (count[name, True], count[name, False]) for name, _ in sorted(count)} == {
            "cdmx_2019": (3, 0),
            "custom": (0, 2),
            "edomex": (1, 1),
            "lfea": (1, 0),
            "lfpa": (2, 0),
            "lgmr_2018": (6, 5),
            "lgpdppso_2025": (7, 0),
            "lgtaip_2025": (17, 2),
            "lnetb_2025": (18, 1),
            "veracruz": (4, 0),
        }


class TestRules:
    @pytest.mark.parametrize(
        ("key", "n", "unit", "bound", "confidence"),
        [
            ("cdmx_2019.citizen_service_answer", 5, "business_day", "max", "S"),
            ("edomex.cabildo_call", 15, "calendar_day", "min", "S"),
            ("lfea.filing_forwarded", 5, "business_day", "max", "V"),
            ("lfpa.deemed_denial", 3, "month", "max", "V"),
            ("lfpa.default_answer", 10, "business_day", "max", "V"),
            ("lgmr_2018.agenda_consultation", 20, "business_day", "min", "S"),
            ("lgmr_2018.agenda_submission", 5, "business_day", "max", "S"),
            ("lgmr_2018.comment_answer", 10, "business_day", "max", "K"),
            ("lgmr_2018.expost_consultation", 20, "business_day", "min", "S"),
            ("lgmr_2018.impact_consultation", 20, "business_day", "min", "K"),
            ("lgmr_2018.program_consultation", 20, "business_day", "min", "S"),
            ("lgpdppso_2025.answer", 20, "business_day", "max", "V"),
            ("lgtaip_2025.answer", 20, "business_day", "max", "V"),
            ("lgtaip_2025.appeal_decision", 40, "business_day", "max", "V"),
            ("lgtaip_2025.information_kept", 60, "business_day", "min", "V"),
            ("lgtaip_2025.lack_of_jurisdiction", 3, "business_day", "max", "V"),
            ("lgtaip_2025.obligations_update", 3, "month", "max", "V"),
            ("lnetb_2025.agenda_consultation", 10, "business_day", "min", "V"),
            ("lnetb_2025.agenda_submission", 1, "month", "max", "V"),
            ("lnetb_2025.comment_answer", 10, "business_day", "max", "K"),
            ("lnetb_2025.expost_agenda_update", 30, "business_day", "max", "V"),
            ("lnetb_2025.expost_consultation", 20, "business_day", "min", "V"),
            ("lnetb_2025.impact_consultation", 20, "business_day", "min", "V"),
            ("lnetb_2025.impact_filing", 20, "business_day", "min", "V"),
            ("lnetb_2025.impact_information_answer", 15, "business_day", "max", "V"),
            ("lnetb_2025.simplification_consultation", 20, "business_day", "min", "V"),
            ("lnetb_2025.simplification_submission", 15, "business_day", "max", "V"),
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

    def test_rules_come_in_the_order_of_their_keys(self) -> None:
        assert [rule.key for rule in list_rules()] == sorted(rule.key for rule in list_rules())

    def test_exactly_the_unconfirmed_rules_are_disabled(self) -> None:
        assert all(rule.enabled is (rule.confidence is not Confidence.UNCONFIRMED) for rule in list_rules())

    def test_a_clarification_restarts_requests_for_information_and_suspends_procedures(self) -> None:
        stopped = {rule.key: str(rule.on_clarification) for rule in list_rules() if rule.enabled}

        assert {key: what for key, what in stopped.items() if what != "none"} == {
            "lfpa.deemed_denial": "suspend",
            "lfpa.default_answer": "suspend",
            "lgpdppso_2025.answer": "restart",
            "lgtaip_2025.answer": "restart",
        }

    def test_an_answer_is_extended_once_by_the_committee_and_before_it_expires(self) -> None:
        assert load_rule("lgtaip_2025.answer").extension == Extension(
            n=10,
            unit=DayUnit.BUSINESS_DAY,
            max_times=1,
            approver_role="transparency_committee",
            notify_before_expiry=True,
        )

    def test_a_rule_starts_after_another_of_its_set(self) -> None:
        assert load_rule("lnetb_2025.impact_ruling").starts_after == "lnetb_2025.impact_comments_addressed"

    def test_a_rule_gives_the_term_that_is_folded(self) -> None:
        assert load_rule("edomex.cabildo_call").term() == Term(
            15,
            DayUnit.CALENDAR_DAY,
            roll_last_day=False,
            rule="edomex.cabildo_call",
            citation="LOM Estado de México 28",
        )

    def test_an_unknown_rule_is_not_found_and_the_known_ones_are_named(self) -> None:
        with pytest.raises(NotFound) as missing:
            load_rule("lnetb_2025.nada")

        assert missing.value.message.startswith("No existe la regla «lnetb_2025.nada». Las disponibles son: cdmx")


class TestWorkedExamples:
    @pytest.mark.parametrize(("rule", "example"), EXAMPLES)
    def test_the_rule_gives_what_was_computed_by_hand(self, rule: DeadlineRule, example: WorkedExample) -> None:
        calendar = load_calendar(example.calendar_key)

        face = fold_facts(rule, starts_on=example.starts_on, facts=example.facts, calendar=calendar)

        assert face.due_on == example.due_on

    def test_every_enabled_rule_has_one_and_cites_its_law(self) -> None:
        assert [rule.key for rule in list_rules() if rule.enabled and not (rule.examples and rule.citation)] == []


RULE_SET = 'rule_set = "x"\ntitle = "X"\nmatter = "m"\njurisdiction = "j"\nvalid_from = 2020-01-01\n'
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
EXAMPLE = '\n[[rule.example]]\nstarts_on = 2026-09-07\ncalendar = "lft"\ndue_on = 2026-09-08\nwhy = "w"\n'
EXTENSION = 'n = 1, unit = "business_day", max_times = 1, approver_role = "approver", notify_before_expiry = true'
WHOLE = RULE_SET + RULE + EXAMPLE


def with_line(line: str) -> str:
    """A file that is right but for one more line in its rule."""
    return RULE_SET + RULE + line + "\n" + EXAMPLE


class TestReading:
    def test_what_a_file_leaves_out_has_its_usual_value(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_text(WHOLE, "utf-8")

        rule = read_rule_file(tmp_path / "x.toml").rules["x.r"]

        assert (rule.count_from, rule.cutoff_time, rule.extension, rule.starts_after, rule.expiry_effect) == (
            CountFrom.NEXT_DAY,
            None,
            None,
            None,
            "",
        )
        assert (rule.on_clarification, rule.jurisdiction, rule.valid_from, rule.valid_to) == (
            OnClarification.NONE,
            "j",
            date(2020, 1, 1),
            None,
        )

    def test_a_set_has_the_rules_of_the_one_it_extends_and_replaces_some(self, tmp_path: Path) -> None:
        other = RULE.replace('"r"', '"other"')
        (tmp_path / "x.toml").write_text(WHOLE + other + "cutoff_time = 16:00:00\n" + EXAMPLE, "utf-8")
        header = RULE_SET.replace('"x"', '"y"').replace('"j"', '"k"')
        (tmp_path / "y.toml").write_text(header + 'extends = "x"\n' + RULE.replace("n = 1", "n = 3") + EXAMPLE, "utf-8")

        rules = read_rule_file(tmp_path / "y.toml").rules

        assert {key: (rule.n, rule.rule_set, rule.jurisdiction) for key, rule in rules.items()} == {
            "y.r": (3, "y", "k"),
            "y.other": (1, "y", "k"),
        }
        assert rules["y.other"].cutoff_time == time(16)


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("text", "complaint"),
        [
            ("\xff", "x.toml: no es un archivo TOML válido"),
            (WHOLE.replace("2026-09-07", "2026-02-30"), "x.toml: no es un archivo TOML válido"),
            (RULE_SET.replace('"x"', '"y"'), "x.toml: la clave «rule_set» falta o no es válida; escriba «x», como el"),
            (RULE_SET.replace('title = "X"', ""), "x.toml: la clave «title»"),
            (RULE_SET + "sorpresa = 1\n", "x.toml: la clave «sorpresa» falta o no es válida; quite esa clave"),
            (RULE_SET + "valid_to = 2019-12-31\n", "x.toml: la clave «valid_to»"),
            (RULE_SET, "x.toml: la clave «rule» falta o no es válida; agregue al menos un [[rule]]."),
            (RULE_SET + 'extends = "x"\n', "x.toml: la clave «extends» falta o no es válida; nombre un conjunto"),
            (
                WHOLE + RULE + EXAMPLE,
                "x.toml, [[rule]] n.º 2: la clave «key» falta o no es válida; use un nombre que no",
            ),
            (WHOLE.replace('key = "r"', 'key = "R 1"'), "use minúsculas sin acento, cifras y guiones bajos"),
            (WHOLE.replace("n = 1", "n = 0"), "un número entero de 1 a 1000"),
            (WHOLE.replace("business_day", "hour"), "business_day, calendar_day, month, year"),
            (WHOLE.replace("min", "fixed"), "escriba una de estas palabras: min, max"),
            (WHOLE.replace('"c"', '""'), "la clave «citation»"),
            (WHOLE.replace("day = true", 'day = "sí"'), "la clave «roll_last_day»"),
            (WHOLE.replace('"V"', '"K"'), "la clave «enabled» falta o no es válida; escriba false"),
            (RULE_SET + RULE, "x.toml, [[rule]] n.º 1: la clave «example» falta o no es válida; agregue un"),
            (with_line("dias = 3"), "la clave «dias»"),
            (with_line("valid_to = 2019-12-31"), "[[rule]] n.º 1: la clave «valid_to»"),
            (with_line('count_from = "today"'), "next_day, next_day_after_effective_notification"),
            (with_line('cutoff_time = "16:00"'), "la clave «cutoff_time» falta o no es válida; escriba una hora"),
            (with_line('on_clarification = "stop"'), "escriba una de estas palabras: none, suspend, restart"),
            (with_line("extension = 5"), "la clave «extension» falta o no es válida; escriba sus valores entre llaves"),
            (with_line(f"extension = {{ {EXTENSION}, veces = 1 }}"), "n.º 1, «extension»: la clave «veces»"),
            (
                with_line('extension = { n = 1, unit = "business_day", max_times = 1, notify_before_expiry = true }'),
                "x.toml, [[rule]] n.º 1, «extension»: la clave «approver_role» falta",
            ),
            (
                with_line(f"extension = {{ {EXTENSION.replace('max_times = 1', 'max_times = 0')} }}"),
                "«extension»: la clave «max_times» falta o no es válida; escriba un número entero de 1 a 10.",
            ),
            (with_line('starts_after = "nada"'), "la clave «starts_after» falta o no es válida; escriba una regla de"),
            (with_line('starts_after = "r"'), "«r» ya depende de esta regla; rompa el círculo"),
            (
                with_line('starts_after = "s"') + RULE.replace('"r"', '"s"') + 'starts_after = "r"\n' + EXAMPLE,
                "x.toml, [[rule]] n.º 2: la clave «starts_after» falta o no es válida; «r» ya depende de esta regla",
            ),
            (
                WHOLE.replace("due_on = 2026-09-08", "due_on = 2026-09-07"),
                "[[rule]] n.º 1, [[example]] n.º 1: la clave «due_on» falta o no es válida; escriba una fecha",
            ),
            (WHOLE + "events = { answered = 2026-09-08 }\n", "[[example]] n.º 1, «events»: la clave «answered»"),
            (WHOLE + 'events = { extended = "ayer" }\n', "la clave «extended» falta o no es válida; escriba una fecha"),
        ],
    )
    def test_a_rule_file_names_file_key_and_remedy(self, tmp_path: Path, text: str, complaint: str) -> None:
        path = tmp_path / "x.toml"
        path.write_text(text, encoding="latin-1" if text == "\xff" else "utf-8")

        with pytest.raises(BadData) as broken:
            read_rule_file(path)

        assert complaint in broken.value.message
        assert broken.value.message.startswith("x.toml")

    def test_two_sets_that_extend_each_other_are_refused(self, tmp_path: Path) -> None:
        for key, base in (("x", "y"), ("y", "x")):
            (tmp_path / f"{key}.toml").write_text(RULE_SET.replace('"x"', f'"{key}"') + f'extends = "{base}"\n')

        with pytest.raises(BadData, match=r"y\.toml: la clave «extends» falta o no es válida; nombre un conjunto"):
            read_rule_file(tmp_path / "x.toml")

    def test_a_set_that_extends_one_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.toml").write_text(RULE_SET + 'extends = "nada"\n')

        with pytest.raises(BadData, match=r"nada\.toml: el archivo no existe; créelo o corrija la referencia"):
            read_rule_file(tmp_path / "x.toml")
