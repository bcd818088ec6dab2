"""Where something is: what is kept as it was given, what everybody is told, and the usual slips."""

import math
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.archives.held import PLACE_SHOWN, describe_held
from consulta.archives.models import Disposal
from consulta.archives.purging import purge_submission
from consulta.db import session, unit_of_work
from consulta.submissions.checks import check_draft
from consulta.submissions.drafts import Draft, NonceReused, PlaceDraft
from consulta.submissions.models import Submission, SubmissionPlace
from consulta.submissions.operations import receive
from consulta.submissions.places import SQUARE_DEGREES, check_place, coarse_place, draft_place, takes_place
from consulta.submissions.rules import PLACE_FIELDS, committed_columns
from consulta.submissions.states import SubmissionKind
from tests.builders import SECRET, World, a_delivery, a_submission
from tests.clock import START

KINDS = ["petition", "service_request"]
GIVEN = PlaceDraft("21.0190", "-101.2574", "Calle Inventada 12", "G-77")


class TestCoarsePlace:
    """What everybody may know: a square, always the same one."""

    @pytest.mark.parametrize(
        ("latitude", "longitude", "middle"),
        [
            ("21.0190", "-101.2574", (21.015, -101.255)),
            ("21.01", "-101.25", (21.015, -101.245)),
            ("21.0199999999", "-101.2500001", (21.015, -101.255)),
            ("0.005", "-0.005", (0.005, -0.005)),
            ("90", "180", (89.995, 179.995)),
            ("-90", "-180", (-89.995, -179.995)),
        ],
    )
    def test_is_the_middle_of_its_square(self, latitude: str, longitude: str, middle: tuple[float, float]) -> None:
        coarse = coarse_place(PlaceDraft(latitude, longitude))

        assert coarse is not None
        assert (coarse.latitude, coarse.longitude) == middle

    def test_holds_the_point_and_is_one_of_few(self) -> None:
        rng = random.Random(20261126)
        for _ in range(2_000):
            latitude, longitude = rng.uniform(14.5, 32.7), rng.uniform(-118.4, -86.7)
            coarse = coarse_place(PlaceDraft(f"{latitude:.9f}", f"{longitude:.9f}"))

            assert coarse is not None
            assert abs(coarse.latitude - latitude) <= SQUARE_DEGREES / 2 + 1e-9
            assert abs(coarse.longitude - longitude) <= SQUARE_DEGREES / 2 + 1e-9
            assert math.isclose(coarse.latitude * 1000 % 10, 5, abs_tol=1e-6)

    def test_address_alone_has_none(self) -> None:
        assert coarse_place(PlaceDraft(address="Calle Inventada 12")) is None
        assert coarse_place(None) is None


class TestChecks:
    """What must be corrected, and what is taken."""

    def test_only_who_asks_for_something_somewhere_is_asked_where(self) -> None:
        assert takes_place(KINDS)
        assert not takes_place(["comment", "complaint"])
        [problem] = check_place(GIVEN, kinds=["comment"])
        assert "escríbalo en su texto" in problem.message

    @pytest.mark.parametrize(
        "place",
        [
            GIVEN,
            PlaceDraft(address="Hidalgo y Allende"),
            PlaceDraft("90", "-180"),
            PlaceDraft("+19.43", "-99.13"),
            PlaceDraft("37.76524078", "-122.4212043"),
            PlaceDraft("0", "-99.13"),
        ],
    )
    def test_good_places_are_taken(self, place: PlaceDraft) -> None:
        assert check_draft(Draft("Luz", SubmissionKind.SERVICE_REQUEST, place=place), kinds=KINDS) == []

    def test_nothing_typed_is_no_place(self) -> None:
        assert draft_place({"address": " \u3164 ", "latitude": ""}) is None
        assert draft_place({"address": "  Hidalgo  y Allende "}) == PlaceDraft(address="Hidalgo y Allende")


@pytest.mark.usefixtures("scope")
class TestKept:
    """As it was given, committed, shown to the person, destroyed with her text."""

    def test_place_is_kept_as_it_was_given_and_committed(self, world: World) -> None:
        submission = _asked(world)

        assert submission.place is not None
        assert {name: getattr(submission.place, name) for name in PLACE_FIELDS} == GIVEN.__dict__
        assert committed_columns(submission)["place"] == GIVEN.__dict__
        assert committed_columns(a_submission(world.topics["mailbox"], START))["place"] is None

    def test_same_form_with_another_place_is_another_thing(self, world: World) -> None:
        first = a_delivery(world.topics["mailbox"], START, draft={"kind": SubmissionKind.PETITION, "place": GIVEN})
        again = a_delivery(
            world.topics["mailbox"],
            START,
            nonce=first.nonce,
            draft={"kind": SubmissionKind.PETITION, "place": PlaceDraft(address="Otra")},
        )
        with unit_of_work():
            folio = receive(first, secret=SECRET, clock=lambda: START).folio

        repeated = receive(first, secret=SECRET, clock=lambda: START)
        other = receive(again, secret=SECRET, clock=lambda: START)

        assert (repeated.folio, getattr(repeated, "repeated", None)) == (folio, True)
        assert isinstance(other, NonceReused)

    def test_person_sees_it_among_what_is_kept(self, world: World) -> None:
        assert set(PLACE_SHOWN) == set(PLACE_FIELDS)

        held = describe_held(_asked(world))

        readings = {item.name: item.reading for item in held.fields if item.name in PLACE_FIELDS}
        assert readings == GIVEN.__dict__
        assert any("la zona de un kilómetro" in line for line in held.shared)
        without = describe_held(a_submission(world.topics["mailbox"], START))
        assert {item.reading for item in without.fields if item.name in PLACE_FIELDS} == {""}

    def test_place_is_destroyed_with_the_text(self, world: World) -> None:
        submission = _asked(world)
        with unit_of_work():
            purge_submission(submission, Disposal(id=1, reference="D-1/2026"), START + timedelta(days=1))

        session().expire_all()
        assert submission.place is None
        assert session().scalars(select(SubmissionPlace)).all() == []


def _asked(world: World) -> Submission:
    return a_submission(world.topics["mailbox"], START, draft={"kind": SubmissionKind.SERVICE_REQUEST, "place": GIVEN})
