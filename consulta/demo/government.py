"""Loads the demonstration: one government whose windows are in every state, with comments and answers."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from consulta.actors import Actor
from consulta.agencies.models import Government, Unit
from consulta.agencies.operations import create_agency, create_government, create_unit, publish_privacy_notice
from consulta.db import session, unit_of_work
from consulta.demo import texts
from consulta.demo.accounts import create_demo_posts
from consulta.moderation.operations import publish_text
from consulta.referrals.operations import draft_answer, publish_answer, sign_off, submit_answer
from consulta.referrals.queries import list_referrals_of
from consulta.referrals.routing import refer_by_topic
from consulta.submissions.drafts import Delivery, DemographicsDraft, Draft
from consulta.submissions.models import Submission
from consulta.submissions.operations import receive
from consulta.submissions.states import Channel, SubmissionKind
from consulta.windows.models import Topic, Window
from consulta.windows.operations import add_topic, conclude_window, create_window, extend_window, schedule_window
from consulta.windows.queries import get_instrument, list_topics

NOTICE_VERSION = "2026-1"
SEED = 2026


class Loader:
    """Writes the demonstration step by step, each act at its own instant in the past."""

    def __init__(self, now: datetime, secret: bytes) -> None:
        self.now = now
        self.secret = secret
        self.random = random.Random(SEED)  # noqa: S311 - invented people, not secrets
        self.actors: dict[str, Actor] = {}
        self.units: dict[str, int] = {}
        self.government_id = 0

    def load(self) -> None:
        """Load everything."""
        self._offices()
        concluded = self._window(
            "cabildo_abierto", "Cabildo abierto: parques y banquetas", texts.CABILDO_TOPICS, 75, 15
        )
        self._comments(concluded, 10, answered=10)
        with unit_of_work():
            conclude_window(window=self._get(concluded), actor=self.actors["coordinacion"], now=self.now)
        closed = self._window("agenda_regulatoria", "Agenda Regulatoria, segundo semestre", texts.AGENDA_TOPICS, 50, 20)
        self._comments(closed, 14, answered=5)
        opened = self._window("agenda_regulatoria", "Agenda Regulatoria del próximo año", texts.AGENDA_TOPICS, 9, 20)
        self._comments(opened, len(texts.COMMENTS), answered=2)
        with unit_of_work():
            extend_window(
                window=self._get(opened),
                days=5,
                legal_basis="Ley Nacional para Eliminar Trámites Burocráticos, artículo 28",
                reason="Varias cámaras y colonias pidieron más tiempo para leer las propuestas.",
                agreement="CMR/012 (demostración)",
                actor=self.actors["coordinacion"],
                now=self.now - timedelta(days=1),
            )
        self._window("cabildo_abierto", "Cabildo abierto: cruces seguros", texts.CABILDO_TOPICS, 13, 15)
        self._window("cabildo_abierto", "Cabildo abierto: agua en las colonias", texts.CABILDO_TOPICS[:1], -6, 15)
        mailbox = self._window(
            "atencion_ciudadana", "Atención ciudadana", (("Escriba al gobierno", "", "agua"),), 90, 0
        )
        self._comments(mailbox, 4, answered=2)

    def _offices(self) -> None:
        start = self.now - timedelta(days=200)
        with unit_of_work():
            government = create_government(
                key="guanajuato-demo",
                name="Gobierno del Estado de Guanajuato (demostración)",
                folio_prefix="GTO",
                timezone="America/Mexico_City",
                calendar_key="guanajuato_demo",
                contact="Ventanilla: Calle Inventada 1, de lunes a viernes de 9 a 16 h. consultas@demo.example",
                now=start,
            )
            publish_privacy_notice(
                government=government,
                version=NOTICE_VERSION,
                summary=texts.PRIVACY_SUMMARY,
                text=texts.PRIVACY_TEXT,
                now=start,
            )
            units: dict[str, Unit] = {}
            for key, name, children in texts.AGENCIES:
                agency = create_agency(government=government, key=key, name=name, now=start)
                for unit_key, unit_name in children:
                    units[unit_key] = create_unit(agency=agency, key=unit_key, name=unit_name, now=start)
            self.actors = create_demo_posts(units, government, start)
            self.units = {key: unit.id for key, unit in units.items()}
            self.government_id = government.id

    def _window(
        self, instrument: str, title: str, topics: tuple[tuple[str, str, str], ...], age: int, days: int
    ) -> int:
        """Create, fill and schedule a window that opened `age` days ago; return its id."""
        at = self.now - timedelta(days=max(age, 0) + 1)
        actor = self.actors["coordinacion"]
        with unit_of_work():
            government = session().get_one(Government, self.government_id)
            window = create_window(
                government=government,
                instrument=get_instrument(instrument),
                title=title,
                summary=texts.MAILBOX_SUMMARY
                if instrument == "atencion_ciudadana"
                else "Estas son las propuestas que las dependencias quieren emitir o cambiar. Todavía no se deciden. "
                "Diga qué le parece cada una, qué cambiaría y por qué.",
                decides="La dependencia que propone cada regla, oída la Coordinación de Mejora Regulatoria.",
                afterwards="Cada comentario se turna a la unidad responsable, que responde con razones. "
                "Las respuestas se publican aquí.",
                actor=actor,
                now=at,
            )
            for name, summary, unit_key in topics:
                unit = session().get_one(Unit, self.units[unit_key])
                add_topic(window=window, title=name, summary=summary, unit=unit, actor=actor, now=at)
            opens_on = (self.now - timedelta(days=age)).astimezone(ZoneInfo(government.timezone)).date()
            schedule_window(window=window, opens_on=opens_on, days=days, actor=actor, now=at)
            return window.id

    def _comments(self, window_id: int, count: int, *, answered: int) -> None:
        window = self._get(window_id)
        opens_at, kinds = window.opens_at or self.now, window.instrument.kinds
        last = min(self.now, window.closes_at or self.now) - timedelta(hours=2)
        topic_ids = [topic.id for topic in list_topics(window_id)]
        for n in range(count):
            at = opens_at + (last - opens_at) * (n + 1) / (count + 1)
            topic_id = topic_ids[n * len(topic_ids) // count]
            folio = self._receive(topic_id, texts.COMMENTS[n % len(texts.COMMENTS)], SubmissionKind(kinds[0]), at, n)
            if kinds[0] in ("comment", "proposal") and n % 7 != 6:
                self._publish(folio, at + timedelta(hours=3))
            if n < answered:
                self._answer(folio, texts.ANSWERS[n % len(texts.ANSWERS)], at + timedelta(hours=1))

    def _receive(self, topic_id: int, text: str, kind: SubmissionKind, at: datetime, n: int) -> str:
        draft = Draft(
            text=text,
            kind=kind,
            author_name="Ana Ejemplo (inventada)" if n % 3 == 0 else "",
            name_is_public=n % 3 == 0,
            email="persona@demo.example" if n % 4 == 0 else "",
            notice_version=NOTICE_VERSION,
            demographics=DemographicsDraft(
                sex=self.random.choice(["woman", "man", "declined", None]),
                age_group=self.random.choice(["18-29", "30-44", "45-59", "60+", None]),
                municipality=self.random.choice(["11015", "11020", "11007", "11017", None]),
            ),
        )
        channel = self.random.choice([Channel.WEB, Channel.WEB, Channel.WEB, Channel.COUNTER, Channel.PHONE])
        nonce = f"demo:{topic_id}:{n}".encode()
        with unit_of_work():
            outcome = receive(
                Delivery(topic_id=topic_id, draft=draft, channel=channel, nonce=nonce, received_at=at),
                secret=self.secret,
                clock=lambda: at,
            )
        with unit_of_work():
            refer_by_topic({"folio": outcome.folio}, at + timedelta(minutes=1))
        return outcome.folio

    def _publish(self, folio: str, at: datetime) -> None:
        with unit_of_work():
            publish_text(submission=_find(folio), actor=self.actors["revision"], now=min(at, self.now))

    def _answer(self, folio: str, answer: tuple[str, str], at: datetime) -> None:
        submission = _find(folio)
        topic = session().get_one(Topic, submission.topic_id)
        area = "movilidad" if topic.unit_id == self.units["movilidad"] else "agua"
        enlace = self.actors[f"enlace-{area}"]
        with unit_of_work():
            [referral] = list_referrals_of(submission.id)
            drafted = draft_answer(referrals=[referral], disposition=answer[0], text=answer[1], actor=enlace, now=at)
            submit_answer(answer=drafted, actor=enlace, now=at)
            sign_off(answer=drafted, actor=self.actors[f"direccion-{area}"], now=at)
            publish_answer(answer=drafted, actor=self.actors["coordinacion"], now=at)

    def _get(self, window_id: int) -> Window:
        return session().get_one(Window, window_id)


def _find(folio: str) -> Submission:
    return session().scalars(select(Submission).where(Submission.folio == folio)).one()


def load_demo(*, now: datetime, secret: bytes) -> None:
    """Load the demonstration government into an empty instance, as of `now`."""
    Loader(now, secret).load()
