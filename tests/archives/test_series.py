"""Documentary series: how long things are kept, from when, and no disposal before that day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Government
from consulta.archives.disposals import DisposalDraft, decide_disposal, propose_disposal
from consulta.archives.models import Disposal, DocumentarySeries
from consulta.archives.rules import first_day_of_disposal, last_day_kept
from consulta.archives.series import SeriesDraft, assign_series, list_series, retire_series
from consulta.archives.terms import Retentions
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.record.models import Leaf
from consulta.submissions.models import Submission
from consulta.windows.queries import get_instrument
from tests.archives.filing import LATER, a_draft, a_series, conclude_everything, filed_in_series
from tests.builders import World, a_submission, get_window
from tests.clock import START, Clock
from tests.contracts.offices import another_government
from tests.pages import Page

DRAFT = DisposalDraft("D-7/2026", "Artículo 58", "Venció su plazo.")


def propose(world: World, *submissions: Submission, now: datetime) -> Disposal:
    with unit_of_work():
        return propose_disposal(
            government_id=world.government_id,
            draft=DRAFT,
            submissions=submissions,
            actor=world.actors["coordinator"],
            now=now,
        )


def refusal(world: World, *submissions: Submission, now: datetime) -> str:
    with pytest.raises(Refused) as refused:
        propose(world, *submissions, now=now)
    assert refused.value.field == "folios"
    return refused.value.message


@pytest.mark.parametrize(
    ("begins_on", "years", "last", "first"),
    [
        (date(2026, 6, 10), 6, date(2032, 6, 10), date(2032, 6, 11)),
        (date(2024, 2, 29), 4, date(2028, 2, 29), date(2028, 3, 1)),
        (date(2024, 2, 29), 6, date(2030, 3, 1), date(2030, 3, 2)),
        (date(2026, 12, 31), 1, date(2027, 12, 31), date(2028, 1, 1)),
    ],
)
def test_term_runs_date_to_date_and_disposal_begins_the_day_after(
    begins_on: date, years: int, last: date, first: date
) -> None:
    assert (last_day_kept(begins_on, years), first_day_of_disposal(begins_on, years)) == (last, first)


@pytest.mark.usefixtures("scope")
class TestTerms:
    def test_mailbox_counts_from_reception_where_the_government_is(self, world: World) -> None:
        # Nine in the evening of the ninth in Mexico City is the tenth in UTC.
        submission = a_submission(world.topics["mailbox"], datetime(2026, 6, 10, 3, 0, tzinfo=UTC))
        with unit_of_work():
            series = filed_in_series(world, START)

        kept = Retentions().of(submission)

        assert (kept.series, kept.begins_on) == (series, date(2026, 6, 9))
        assert (kept.ends_on, kept.disposal_from) == (date(2032, 6, 9), date(2032, 6, 10))

    def test_disposal_waits_for_the_day_that_it_names_and_names_its_series(self, world: World) -> None:
        submission = a_submission(world.topics["mailbox"], START)
        with unit_of_work():
            series = filed_in_series(world, START)
        day_before = datetime(2032, 6, 11, 5, 59, tzinfo=UTC)

        said = refusal(world, submission, now=day_before)
        disposal = propose(world, submission, now=day_before + timedelta(minutes=1))

        kept, may = "se conserva hasta el 10/06/2032 (serie 8S.3)", "se puede dar de baja desde el 11/06/2032"
        assert said == f"{submission.folio} {kept}: {may}."
        assert disposal.series == series

    def test_window_counts_from_its_conclusion(self, world: World) -> None:
        submission = a_submission(world.topics["open"], START)
        with unit_of_work():
            filed_in_series(world, START)

        said = refusal(world, submission, now=LATER)
        with unit_of_work():
            conclude_everything(world, START + timedelta(days=400))
        kept = Retentions().of(submission)

        assert "no ha concluido" in said
        assert (kept.begins_on, kept.disposal_from) == (date(2027, 7, 15), date(2033, 7, 16))
        assert "16/07/2033" in refusal(world, submission, now=datetime(2033, 7, 15, 18, 0, tzinfo=UTC))
        assert propose(world, submission, now=LATER).state == "proposed"

    def test_without_a_series_or_for_good_or_mixed_nothing_is_proposed(self, world: World) -> None:
        first, second = a_submission(world.topics["mailbox"], START), a_submission(world.topics["open"], START)
        assert "no tiene serie" in refusal(world, first, now=LATER)
        with unit_of_work():
            filed_in_series(world, START)
            conclude_everything(world, START)
            other = a_series(world, START, code="8S.4")
            forever = a_series(world, START, code="8S.5", destination="permanent")
            self._file(world, "open", other)

        assert "8S.3, 8S.4" in refusal(world, first, second, now=LATER)
        with unit_of_work():
            self._file(world, "open", forever)
        assert "conservación permanente (8S.5)" in refusal(world, second, now=LATER)
        assert Retentions().of(second).disposal_from is None
        with unit_of_work():
            self._file(world, "open", None)
        assert propose(world, first, second, now=LATER).series.code == "8S.3"

    def test_authorising_looks_at_the_terms_again(self, world: World) -> None:
        submission = a_submission(world.topics["mailbox"], START)
        with unit_of_work():
            filed_in_series(world, START)
        disposal = propose(world, submission, now=LATER)
        with unit_of_work():
            self._file(world, "mailbox", a_series(world, START, code="8S.4", active_years=50))

        with pytest.raises(Refused, match="se conserva hasta"), unit_of_work():
            decide_disposal(
                disposal=disposal, authorises=True, reason="Sí.", actor=world.actors["transparency"], now=LATER
            )
        with unit_of_work():
            decide_disposal(
                disposal=disposal, authorises=False, reason="No.", actor=world.actors["transparency"], now=LATER
            )
        assert disposal.state == "rejected"

    @staticmethod
    def _file(world: World, slug: str, series: DocumentarySeries | None) -> None:
        window = get_window(world.slugs[slug])
        actor = world.actors["coordinator"]
        assign_series(subject=window, government=window.government, series=series, actor=actor, now=START)


@pytest.mark.usefixtures("scope")
class TestCatalogue:
    def test_series_is_added_with_its_leaf_and_retired_once_nothing_is_filed_in_it(self, world: World) -> None:
        with unit_of_work():
            series = filed_in_series(world, START)
            spare = a_series(world, START, code="8S.4")
        actor = world.actors["transparency"]

        with pytest.raises(Refused, match="Todavía hay algo"), unit_of_work():
            retire_series(series=series, actor=actor, now=START)
        with unit_of_work():
            retire_series(series=spare, actor=actor, now=START)
        with pytest.raises(Refused, match="ya se retiró"), unit_of_work():
            retire_series(series=spare, actor=actor, now=START)
        government = session().get_one(Government, world.government_id)
        with pytest.raises(Refused, match="en uso"), unit_of_work():
            assign_series(
                subject=get_instrument("agenda_regulatoria"),
                government=government,
                series=spare,
                actor=actor,
                now=START,
            )

        assert [item.code for item in list_series(world.government_id)] == ["8S.3", "8S.4"]
        kinds = list(session().scalars(select(Leaf.kind).where(Leaf.public_id == government.key)))
        assert kinds.count("series.added") == 2
        assert kinds.count("series.retired") == 1
        assert "series.assigned" in kinds

    @pytest.mark.parametrize(
        ("draft", "field"),
        [
            (a_draft(" "), "code"),
            (a_draft("8S.3"), "code"),
            (a_draft("x" * 61), "code"),
            (a_draft("A", title=""), "title"),
            (a_draft("A", active_years=-1), "active_years"),
            (a_draft("A", active_years=0, concentration_years=0), "active_years"),
            (a_draft("A", concentration_years=101), "concentration_years"),
            (a_draft("A", destination="fuego"), "destination"),
            (a_draft("A", legal_basis=" "), "legal_basis"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, world: World, draft: SeriesDraft, field: str) -> None:
        with unit_of_work():
            a_series(world, START)

        with pytest.raises(Refused) as refused, unit_of_work():
            a_series(world, START, **draft.__dict__)

        assert refused.value.field == field

    def test_others_and_other_governments_do_not_file(self, world: World) -> None:
        with unit_of_work():
            series = a_series(world, START)
        window = get_window(world.slugs["open"])
        foreign = replace(world.actors["coordinator"], government_id=world.government_id + 1)
        for actor in (foreign, world.actors["control"], world.actors["administrator"]):
            with pytest.raises(Forbidden), unit_of_work():
                assign_series(subject=window, government=window.government, series=series, actor=actor, now=START)
            with pytest.raises(Forbidden), unit_of_work():
                retire_series(series=series, actor=actor, now=START)


def test_pages_add_assign_show_and_retire(app: Flask, world: World, database: Database, clock: Clock) -> None:
    page = Page(app).sign_in(world.email("transparency"))
    address = "/coordinacion/archivo/series"
    fields = {**a_draft().__dict__, "active_years": "dos"}

    assert page.post(address, fields, status=422).errors == ["Escriba los años con número, por ejemplo 2."]
    shown = page.follow(address, {**fields, "active_years": "2"})
    assert "8S.3 Consultas públicas" in shown.body
    with session_scope(database):
        number = session().scalars(select(DocumentarySeries.id)).one()
    shown = page.follow(f"{address}/asignar", {"que": "instrumento:agenda_regulatoria", "series_id": number})
    assert "el plazo empieza cuando concluya" in shown.body
    with session_scope(database), unit_of_work():
        conclude_everything(world, START)
    assert "su baja se puede proponer desde el viernes 11 de junio de 2032" in page.get(address).body
    wrong = page.post(f"{address}/asignar", {"que": "instrumento:agenda_regulatoria", "series_id": "x"}, status=422)
    assert wrong.errors == ["Elija una serie en uso del cuadro de este gobierno."]
    page.post(f"{address}/asignar", {"que": "instrumento:nada"}, status=404)
    assert "Todavía hay algo" in page.post(f"{address}/{number}/retirar", status=422).body
    page.follow(f"{address}/asignar", {"que": "instrumento:agenda_regulatoria", "series_id": ""})
    assert "Serie retirada" in page.follow(f"{address}/{number}/retirar").body


def test_pages_of_another_government_show_and_take_nothing(app: Flask, world: World, database: Database) -> None:
    with session_scope(database):
        another_government(START)
        with unit_of_work():
            number = a_series(world, START).id
    page = Page(app).sign_in("otro-coordinator@ejemplo.mx")
    address = "/coordinacion/archivo/series"

    assert "8S.3 Consultas públicas" not in page.get(address).body
    page.post(f"{address}/asignar", {"que": f"consulta:{world.slugs['open']}", "series_id": ""}, status=404)
    page.post(f"{address}/{number}/retirar", status=404)
    own = page.post(f"{address}/asignar", {"que": "instrumento:agenda_regulatoria", "series_id": number}, status=422)
    assert own.errors == ["Elija una serie en uso del cuadro de este gobierno."]
