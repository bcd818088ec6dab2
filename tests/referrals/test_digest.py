"""The daily mail: what is overdue, due today and due soon, to each enlace and to who signs, once a business day."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from consulta.agencies.models import Unit
from consulta.config import Settings
from consulta.db import Database, session, session_scope, unit_of_work
from consulta.jobs.worker import Worker
from consulta.notices.html import as_html
from consulta.notices.models import Notice
from consulta.referrals.digest import send_digests
from consulta.referrals.models import Referral
from consulta.referrals.routing import refer_by_topic
from tests.builders import World, a_submission
from tests.clock import Clock


def _digests(world: World, clock: Clock) -> list[Notice]:
    with unit_of_work():
        send_digests("https://consulta.ejemplo.mx")(clock.now)
    return list(session().scalars(select(Notice).where(Notice.kind == "digest").order_by(Notice.id)))


def _referred(world: World, clock: Clock) -> Referral:
    submission = a_submission(world.topics["open"], clock.now)
    with unit_of_work():
        refer_by_topic({"folio": submission.folio}, clock.now)
    return session().scalars(select(Referral).where(Referral.submission_id == submission.id)).one()


def _workday(moment: datetime) -> datetime:
    return moment if moment.weekday() < 5 else _workday(moment + timedelta(days=1))


def test_nothing_due_sends_nothing(world: World, scope: None, clock: Clock) -> None:
    _referred(world, clock)

    assert _digests(world, clock) == []


def test_overdue_and_soon_reach_enlace_and_superior_once_a_day(world: World, scope: None, clock: Clock) -> None:
    referral = _referred(world, clock)
    clock.now = referral.due_at - timedelta(days=1, hours=14)

    first, second = _digests(world, clock), _digests(world, clock)
    clock.now = _workday(referral.due_at + timedelta(hours=10))
    late = _digests(world, clock)[len(first) :]

    assert {notice.address for notice in first} == {world.email("respondent"), world.email("approver")}
    assert [notice.id for notice in second] == [notice.id for notice in first]
    assert "Vencen en los próximos tres días (1)" in first[0].body or "Vencen hoy (1)" in first[0].body
    assert "Vencidas: respóndalas hoy (1)" in late[0].body
    assert referral.submission.folio in late[0].body
    assert "https://consulta.ejemplo.mx/bandeja" in late[0].body


def test_no_mail_before_seven_nor_on_days_without_work(world: World, scope: None, clock: Clock) -> None:
    referral = _referred(world, clock)
    overdue = referral.due_at + timedelta(days=1)
    monday = overdue + timedelta(days=(7 - overdue.weekday()) % 7)
    clock.now = datetime(monday.year, monday.month, monday.day, 12, 30, tzinfo=monday.tzinfo)  # 6:30 in Guanajuato
    early = _digests(world, clock)
    clock.now = clock.now - timedelta(days=1, hours=-4)  # the Sunday before, at half past ten

    assert early == []
    assert _digests(world, clock) == []


def test_mail_goes_out_as_text_and_html(
    app: Flask, database: Database, world: World, worker: Worker, clock: Clock, settings: Settings
) -> None:
    with session_scope(database):
        a_submission(world.topics["open"], clock.now, draft={"email": "persona@ejemplo.mx", "text": "<b>Hola</b>"})

    worker.drain()

    [path] = Path(settings.mail_folder).glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    text, page = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "Folio: GTO-" in text.get_content()
    assert "Folio: <strong>GTO-" in page.get_content()
    assert 'lang="es-MX"' in page.get_content()


def test_html_escapes_people_s_words_and_makes_a_button_of_a_lone_address() -> None:
    page = as_html(
        subject="A <b>", body="Dice: <script>x</script>\n\nhttps://a.mx/b?c=1&d=2", language="es", action="Abrir"
    )

    assert "<script>" not in page
    assert "<b>" not in page
    assert 'href="https://a.mx/b?c=1&amp;d=2" style="display:inline-block' in page


def test_unit_without_work_is_not_bothered(world: World, scope: None, clock: Clock) -> None:
    referral = _referred(world, clock)
    clock.now = _workday(referral.due_at + timedelta(hours=10))

    addresses = {notice.address for notice in _digests(world, clock)}

    assert session().get_one(Unit, world.units["redes"]).id != referral.unit_id
    assert world.email("respondent-agua") not in addresses
