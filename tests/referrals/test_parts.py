"""Parts: split word for word, answered apart, joined again; the original never changes and the clock never restarts."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.agencies.models import Unit
from consulta.db import session, unit_of_work
from consulta.errors import Forbidden, Refused
from consulta.record.models import Leaf
from consulta.referrals.drafting import draft_answer
from consulta.referrals.models import Part, Referral
from consulta.referrals.operations import publish_answer, sign_off, submit_answer
from consulta.referrals.parts import PartDraft, join_parts, split_submission
from consulta.referrals.queries import list_live_referrals, list_unrouted, list_unrouted_parts
from consulta.referrals.routing import refer, return_referral
from consulta.referrals.rules import left_out
from consulta.referrals.story import tell_story
from consulta.submissions.models import Submission
from consulta.windows.counters import read_counts
from tests.builders import TEXT, World, a_referral
from tests.clock import START

pytestmark = pytest.mark.usefixtures("scope")
FIRST, SECOND = "Propongo que la revisión sea cada tres meses,", "porque los frenos se gastan antes."


def unit(world: World, key: str) -> Unit:
    """Return a unit of the world."""
    return session().get_one(Unit, world.units[key])


def split(world: World, submission: Submission, units: Sequence[str | None], post: str = "coordinator") -> list[Part]:
    """Split the text of the tests in two."""
    drafts = [
        PartDraft(quote, f"Artículo {number}", unit(world, key) if key else None)
        for number, (quote, key) in enumerate(zip((FIRST, SECOND), units, strict=True), 1)
    ]
    with unit_of_work():
        return split_submission(submission=submission, parts=drafts, actor=world.actors[post], now=START)


def answer(world: World, referrals: Sequence[Referral], respondent: str = "respondent") -> None:
    """Answer and publish."""
    with unit_of_work():
        drafted = draft_answer(
            referrals=referrals,
            disposition="adopted",
            text="Procedente: se cambia el artículo.",
            actor=world.actors[respondent],
            now=START,
        )
        submit_answer(answer=drafted, actor=world.actors[respondent], now=START)
    with unit_of_work():
        sign_off(answer=drafted, actor=world.actors["approver"], now=START)
        publish_answer(answer=drafted, actor=world.actors["coordinator"], now=START)


def test_split_refers_each_part_and_leaves_the_original_as_it_was(world: World) -> None:
    whole = a_referral(world, START)

    split(world, whole.submission, ["transito", "redes"])

    live = list_live_referrals(whole.submission_id)
    assert [(item.part.number, item.part.quote, item.unit.key) for item in live if item.part] == [
        (1, FIRST, "transito"),
        (2, SECOND, "redes"),
    ]
    assert {item.due_at for item in live} == {whole.due_at}
    assert (whole.state, whole.end_cause, whole.submission.text) == ("ended", "split", TEXT)
    kinds = select(Leaf.kind).where(Leaf.public_id == whole.submission.folio).order_by(Leaf.id)
    assert session().scalars(kinds).all()[-4:] == [
        "referral.ended",
        "submission.split",
        "submission.referred",
        "submission.referred",
    ]


def test_submission_is_answered_when_each_of_its_parts_is(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", "transito"])
    first, second = list_live_referrals(submission.id)

    answer(world, [first])
    half = (submission.is_answered, read_counts([submission.topic_id])[submission.topic_id].get("answered", 0))
    story = tell_story(submission, START)
    answer(world, [second])

    assert half == (False, 0)
    assert [step.title for step in story.steps][-1] == "Respuesta a la parte 2"
    assert [(given.part.number if given.part else None) for given in story.answers] == [1]
    assert submission.is_answered
    assert read_counts([submission.topic_id])[submission.topic_id]["answered"] == 1
    assert submission.clock is not None
    assert submission.clock.state == "met"


def test_one_answer_may_serve_both_parts_and_tells_the_person_once(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", "transito"])

    answer(world, list_live_referrals(submission.id))

    assert submission.is_answered
    assert read_counts([submission.topic_id])[submission.topic_id]["answered"] == 1


def test_part_without_a_unit_and_one_given_back_wait_for_the_coordination(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", None])
    [first] = list_live_referrals(submission.id)
    with unit_of_work():
        return_referral(referral=first, reason="Toca a Redes.", actor=world.actors["respondent"], now=START)

    waiting = list_unrouted_parts(world.government_id)
    with unit_of_work():
        refer(
            submission=submission,
            unit=unit(world, "redes"),
            now=START + timedelta(days=1),
            actor=world.actors["coordinator"],
            part=waiting[0],
        )

    assert [part.number for part in waiting] == [1, 2]
    assert list_unrouted(world.government_id) == []
    assert [part.number for part in list_unrouted_parts(world.government_id)] == [2]
    assert [item.due_at for item in list_live_referrals(submission.id)] == [first.due_at]


def test_parts_are_joined_again_while_none_is_answered(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", "redes"])

    with unit_of_work():
        join_parts(submission=submission, unit=unit(world, "redes"), actor=world.actors["coordinator"], now=START)

    [whole] = list_live_referrals(submission.id)
    assert (whole.part_id, whole.unit.key) == (None, "redes")
    titles = [step.title for step in tell_story(submission, START).steps]
    assert "Se dividió en 2 partes" in titles
    assert "Se juntaron sus partes" in titles


def test_answered_part_keeps_the_others_from_being_joined(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", "redes"])
    answer(world, [list_live_referrals(submission.id)[0]])

    with pytest.raises(Refused, match="respondida"), unit_of_work():
        join_parts(submission=submission, unit=None, actor=world.actors["coordinator"], now=START)


def test_draft_goes_on_with_the_first_part_of_its_unit(world: World) -> None:
    whole = a_referral(world, START)
    with unit_of_work():
        drafted = draft_answer(
            referrals=[whole], disposition="adopted", text="Un borrador.", actor=world.actors["respondent"], now=START
        )

    split(world, whole.submission, ["redes", "transito"])

    assert [item.answer_id for item in list_live_referrals(whole.submission_id)] == [None, drafted.id]


def test_unit_splits_what_it_has_and_keeps_the_parts(world: World) -> None:
    submission = a_referral(world, START).submission

    with pytest.raises(Refused, match="devuelva después"):
        split(world, submission, ["transito", "redes"], post="respondent")
    split(world, submission, ["transito", "transito"], post="respondent")

    assert len(list_live_referrals(submission.id)) == 2


def test_what_another_unit_has_is_not_split(world: World) -> None:
    submission = a_referral(world, START).submission

    with pytest.raises(Forbidden):
        split(world, submission, ["redes", "redes"], post="respondent-agua")


@pytest.mark.parametrize(
    ("quotes", "leaves_rest", "message"),
    [
        ([TEXT], False, "2 a 20 partes"),
        ([FIRST, "porque los frenos se desgastan antes."], False, "La parte 2 no está en el comentario tal cual"),
        ([FIRST, "porque los frenos"], False, "«se gastan antes.»"),
        ([FIRST, ""], True, "La parte 2"),
    ],
)
def test_passages_are_word_for_word_and_nothing_is_left_out_unseen(
    world: World, quotes: list[str], leaves_rest: bool, message: str
) -> None:
    submission = a_referral(world, START).submission
    drafts = [PartDraft(quote, "", unit(world, "transito")) for quote in quotes]

    with pytest.raises(Refused, match=message), unit_of_work():
        split_submission(
            submission=submission,
            parts=drafts,
            actor=world.actors["coordinator"],
            now=START,
            leaves_rest=leaves_rest,
        )


def test_rest_that_asks_for_nothing_is_left_when_seen(world: World) -> None:
    submission = a_referral(world, START).submission
    drafts = [PartDraft(quote, "", unit(world, "transito")) for quote in (FIRST, "los frenos")]

    with unit_of_work():
        split_submission(
            submission=submission, parts=drafts, actor=world.actors["coordinator"], now=START, leaves_rest=True
        )

    assert left_out([FIRST, "los frenos"], TEXT) == "porque se gastan antes."
    assert len(list_live_referrals(submission.id)) == 2


def test_what_is_split_is_neither_split_nor_referred_whole(world: World) -> None:
    submission = a_referral(world, START).submission
    split(world, submission, ["transito", "redes"])

    with pytest.raises(Refused, match="ya está dividido"):
        split(world, submission, ["transito", "redes"])
    with pytest.raises(Refused, match="turne cada parte"), unit_of_work():
        refer(submission=submission, unit=unit(world, "redes"), now=START, actor=world.actors["coordinator"])
