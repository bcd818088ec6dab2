"""Decrees: drafted by one, published by another; what they declare moves the open dates, and nothing moves silently."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from consulta.clocks.calendars import calendar_of, list_decrees
from consulta.clocks.decree_files import read_ranges
from consulta.clocks.decrees import discard_decree, draft_decree, edit_decree, publish_decree
from consulta.clocks.models import Clock, ClockEvent, Decree
from consulta.clocks.rules import DecreeDraft, RangeDraft
from consulta.clocks.states import DecreeKind, DecreeState
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.jobs.models import Job
from consulta.jobs.worker import Worker
from consulta.notices.models import Notice
from consulta.record.queries import list_acts
from consulta.referrals.models import Referral
from consulta.referrals.story import tell_story
from tests.builders import World, a_referral, get_submission, get_window
from tests.clock import START

# The open window of the tests runs for twenty business days from Monday 1 June 2026.
STORM = date(2026, 6, 16)


def a_draft(**overrides: object) -> DecreeDraft:
    """Build a decree of the government that suspends terms on one day."""
    values: dict[str, object] = {
        "title": "Acuerdo de suspensión por lluvias",
        "reference": "Acuerdo 7/2026, P.O. 88",
        "gazetted_on": date(2026, 6, 10),
        "ranges": (RangeDraft(STORM, STORM, DecreeKind.SUSPENSION, "lluvias"),),
    }
    return DecreeDraft(**{**values, **overrides})  # type: ignore[arg-type]


def drafted(world: World, **overrides: object) -> Decree:
    """Draft a decree."""
    with unit_of_work():
        return draft_decree(
            government=get_window(world.slugs["open"]).government,
            draft=a_draft(**overrides),
            actor=world.actors["administrator"],
            now=START,
        )


def published(world: World, now: datetime = START, **overrides: object) -> Decree:
    """Draft and publish a decree."""
    decree = drafted(world, **overrides)
    with unit_of_work():
        publish_decree(decree=decree, actor=world.actors["coordinator"], now=now)
    return decree


def closing(world: World) -> datetime | None:
    """Return when the open window closes now."""
    window = get_window(world.slugs["open"])
    session().refresh(window)
    return window.closes_at


@pytest.mark.usefixtures("scope")
class TestDrafting:
    def test_a_draft_changes_no_calendar(self, world: World) -> None:
        drafted(world)

        government = get_window(world.slugs["open"]).government
        assert calendar_of(government).non_working(STORM) is None
        assert government.calendar_version == ""

    def test_administrator_drafts_and_coordinator_publishes(self, world: World) -> None:
        decree = drafted(world)

        with pytest.raises(Forbidden), unit_of_work():
            publish_decree(decree=decree, actor=world.actors["administrator"], now=START)
        with pytest.raises(Forbidden), unit_of_work():
            draft_decree(government=decree.government, draft=a_draft(), actor=world.actors["coordinator"], now=START)

    def test_a_draft_can_be_written_anew_and_discarded_with_its_leaves(self, world: World) -> None:
        decree = drafted(world)

        with unit_of_work():
            edit_decree(
                decree=decree, draft=a_draft(title="Otro nombre"), actor=world.actors["administrator"], now=START
            )
        assert decree.title == "Otro nombre"
        with unit_of_work():
            discard_decree(decree=decree, actor=world.actors["administrator"], now=START)

        assert list_decrees(world.government_id) == []
        acts = [leaf.kind for leaf, _ in list_acts("guanajuato") if leaf.kind.startswith("decree.")]
        assert acts == ["decree.drafted", "decree.edited", "decree.discarded"]

    @pytest.mark.parametrize(
        ("overrides", "field", "message"),
        [
            ({"title": " "}, "title", "nombre del decreto"),
            ({"reference": ""}, "reference", "periódico oficial"),
            ({"ranges": ()}, "ranges", "al menos un día"),
            (
                {"ranges": (RangeDraft(date(2026, 7, 2), date(2026, 7, 1), DecreeKind.HOLIDAY, "x", line=3),)},
                "ranges",
                "Renglón 3: el periodo termina el 2026-07-01, antes de comenzar el 2026-07-02",
            ),
            (
                {
                    "ranges": (
                        RangeDraft(date(2026, 7, 1), date(2026, 7, 10), DecreeKind.VACATION, "vacaciones"),
                        RangeDraft(date(2026, 7, 10), date(2026, 7, 12), DecreeKind.HOLIDAY, "fiesta"),
                    )
                },
                "ranges",
                "se enciman: del 2026-07-01 al 2026-07-10 y del 2026-07-10 al 2026-07-12",
            ),
            (
                {"ranges": (RangeDraft(date(2026, 7, 1), date(2029, 7, 1), DecreeKind.VACATION, "x"),)},
                "ranges",
                "más de un año",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_where_it_stands(
        self, world: World, overrides: dict[str, object], field: str, message: str
    ) -> None:
        with pytest.raises(Refused, match=message) as refused:
            drafted(world, **overrides)

        assert refused.value.field == field


@pytest.mark.usefixtures("scope")
class TestPublishing:
    def test_days_count_no_more_and_quote_the_decree(self, world: World) -> None:
        decree = published(world)

        day = calendar_of(decree.government).non_working(STORM)
        assert day is not None
        assert (day.reason, day.source) == (
            "lluvias",
            "Acuerdo de suspensión por lluvias, Acuerdo 7/2026, P.O. 88",
        )

    def test_what_overlaps_another_published_decree_is_named(self, world: World) -> None:
        published(world)
        second = drafted(world, title="Otro")

        with (
            pytest.raises(
                Refused, match=r"Del 2026-06-16 al 2026-06-16 ya lo dice «Acuerdo de suspensión por lluvias»"
            ),
            unit_of_work(),
        ):
            publish_decree(decree=second, actor=world.actors["coordinator"], now=START)
        assert session().get_one(Decree, second.id).state == DecreeState.DRAFT

    def test_one_that_replaces_another_takes_its_days_back(self, world: World) -> None:
        first = published(world)
        later = date(2026, 6, 17)
        ranges = (RangeDraft(later, later, DecreeKind.SUSPENSION, "lluvias"),)

        published(world, title="Acuerdo que lo modifica", replaces_id=first.id, ranges=ranges)

        calendar = calendar_of(first.government)
        assert calendar.non_working(STORM) is None
        assert calendar.non_working(later) is not None
        assert session().get_one(Decree, first.id).state == DecreeState.REPLACED

    def test_an_enabled_saturday_counts(self, world: World) -> None:
        saturday = date(2026, 6, 13)

        decree = published(
            world, ranges=(RangeDraft(saturday, saturday, DecreeKind.ENABLED_DAY, "guardia"),), title="Habilita"
        )

        assert calendar_of(decree.government).non_working(saturday) is None

    def test_units_inherit_and_add(self, world: World) -> None:
        window = get_window(world.slugs["open"])
        government, unit_id = window.government, world.units["transito"]
        agency_id = world.actors["respondent"].agency_id
        published(world)
        own = date(2026, 6, 18)
        ranges = (RangeDraft(own, own, DecreeKind.HOLIDAY, "aniversario"),)
        published(world, title="De la unidad", unit_id=unit_id, ranges=ranges)

        of_unit = calendar_of(government, agency_id=agency_id, unit_id=unit_id)
        assert of_unit.non_working(STORM) is not None
        assert of_unit.non_working(own) is not None
        assert calendar_of(government).non_working(own) is None
        assert calendar_of(government, agency_id=agency_id).non_working(own) is None

    def test_an_exempt_instrument_goes_on(self, world: World) -> None:
        ranges = (RangeDraft(STORM, STORM, DecreeKind.SUSPENSION, "lluvias", ("agenda_regulatoria",)),)

        decree = published(world, ranges=ranges)

        assert calendar_of(decree.government, procedure="agenda_regulatoria").non_working(STORM) is None
        assert calendar_of(decree.government, procedure="cabildo_abierto").non_working(STORM) is not None


@pytest.mark.usefixtures("scope")
class TestOpenDates:
    def test_they_move_later_with_an_event_and_a_leaf(self, world: World, worker: Worker) -> None:
        referral = a_referral(world, START, draft={"email": "ana@ejemplo.mx"})
        before, due_before = closing(world), referral.due_at
        assert before is not None

        published(world)
        worker.drain()

        session().expire_all()
        window = get_window(world.slugs["open"])
        # From Friday 3 July to Monday 6, both until their midnight.
        assert window.closes_at == before + timedelta(days=3)
        assert window.derivation is not None
        [skipped] = [day for day in window.derivation["days"] if day["date"] == STORM.isoformat()]
        assert (skipped["counted"], skipped["source"]) == (
            False,
            "Acuerdo de suspensión por lluvias, Acuerdo 7/2026, P.O. 88",
        )
        events = [(event.kind, event.from_due_on, event.to_due_on) for event in window.clock.events]  # type: ignore[union-attr]
        friday, monday = date(2026, 7, 3), date(2026, 7, 6)
        assert events == [("start", None, friday), ("recalendar", friday, monday)]
        assert "window.recalendared" in [leaf.kind for leaf, _ in list_acts(window.slug)]
        moved = session().get_one(Referral, referral.id)
        assert moved.due_at > due_before
        assert moved.submission.clock is not None
        assert moved.due_at == moved.submission.clock.due_at
        assert "referral.due_moved" in [leaf.kind for leaf, _ in list_acts(moved.submission.folio)]

    def test_everybody_concerned_is_told_once(self, world: World, worker: Worker) -> None:
        folio = a_referral(world, START, draft={"email": "ana@ejemplo.mx"}).submission.folio
        a_referral(world, START)

        published(world)
        worker.drain()

        told = [(item.kind, item.address) for item in session().query(Notice).order_by(Notice.kind, Notice.id)]
        assert [item for item in told if item[0] != "receipt"] == [
            ("due_moved", "ana@ejemplo.mx"),
            ("tray_moved", world.email("respondent")),
            ("tray_moved", world.email("control")),
            ("window_moved", None),
            ("window_moved", world.email("coordinator")),
        ]
        steps = [step.title for step in tell_story(get_submission(folio), START).steps]
        assert "Se movió la fecha para responderle" in steps

    def test_a_term_of_people_is_never_shortened_and_says_so(self, world: World, worker: Worker) -> None:
        before = closing(world)
        saturday = date(2026, 6, 13)

        published(world, ranges=(RangeDraft(saturday, saturday, DecreeKind.ENABLED_DAY, "guardia"),))
        worker.drain()

        session().expire_all()
        window = get_window(world.slugs["open"])
        assert window.closes_at == before

    def test_the_term_of_an_authority_may_become_shorter(self, world: World, worker: Worker) -> None:
        referral = a_referral(world, START, topic="mailbox", draft={"kind": "petition"})
        due_before = referral.due_at
        saturday = date(2026, 6, 13)

        published(world, ranges=(RangeDraft(saturday, saturday, DecreeKind.ENABLED_DAY, "guardia"),))
        worker.drain()

        session().expire_all()
        assert session().get_one(Referral, referral.id).due_at < due_before

    def test_a_window_that_closed_stays_as_it_was(self, world: World, worker: Worker) -> None:
        closed = get_window(world.slugs["closed"])
        before = (closed.closes_at, closed.derivation)
        assert closed.closes_at is not None
        on = closed.closes_at.date() - timedelta(days=4)

        published(world, ranges=(RangeDraft(on, on, DecreeKind.SUSPENSION, "lluvias"),))
        worker.drain()

        session().expire_all()
        again = get_window(world.slugs["closed"])
        assert (again.closes_at, again.derivation) == before

    def test_publishing_twice_the_same_days_moves_nothing_twice(self, world: World, worker: Worker) -> None:
        published(world)
        worker.drain()
        count = session().query(ClockEvent).count()

        with unit_of_work():
            session().add(
                Job(
                    kind="calendar.published",
                    payload={"government_id": world.government_id, "after_id": 0},
                    run_at=START,
                )
            )
        worker.drain()

        assert session().query(ClockEvent).count() == count
        assert session().query(Clock).count() > 0


class TestFiles:
    def test_csv_says_days_in_the_words_of_an_office(self, tmp_path: Path) -> None:
        path = tmp_path / "decreto.csv"
        path.write_text(
            "desde,hasta,tipo,motivo,exentos\n2026-12-21,2027-01-06,vacaciones,Fin de año,\n"
            "2026-09-14,,Habilitado,Guardia,agenda_regulatoria;cabildo_abierto\n",
            "utf-8",
        )

        assert read_ranges(path) == (
            RangeDraft(date(2026, 12, 21), date(2027, 1, 6), DecreeKind.VACATION, "Fin de año", (), 2),
            RangeDraft(
                date(2026, 9, 14),
                date(2026, 9, 14),
                DecreeKind.ENABLED_DAY,
                "Guardia",
                ("agenda_regulatoria", "cabildo_abierto"),
                3,
            ),
        )

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ("2026-02-30,,inhábil,x,", "Renglón 2, «desde»: «2026-02-30» no es un día que exista"),
            ("2026-02-20,ayer,inhábil,x,", "Renglón 2, «hasta»: «ayer»"),
            ("2026-02-20,,descanso,x,", "Renglón 2, «tipo»: escriba inhábil"),
        ],
    )
    def test_a_bad_row_is_named(self, tmp_path: Path, row: str, message: str) -> None:
        path = tmp_path / "decreto.csv"
        path.write_text(f"desde,hasta,tipo,motivo,exentos\n{row}\n", "utf-8")

        with pytest.raises(Refused, match=message):
            read_ranges(path)

    def test_a_missing_column_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "decreto.csv"
        path.write_text("desde,hasta,motivo\n2026-02-20,,x\n", "utf-8")

        with pytest.raises(Refused, match="falta la columna «tipo»"):
            read_ranges(path)
