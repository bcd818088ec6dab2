"""Mails to addresses that asked for them: confirmed by their reader, left with one click, and then forgotten."""

from sqlalchemy import func, select

from consulta.db import Database, session, session_scope
from consulta.following.models import Departure, Subscription, SubscriptionAsk
from consulta.notices.models import Notice
from tests.builders import World, an_answered
from tests.clock import Clock
from tests.following.readers import ADDRESS, Reader, link_of, text_of


def test_answer_is_told_once_to_who_confirmed(reader: Reader, world: World, database: Database, clock: Clock) -> None:
    reader.follow(consulta=world.slugs["open"])
    with session_scope(database):
        folio = an_answered(world, clock.now).submission.folio

    [mail] = reader.wait(seconds=11)
    again = reader.wait(hours=2)

    assert f"/folio/{folio}" in text_of(mail)
    assert "Procedente" in mail["Subject"]
    assert again == []
