"""Mails to addresses that asked for them: confirmed by their reader, left with one click, and then forgotten."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from sqlalchemy import func, select

from consulta.db import Base, Database, session, session_scope, unit_of_work
from consulta.following.models import Departure, Subscription, SubscriptionAsk
from consulta.moderation.operations import publish_text
from consulta.notices.models import Notice
from consulta.referrals.operations import correct_answer
from consulta.referrals.standing import withdraw
from consulta.windows.dating import extend_window
from tests.builders import World, a_published, a_submission, a_window, an_answered, get_submission, get_window
from tests.clock import START, Clock
from tests.following.readers import ADDRESS, Reader, link_of, text_of
from tests.pages import Page

OTHER = "vecino@ejemplo.mx"


def an_answer(database: Database, world: World, clock: Clock) -> str:
    """Publish a comment and its answer; return the folio."""
    with session_scope(database):
        return an_answered(world, clock.now).submission.folio


def count(database: Database, model: type[Base]) -> int:
    """Count the rows of a table."""
    with session_scope(database):
        return session().scalar(select(func.count()).select_from(model)) or 0


class TestAsking:
    def test_nothing_is_told_before_its_reader_confirms(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.page.post("/avisos", {"email": ADDRESS, "pace": "immediate", "consulta": world.slugs["open"]})
        [asked] = reader.mails()
        # A program that looks at mails opens every link.
        reader.page.get(link_of(asked, "/avisos/confirmar/"))
        an_answer(database, world, clock)

        assert reader.wait(minutes=15) == []

    def test_page_says_the_same_to_who_follows_it_already(self, reader: Reader, world: World) -> None:
        asking = {"email": ADDRESS, "pace": "daily", "consulta": world.slugs["open"]}

        first = reader.page.post("/avisos", asking)
        [asked] = reader.mails()
        reader.page.post(link_of(asked, "/avisos/confirmar/"))
        second = reader.page.post("/avisos", asking)
        [known] = reader.mails()

        assert first.text == second.text
        assert "/avisos/administrar/" in text_of(known)

    def test_nobody_can_have_an_address_flooded(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        places = [{"consulta": world.slugs["open"]}, {"consulta": world.slugs["closed"]}, {}, {"q": "agua"}]
        tagged = ADDRESS.replace("@", "+otra@")

        for number, place in enumerate(places):
            address = tagged if number % 2 else ADDRESS.upper()
            reader.page.post("/avisos", {"email": address, "pace": "daily", **place})
        reader.worker.drain()
        today = len(list(reader.folder.glob("*.eml")))
        clock.advance(hours=24)
        reader.page.post("/avisos", {"email": ADDRESS, "pace": "daily", "q": "agua"})

        reader.worker.drain()

        assert today == 3
        assert len(list(reader.folder.glob("*.eml"))) == 4

    @pytest.mark.parametrize("address", ["", "nada", "a@b@c", "vecina@ejemplo.mx\r\nBcc: x@y.mx", "x" * 400 + "@y.mx"])
    def test_what_is_no_address_is_told_at_its_field(self, app: Flask, world: World, address: str) -> None:
        shown = Page(app).post("/avisos", {"email": address, "pace": "daily"}, status=422)

        assert shown.errors == ["Escriba su correo completo, por ejemplo nombre@ejemplo.mx."]

    def test_link_that_was_made_up_or_is_old_confirms_nothing(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.page.post("/avisos", {"email": ADDRESS, "pace": "daily"})
        [asked] = reader.mails()
        link = link_of(asked, "/avisos/confirmar/")
        made_up = link[:-1] + ("0" if link[-1] != "0" else "1")

        reader.page.post(made_up, status=404)
        reader.page.post(link.replace("confirmar", "administrar"), status=404)
        clock.advance(hours=48)
        reader.page.post(link, status=404)
        clock.advance(hours=1)
        reader.worker.drain()

        assert count(database, Subscription) == 0
        with session_scope(database):
            assert [(row.cause, row.count) for row in session().scalars(select(Departure))] == [("expired", 1)]

    def test_draft_cannot_be_followed(self, app: Flask, world: World, database: Database) -> None:
        with session_scope(database), unit_of_work():
            window = get_window(world.slugs["open"])
            window.state, window.opens_at, window.closes_at = "draft", None, None

        Page(app).get(f"/avisos?consulta={world.slugs['open']}", status=404)


class TestLeaving:
    def test_one_click_leaves_without_cookies_questions_or_redirects(
        self, reader: Reader, app: Flask, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        [mail] = reader.wait(seconds=11)
        address = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")

        shown = app.test_client(use_cookies=False).get(address)
        assert count(database, Subscription) == 1
        left = app.test_client(use_cookies=False).post(
            address, data="List-Unsubscribe=One-Click", headers={"Origin": "https://correo.ejemplo.com"}
        )

        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail["List-Id"] == "Avisos <avisos.consulta.invalid>"
        assert (shown.status_code, left.status_code, left.headers.get("Set-Cookie")) == (200, 200, None)
        assert count(database, Subscription) == 0

    def test_leaving_erases_the_address_everywhere(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        [mail] = reader.wait(seconds=11)
        reader.page.post(link_of(mail, "/avisos/administrar/"), {"accion": "salir-de-todo"})
        clock.advance(hours=25)
        reader.worker.drain()

        with session_scope(database) as current:
            kept = [
                f"{table.name}: {row}"
                for table in Base.metadata.sorted_tables
                for row in current.execute(select(table))
                if ADDRESS in str(row)
            ]
            left = [(row.cause, row.count) for row in session().scalars(select(Departure))]
        assert kept == []
        assert left == [("left", 1)]

    def test_leaving_twice_says_the_same(self, reader: Reader, world: World, database: Database, clock: Clock) -> None:
        reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        [mail] = reader.wait(seconds=11)
        address = str(mail["List-Unsubscribe"]).strip("<>").removeprefix("http://localhost")

        first, second = reader.page.post(address), reader.page.post(address)

        assert first.text == second.text

    def test_what_waits_to_be_sent_is_not_sent_any_more(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        asked = reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        with session_scope(database):
            row = session().scalars(select(Subscription)).one()
            code = link_of(asked, "/avisos/confirmar/")
            assert row.state == "confirmed"
        reader.page.post(code)
        manage = reader.page.post(code).links()
        [own] = [link for link in manage if "/avisos/administrar/" in link]
        reader.page.post(own, {"accion": "salir-de-todo"})

        assert reader.wait(minutes=11) == []

    def test_owner_changes_the_pace_of_one_and_leaves_another(
        self, reader: Reader, world: World, database: Database
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        asked = reader.follow(consulta=world.slugs["closed"])
        [manage] = [
            link for link in reader.page.post(link_of(asked, "/avisos/confirmar/")).links() if "administrar" in link
        ]
        with session_scope(database):
            first, second = session().scalars(select(Subscription.id).order_by(Subscription.id))

        shown = reader.page.post(manage, {f"ritmo-{second}": "daily", f"salir-{first}": "si"})

        assert "Quedó guardado" in shown.body
        with session_scope(database):
            rows = session().scalars(select(Subscription)).all()
            assert [(row.id, row.pace) for row in rows] == [(second, "daily")]

    def test_nobody_changes_what_another_address_follows(
        self, reader: Reader, world: World, database: Database
    ) -> None:
        reader.follow(OTHER, consulta=world.slugs["open"])
        asked = reader.follow(consulta=world.slugs["open"])
        [manage] = [
            link for link in reader.page.post(link_of(asked, "/avisos/confirmar/")).links() if "administrar" in link
        ]
        with session_scope(database):
            theirs = session().scalars(select(Subscription.id).where(Subscription.email == OTHER)).one()

        reader.page.post(manage, {f"salir-{theirs}": "si", f"ritmo-{theirs}": "daily"})

        with session_scope(database):
            row = session().get_one(Subscription, theirs)
            assert row.pace == "immediate"


class TestTelling:
    def test_answer_is_told_once(self, reader: Reader, world: World, database: Database, clock: Clock) -> None:
        reader.follow(consulta=world.slugs["open"])
        folio = an_answer(database, world, clock)

        [mail] = reader.wait(seconds=11)
        again = reader.wait(hours=2)

        assert f"http://localhost/folio/{folio}" in text_of(mail)
        assert mail["Subject"] == f"Respuesta al comentario {folio}: Procedente"
        assert again == []

    def test_many_answers_at_once_make_one_mail(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        for _ in range(30):
            an_answer(database, world, clock)

        [mail] = reader.wait(seconds=11)

        assert mail["Subject"] == "30 novedades: Agenda regulatoria"
        assert text_of(mail).count("/folio/") == 25
        assert "…y 5 novedades más:" in text_of(mail)

    def test_ten_minutes_pass_between_two_mails(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        assert len(reader.wait(seconds=11)) == 1
        an_answer(database, world, clock)
        an_answer(database, world, clock)

        soon = reader.wait(minutes=5)
        later = reader.wait(minutes=5)

        assert soon == []
        assert [mail["Subject"] for mail in later] == ["2 novedades: Agenda regulatoria"]

    def test_daily_mail_comes_at_eight_with_everything_and_not_when_nothing_was(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(pace="daily", consulta=world.slugs["open"])
        an_answer(database, world, clock)
        clock.advance(hours=3)
        an_answer(database, world, clock)
        quiet = reader.wait(hours=1)
        # Noon of a Wednesday in Mexico City is START; eight in the morning there is 14:00 UTC.
        clock.now = START.replace(hour=13, minute=58) + timedelta(days=1)
        before = reader.mails()
        clock.now = START.replace(hour=14, minute=0, second=1) + timedelta(days=1)
        morning = reader.mails()
        clock.advance(hours=5)
        later = reader.mails()
        clock.advance(days=1)
        next_day = reader.mails()

        assert (quiet, before, later, next_day) == ([], [], [], [])
        assert [mail["Subject"] for mail in morning] == ["2 novedades: Agenda regulatoria"]

    def test_what_was_withdrawn_meanwhile_is_not_told(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        folio = an_answer(database, world, clock)
        kept = an_answer(database, world, clock)
        with session_scope(database), unit_of_work():
            withdraw(submission=get_submission(folio), reason="", now=clock.now)

        [mail] = reader.wait(seconds=11)

        assert kept in text_of(mail)
        assert folio not in text_of(mail)

    def test_correction_is_told_again(self, reader: Reader, world: World, database: Database, clock: Clock) -> None:
        reader.follow(consulta=world.slugs["open"])
        with session_scope(database):
            answer = an_answered(world, clock.now).answer
            assert answer is not None
            assert len(reader.wait(seconds=11)) == 1
            with unit_of_work():
                correct_answer(
                    answer=answer,
                    disposition="not_adopted",
                    text="No procede, porque ya está.",
                    reason="Se corrige.",
                    actor=world.actors["coordinator"],
                    now=clock.now,
                )

        [mail] = reader.wait(minutes=10)

        assert "No procedente" in mail["Subject"]

    def test_extension_and_the_day_before_closing_are_told(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        with session_scope(database):
            with unit_of_work():
                extend_window(
                    window=get_window(world.slugs["open"]),
                    days=3,
                    legal_basis="Artículo 28",
                    reason="Lo pidieron.",
                    agreement="A-1",
                    actor=world.actors["coordinator"],
                    now=clock.now,
                )
            closes_at = get_window(world.slugs["open"]).closes_at
        assert closes_at is not None

        [moved] = reader.wait(seconds=11)
        clock.now = closes_at - timedelta(hours=23)
        [closing] = reader.wait(seconds=11)
        again = reader.wait(hours=5)

        assert moved["Subject"] == "Se movió el cierre de «Agenda regulatoria»"
        assert closing["Subject"] == "Está por cerrar «Agenda regulatoria»"
        assert again == []

    def test_opening_is_told_when_its_hour_comes(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow()
        reader.follow(OTHER, dependencia="guanajuato/movilidad")
        with session_scope(database):
            slug, _topics = a_window(
                world, title="Nuevo reglamento", opened=clock.now + timedelta(days=2), now=clock.now
            )
            opens_at = get_window(slug).opens_at
        assert opens_at is not None

        early = reader.wait(hours=1)
        clock.now = opens_at
        for _round in range(3):
            clock.advance(seconds=41)
            reader.worker.drain()
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in reader.folder.glob("*.eml")]
        opened = {str(mail["To"]) for mail in mails if mail["Subject"] == "Se abrió la consulta «Nuevo reglamento»"}

        assert early == []
        assert opened == {ADDRESS, OTHER}

    def test_search_is_told_of_what_says_its_words(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(q="cárcamo")
        with session_scope(database):
            for text in ("El carcamo de la calle se tapa.", "Otra cosa."):
                submission = a_submission(world.topics["open"], clock.now, draft={"text": text})
                with unit_of_work():
                    publish_text(submission=submission, actor=world.actors["moderator"], now=clock.now)

        [mail] = reader.wait(seconds=11)

        assert "El carcamo de la calle se tapa." in text_of(mail)
        assert "Otra cosa." not in text_of(mail)

    def test_comment_alone_is_not_told_to_who_follows_the_window(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        with session_scope(database):
            a_published(world, clock.now)

        assert reader.wait(seconds=11) == []

    def test_answers_of_another_agency_are_not_told(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(dependencia="guanajuato/agua")
        reader.follow(OTHER, dependencia="guanajuato/movilidad")
        an_answer(database, world, clock)
        reader.clock.advance(seconds=11)
        reader.worker.drain()
        clock.advance(seconds=41)
        reader.worker.drain()

        with session_scope(database):
            told = session().scalars(select(Notice).where(Notice.kind == "following")).all()
            rows = {f"subscription:{row.id}": row.email for row in session().scalars(select(Subscription))}

        assert [rows[notice.about] for notice in told] == [OTHER]

    def test_mail_is_in_the_language_in_which_it_was_asked_for(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.page.post("/en/avisos", {"email": ADDRESS, "pace": "immediate", "consulta": world.slugs["open"]})
        [asked] = reader.mails()
        reader.page.post(link_of(asked, "/en/avisos/confirmar/"))
        folio = an_answer(database, world, clock)

        [mail] = reader.wait(seconds=11)

        assert mail["Content-Language"] == "en"
        assert f"http://localhost/en/folio/{folio}" in text_of(mail)

    def test_links_are_kept_nowhere_once_the_mail_was_sent(
        self, reader: Reader, world: World, database: Database, clock: Clock
    ) -> None:
        reader.follow(consulta=world.slugs["open"])
        an_answer(database, world, clock)
        reader.wait(seconds=11)

        with session_scope(database):
            kinds = ("following", "following_confirm")
            rows = session().scalars(select(Notice).where(Notice.kind.in_(kinds))).all()
            assert [(row.state, row.body, row.leave_url, row.address) for row in rows] == [("sent", "", "", "")] * 2
            assert session().scalar(select(func.count()).select_from(SubscriptionAsk)) == 1
