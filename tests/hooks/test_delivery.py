"""What a registered system is told, when again, and when no more: against a real HTTPS server, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consulta.db import session, session_scope, unit_of_work
from consulta.hooks.models import Webhook
from consulta.hooks.rules import MOST_TRIES
from consulta.hooks.signing import unseal
from consulta.record.models import Leaf
from consulta.windows.dating import extend_window
from tests.builders import SECRET, a_government, get_submission, get_window
from tests.hooks.office import EVERYTHING, Office, secret_of
from tests.hooks.servers import OK

DOWN = (500, {}, b"ca\x00ido\n\n por <b>mantenimiento</b>")


class TestProof:
    def test_nothing_is_told_before_the_system_answers_a_signed_ping(self, office: Office) -> None:
        office.receiver.answers = [(403, {}, b"no")]

        office.fill_in()
        office.answer()
        office.work()

        assert [body["kind"] for body in office.bodies()] == ["ping"]
        assert office.webhook().state == "pending"
        assert office.deliveries() == []

    def test_ping_that_is_taken_begins_the_telling_from_now_on(self, office: Office) -> None:
        office.answer()
        office.work()

        office.register()
        office.work()
        assert office.bodies() == []
        office.answer()
        office.work()

        assert [body["kind"] for body in office.bodies()] == ["comment.published", "answer.published"]

    def test_ping_is_tried_four_times_and_can_be_asked_for_again(self, office: Office) -> None:
        office.receiver.answers = [DOWN]
        office.fill_in()
        for _ in range(8):
            office.work(minutes=10)
        assert len(office.bodies()) == 4

        office.receiver.answers = [OK]
        office.do("probar")
        office.work()

        assert office.webhook().state == "active"


class TestEvents:
    def test_it_says_only_what_and_where(self, office: Office) -> None:
        office.register(["answer.published"])
        folio = office.answer()

        office.work()

        [body] = office.bodies()
        assert body == {
            "id": body["id"],
            "kind": "answer.published",
            "at": "2026-06-10T18:00:33Z",
            "about": {"type": "submission", "id": folio, "url": f"http://localhost/folio/{folio}"},
            "api": f"http://localhost/api/v1/submissions/{folio}",
        }
        client = office.app.test_client()
        assert client.get(body["about"]["url"]).status_code == client.get(body["api"]).status_code == 200

    def test_each_system_is_told_only_what_it_chose(self, office: Office) -> None:
        office.register(["window.extended", "window.closed"])
        office.answer()
        with session_scope(office.database), unit_of_work():
            window = get_window(office.world.slugs["open"])
            extend_window(
                window=window,
                days=3,
                legal_basis="Artículo 28",
                reason="Lo pidieron.",
                agreement="A-1",
                actor=office.world.actors["coordinator"],
                now=office.clock.now,
            )
            closes_at = window.closes_at
        office.work()
        assert closes_at is not None

        office.clock.now = closes_at
        office.work()

        assert [(body["kind"], body["about"]["id"]) for body in office.bodies()] == [
            ("window.extended", office.world.slugs["open"]),
            ("window.closed", office.world.slugs["open"]),
        ]

    def test_comment_that_was_withdrawn_meanwhile_is_not_told(self, office: Office) -> None:
        office.register()
        folio = office.answer()
        with session_scope(office.database), unit_of_work():
            get_submission(folio).is_hidden = True

        office.work()

        assert office.bodies() == []

    def test_another_government_is_told_nothing(self, office: Office) -> None:
        office.register()
        with session_scope(office.database), unit_of_work():
            session().scalars(select(Webhook)).one().government = a_government(
                now=office.clock.now, key="leon", prefix="LEO"
            )

        office.answer()
        office.work()

        assert office.bodies() == []


class TestSignature:
    def test_the_receiver_believes_it_and_no_other_secret(self, office: Office) -> None:
        secret = office.register()
        office.answer()

        office.work()

        assert office.accepts(secret) == [True, True]
        assert office.accepts("whsec_" + "A" * 44) == [False, False]
        headers, body = office.receiver.received[0]
        office.receiver.received = [(headers, body + b" ")]
        assert office.accepts(secret) == [False]

    def test_identifier_stays_and_the_instant_is_that_of_the_try(self, office: Office) -> None:
        secret = office.register(["answer.published"])
        office.answer()
        office.receiver.answers = [DOWN, OK]

        office.work()
        office.work(minutes=2)

        first, second = office.receiver.received
        assert first[0]["webhook-id"] == second[0]["webhook-id"] == office.bodies()[0]["id"]
        assert first[1] == second[1]
        assert first[0]["webhook-timestamp"] < second[0]["webhook-timestamp"]
        office.receiver.received = [second]
        assert office.accepts(secret) == [True]

    def test_after_a_rotation_both_secrets_are_believed_for_a_day(self, office: Office) -> None:
        old = office.register(["answer.published"])
        new = secret_of(office.do("secreto", status=200))
        office.answer()
        office.work()
        assert (office.accepts(old), office.accepts(new)) == ([True], [True])
        office.receiver.received.clear()

        office.clock.advance(hours=24)
        office.answer()
        office.work()

        assert (office.accepts(old), office.accepts(new)) == ([False], [True])
        assert office.webhook().old_secret is None

    def test_secrets_are_kept_sealed_and_each_for_its_row(self, office: Office) -> None:
        secret = office.register()

        webhook = office.webhook()

        assert secret.encode() not in webhook.secret
        assert unseal(webhook.secret, instance_secret=SECRET, owner=webhook.key) == secret
        assert unseal(webhook.secret, instance_secret=SECRET, owner="otra") is None
        assert unseal(webhook.secret, instance_secret=b"another secret of the instance!!", owner=webhook.key) is None


class TestRetries:
    def test_tries_go_on_for_three_days_and_then_its_owners_are_told_once(self, office: Office) -> None:
        office.register(["answer.published"])
        office.answer()
        office.receiver.answers = [DOWN]
        began = office.clock.now

        waits = []
        while office.webhook().state == "active":
            before = len(office.receiver.received)
            office.clock.advance(minutes=15)
            office.worker.drain()
            office.clock.advance(seconds=3)
            office.worker.drain()
            if len(office.receiver.received) > before:
                waits.append(office.clock.now - began)

        assert len(office.receiver.received) == MOST_TRIES
        assert timedelta(days=2.5) < waits[-1] < timedelta(days=4)
        [delivery] = office.deliveries()
        assert (delivery.state, delivery.status, delivery.said) == ("failed", 500, "ca ido por <b>mantenimiento</b>")
        office.work(days=3)
        assert [mail["To"] for mail in office.mails()] == ["coordinator@ejemplo.mx"]
        assert len(office.receiver.received) == MOST_TRIES

    def test_one_that_fails_is_asked_about_one_thing_at_a_time(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [DOWN]
        for _ in range(5):
            office.answer()

        office.clock.advance(seconds=11)
        office.worker.drain()
        office.clock.advance(seconds=3)
        office.worker.drain()

        assert len(office.receiver.received) == 1

    def test_what_waited_goes_out_when_the_system_is_back(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [DOWN]
        folios = {office.answer() for _ in range(5)}
        office.work(minutes=1)
        office.receiver.answers = [OK]
        office.receiver.received.clear()

        office.work(hours=3)

        assert {body["about"]["id"] for body in office.bodies()} == folios
        assert {delivery.state for delivery in office.deliveries()} == {"delivered"}

    @pytest.mark.parametrize(
        ("asked", "waited"), [("3600", timedelta(hours=1)), ("99999999", timedelta(hours=6)), ("nunca", None)]
    )
    def test_patience_that_a_system_asks_for_is_given_up_to_six_hours(
        self, office: Office, asked: str, waited: timedelta | None
    ) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [(503, {"Retry-After": asked}, b"")]
        office.answer()

        office.work()

        [delivery] = office.deliveries()
        assert delivery.next_at is not None
        assert delivery.tried_at is not None
        wait = delivery.next_at - delivery.tried_at
        assert wait == waited if waited else wait < timedelta(minutes=1)

    def test_one_that_is_gone_is_not_asked_again(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [(410, {}, b"")]
        office.answer()

        office.work()
        office.answer()
        office.work(days=1)

        assert len(office.receiver.received) == 1
        assert (office.webhook().state, office.webhook().suspension_cause) == ("suspended", "gone")
        assert len(office.mails()) == 1

    def test_redirections_are_failures(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [(308, {"Location": office.receiver.url}, b"")]
        office.answer()

        office.work()

        assert len(office.receiver.received) == 1
        assert [(one.state, one.status) for one in office.deliveries()] == [("waiting", 308)]


class TestStops:
    def test_paused_is_told_later_what_waited_and_never_what_happened_meanwhile(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [DOWN]
        waited = office.answer()
        office.work()
        office.do("pausar")
        office.receiver.answers = [OK]
        office.receiver.received.clear()
        office.answer()
        office.work(hours=1)
        assert office.bodies() == []

        office.page = office.page_of("coordinator")
        office.do("reanudar")
        office.work()

        assert [body["about"]["id"] for body in office.bodies()] == [waited]

    def test_suspended_must_prove_itself_again(self, office: Office) -> None:
        office.register(["answer.published"])
        office.receiver.answers = [(410, {}, b"")]
        office.answer()
        office.work()
        office.receiver.answers = [OK]
        office.receiver.received.clear()

        office.work(minutes=2)
        office.do("reanudar")
        assert office.webhook().state == "pending"
        office.work()

        assert [body["kind"] for body in office.bodies()] == ["ping"]
        assert office.webhook().state == "active"

    def test_removed_leaves_nothing_but_its_leaves(self, office: Office) -> None:
        office.register(EVERYTHING)
        key = office.webhook().key
        office.answer()
        office.receiver.answers = [DOWN]
        office.work()

        office.do("quitar")
        office.receiver.received.clear()
        office.work(hours=1)

        assert office.bodies() == []
        with session_scope(office.database):
            leaves = session().scalars(select(Leaf.kind).where(Leaf.public_id == f"guanajuato/{key}").order_by(Leaf.id))
            assert list(leaves) == ["webhook.created", "webhook.removed"]
        assert office.deliveries() == []

    def test_one_removed_while_it_answers_is_no_error(self, office: Office) -> None:
        office.register(["answer.published"])
        office.answer()
        office.receiver.before = lambda: office.do("quitar") and None

        office.work()

        assert len(office.receiver.received) == 1
        assert office.deliveries() == []

    def test_deliveries_are_forgotten_after_thirty_days(self, office: Office) -> None:
        office.register(["answer.published"])
        office.answer()
        office.work()
        assert len(office.deliveries()) == 1

        office.work(days=30)

        assert office.deliveries() == []
