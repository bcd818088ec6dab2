"""Every committed column: changed by the superuser, it shows. And nothing shows while nothing is changed."""

import random

import pytest
from sqlalchemy import delete

from consulta.archives.committed import COMMITTED, EXCLUDED, EXCLUDED_TABLES
from consulta.db import Base, session
from consulta.referrals.models import Referral
from consulta.submissions.models import Submission
from tests.archives.worlds import Superuser, changed, columns, keys_of, populate, rows_of, verify
from tests.builders import World


def test_every_column_is_committed_or_left_out_with_a_reason() -> None:
    for table in Base.metadata.sorted_tables:
        if table.name in EXCLUDED_TABLES:
            continue
        committed, excluded = set(COMMITTED[table.name]), set(EXCLUDED.get(table.name, {}))
        assert {column.name for column in table.columns} == committed | excluded, table.name
        assert not committed & excluded, table.name
    assert not set(EXCLUDED_TABLES) & set(COMMITTED)
    assert all(EXCLUDED_TABLES.values())
    assert all(reason for reasons in EXCLUDED.values() for reason in reasons.values())


@pytest.mark.usefixtures("scope")
class TestRows:
    def test_nothing_differs_while_nothing_is_changed(self, world: World) -> None:
        populate(world)

        verdict = verify()

        assert verdict.problems == []
        assert verdict.rows > 30

    def test_every_committed_column_shows(self, world: World) -> None:
        populate(world)
        rng = random.Random(20261125)
        missed = []
        superuser = Superuser()
        for table, column in columns():
            row = rng.choice(rows_of(table))
            keys, value = keys_of(table, row), changed(column, row[column.name])
            superuser.write(table, keys, column.name, value)
            if verify().is_good:
                missed.append(f"{table.name}.{column.name}")
            moved = {**keys, column.name: value} if column.name in keys else keys
            superuser.write(table, moved, column.name, row[column.name])
        superuser.close()
        assert not missed, ", ".join(missed)
        assert verify().problems == []

    def test_row_that_is_gone_or_was_invented_shows(self, world: World) -> None:
        populate(world)
        submission = session().query(Submission).order_by(Submission.id.desc()).first()
        assert submission is not None
        session().execute(delete(Referral).where(Referral.submission_id == submission.id))
        session().delete(submission)
        session().commit()

        assert any(submission.folio in problem.text for problem in verify().problems)
