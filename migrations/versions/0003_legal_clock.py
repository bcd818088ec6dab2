"""The legal clock: decrees, clocks and their events, who is in time, changes of dates that take two people

Revision ID: 0003
Revises: 0002
"""

import hashlib
import json
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TABLES = (
    'decree_ranges', 'date_changes', 'decrees', 'clock_events', 'clocks', 'outages', 'heartbeats', 'derivations',
)
AT_ONCE = 500

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = consulta.db.base.UtcDateTime()
derivations = sa.table('derivations', sa.column('id', ID), sa.column('digest'), sa.column('content', sa.JSON()))
clocks = sa.table(
    'clocks', sa.column('id', ID), sa.column('kind'), sa.column('government_id', ID), sa.column('agency_id', ID),
    sa.column('unit_id', ID), sa.column('procedure'), sa.column('n', ID), sa.column('unit_of_term'),
    sa.column('roll_last_day', sa.Boolean()), sa.column('rule'), sa.column('citation'),
    sa.column('protects', sa.Boolean()), sa.column('state'), sa.column('starts_on', sa.Date()),
    sa.column('is_plain', sa.Boolean()), sa.column('due_on', sa.Date()), sa.column('due_at', MOMENT),
    sa.column('missed_at', MOMENT), sa.column('derivation_id', ID),
)
events = sa.table(
    'clock_events', sa.column('clock_id', ID), sa.column('kind'), sa.column('happened_on', sa.Date()),
    sa.column('at', MOMENT), sa.column('n', ID), sa.column('unit_of_term'), sa.column('citation'),
    sa.column('reason'), sa.column('not_before', sa.Date()), sa.column('from_due_on', sa.Date()),
    sa.column('to_due_on', sa.Date()), sa.column('calendar_version'), sa.column('post_id', ID),
)


def upgrade() -> None:
    op.create_table('derivations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_derivations')),
    sa.UniqueConstraint('digest', name=op.f('uq_derivations_digest'))
    )
    op.create_table('heartbeats',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_heartbeats'))
    )
    op.create_table('outages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('to_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('to_at > from_at', name=op.f('ck_outages_ends_after_it_begins')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outages'))
    )
    op.create_table('clocks',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('procedure', sa.String(length=60), nullable=False),
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_of_term', sa.String(length=20), nullable=False),
    sa.Column('roll_last_day', sa.Boolean(), nullable=False),
    sa.Column('rule', sa.String(length=120), nullable=False),
    sa.Column('citation', sa.String(length=300), nullable=False),
    sa.Column('protects', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('is_plain', sa.Boolean(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('missed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('derivation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state != 'running' OR due_at IS NOT NULL", name=op.f('ck_clocks_running_has_date')),
    sa.CheckConstraint("state != 'suspended' OR due_at IS NULL", name=op.f('ck_clocks_suspended_has_no_date')),
    sa.CheckConstraint('(due_at IS NULL) = (due_on IS NULL)', name=op.f('ck_clocks_day_and_instant_together')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_clocks_agency_id_agencies')),
    sa.ForeignKeyConstraint(['derivation_id'], ['derivations.id'], name=op.f('fk_clocks_derivation_id_derivations')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_clocks_government_id_governments')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_clocks_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clocks'))
    )
    with op.batch_alter_table('clocks', schema=None) as batch_op:
        batch_op.create_index('ix_clocks_due', ['state', 'missed_at', 'due_at'], unique=False)
        batch_op.create_index('ix_clocks_running', ['government_id', 'state', 'id'], unique=False)

    op.create_table('clock_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clock_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_of_term', sa.String(length=20), nullable=True),
    sa.Column('citation', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('not_before', sa.Date(), nullable=True),
    sa.Column('from_due_on', sa.Date(), nullable=True),
    sa.Column('to_due_on', sa.Date(), nullable=True),
    sa.Column('calendar_version', sa.String(length=64), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_clock_events_clock_id_clocks')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_clock_events_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_events'))
    )
    with op.batch_alter_table('clock_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clock_events_clock_id'), ['clock_id'], unique=False)

    op.create_table('decrees',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('reference', sa.String(length=300), nullable=False),
    sa.Column('gazetted_on', sa.Date(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('replaces_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('drafted_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('drafted_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('published_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('published_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'draft') = (published_at IS NULL)", name=op.f('ck_decrees_published_has_date')),
    sa.CheckConstraint("(state = 'draft') = (published_by_post_id IS NULL)", name=op.f('ck_decrees_published_has_author')),
    sa.CheckConstraint('unit_id IS NULL OR agency_id IS NOT NULL', name=op.f('ck_decrees_unit_has_agency')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_decrees_agency_id_agencies')),
    sa.ForeignKeyConstraint(['drafted_by_post_id'], ['posts.id'], name=op.f('fk_decrees_drafted_by_post_id_posts')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_decrees_government_id_governments')),
    sa.ForeignKeyConstraint(['published_by_post_id'], ['posts.id'], name=op.f('fk_decrees_published_by_post_id_posts')),
    sa.ForeignKeyConstraint(['replaces_id'], ['decrees.id'], name=op.f('fk_decrees_replaces_id_decrees')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_decrees_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decrees'))
    )
    with op.batch_alter_table('decrees', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decrees_government_id'), ['government_id'], unique=False)

    op.create_table('date_changes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('agreement', sa.String(length=120), nullable=False),
    sa.Column('from_closes_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('to_closes_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('proposed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(kind = 'shorten') = (days IS NOT NULL)", name=op.f('ck_date_changes_shortened_has_days')),
    sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_date_changes_decided_has_date')),
    sa.CheckConstraint("state != 'approved' OR decided_by_post_id != proposed_by_post_id", name=op.f('ck_date_changes_takes_two_posts')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_date_changes_decided_by_post_id_posts')),
    sa.ForeignKeyConstraint(['proposed_by_person_id'], ['persons.id'], name=op.f('fk_date_changes_proposed_by_person_id_persons')),
    sa.ForeignKeyConstraint(['proposed_by_post_id'], ['posts.id'], name=op.f('fk_date_changes_proposed_by_post_id_posts')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_date_changes_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_date_changes'))
    )
    with op.batch_alter_table('date_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_date_changes_window_id'), ['window_id'], unique=False)
        batch_op.create_index('uq_date_changes_open', ['window_id'], unique=True, sqlite_where=sa.text("state = 'proposed'"), postgresql_where=sa.text("state = 'proposed'"))

    op.create_table('decree_ranges',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('decree_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('exempt', sa.JSON(), nullable=False),
    sa.CheckConstraint('last_on >= first_on', name=op.f('ck_decree_ranges_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['decree_id'], ['decrees.id'], name=op.f('fk_decree_ranges_decree_id_decrees')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decree_ranges'))
    )
    with op.batch_alter_table('decree_ranges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decree_ranges_decree_id'), ['decree_id'], unique=False)

    op.add_column(
        'governments', sa.Column('calendar_version', sa.String(length=64), nullable=False, server_default=sa.text("''"))
    )
    op.add_column(
        'governments', sa.Column('unused_instruments', sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column('instruments', sa.Column('periods', sa.JSON(), nullable=True))
    number = 'BIGINT' if op.get_bind().dialect.name == 'postgresql' else 'INTEGER'
    instant = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    # Each with its constraint in the column, because SQLite adds none to a table that exists.
    op.execute(
        f"ALTER TABLE windows ADD COLUMN annulled_at {instant} CONSTRAINT ck_windows_annulled_has_date "
        "CHECK ((state = 'annulled') = (annulled_at IS NOT NULL))"
    )
    _refer('windows', 'clock_id', number, 'clocks')
    _refer('windows', 'capture_post_id', number, 'posts')
    op.add_column('windows', sa.Column('opening_answers', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column(
        'submissions', sa.Column('admission', sa.String(length=20), nullable=False, server_default=sa.text("'in_time'"))
    )
    op.add_column('submissions', sa.Column('is_admitted', sa.Boolean(), nullable=False, server_default=sa.text('true')))
    op.execute("UPDATE submissions SET admission = 'late', is_admitted = false WHERE timeliness = 'late'")
    op.add_column('submissions', sa.Column('late_decision', sa.String(length=20), nullable=True))
    op.add_column('submissions', sa.Column('late_reason', sa.Text(), nullable=True))
    op.execute(
        f"ALTER TABLE submissions ADD COLUMN late_decided_at {instant} "
        "CONSTRAINT ck_submissions_decision_has_date "
        "CHECK ((late_decision IS NULL) = (late_decided_at IS NULL)) "
        "CONSTRAINT ck_submissions_decision_has_reason CHECK ((late_decision IS NULL) = (late_reason IS NULL)) "
        "CONSTRAINT ck_submissions_admitted_in_time_or_by_decision CHECK (is_admitted = "
        "(admission IN ('in_time', 'sealed_in_time', 'slow_line') OR COALESCE(late_decision, '') = 'admitted'))"
    )
    _refer('submissions', 'late_decided_by_post_id', number, 'posts')
    _refer('submissions', 'clock_id', number, 'clocks')
    _refer('referrals', 'clock_id', number, 'clocks')
    for table in ('windows', 'submissions', 'referrals'):
        op.create_index(f'ix_{table}_clock_id', table, ['clock_id'])
    _start_clocks()
    op.drop_column('referrals', 'derivation')


def downgrade() -> None:
    op.add_column('referrals', sa.Column('derivation', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    _give_derivations_back()
    for table in ('windows', 'submissions', 'referrals'):
        op.drop_index(f'ix_{table}_clock_id', table_name=table)
    # A window that was annulled is, to the version before, one that has concluded.
    op.execute("UPDATE windows SET annulled_at = NULL, state = 'concluded', concluded_at = annulled_at "
               "WHERE state = 'annulled'")
    for table, names in (
        ('referrals', ('clock_id',)),
        (
            'submissions',
            ('clock_id', 'late_decided_by_post_id', 'late_decided_at', 'late_reason', 'late_decision', 'is_admitted', 'admission'),
        ),
        ('windows', ('opening_answers', 'capture_post_id', 'clock_id', 'annulled_at')),
        ('governments', ('unused_instruments', 'calendar_version')),
        ('instruments', ('periods',)),
    ):
        for name in names:
            op.execute(f'ALTER TABLE {table} DROP COLUMN {name}')
    for table in TABLES:
        op.drop_table(table)


def _refer(table: str, column: str, number: str, target: str) -> None:
    op.execute(
        f'ALTER TABLE {table} ADD COLUMN {column} {number} '
        f'CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)'
    )


class _Writer:
    """Writes clocks with the events that made them, and each derivation once."""

    def __init__(self) -> None:
        self.bind, self.now, self.last, self.known = op.get_bind(), datetime.now(UTC), 0, {}

    def keep(self, content) -> int:
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode('utf-8')).hexdigest()
        if digest not in self.known:
            self.known[digest] = len(self.known) + 1
            row = {'id': self.known[digest], 'digest': digest, 'content': content}
            self.bind.execute(sa.insert(derivations), row)
        return self.known[digest]

    def start(self, derivation, due_at, *, state, added=(), **values) -> int:
        """Write a clock; `added` are the extensions, as `(day, instant, n, unit, citation, reason, post)`."""
        self.last += 1
        due_on, starts_on = date.fromisoformat(derivation['due_on']), date.fromisoformat(derivation['starts_on'])
        self.bind.execute(sa.insert(clocks), {
            'id': self.last, 'agency_id': None, 'unit_id': None, 'roll_last_day': True,
            'n': derivation['n'] - sum(item[2] for item in added), 'unit_of_term': derivation['unit'],
            'rule': derivation['rule'][:120], 'citation': derivation['citation'][:300], 'state': state,
            'starts_on': starts_on, 'is_plain': not added, 'due_on': due_on, 'due_at': due_at, 'missed_at': None,
            'derivation_id': self.keep(derivation), **values,
        })
        rows = [('start', starts_on, self.now, 0, None, '', '', None)]
        rows += [('extend', max(item[0], starts_on), *item[1:]) for item in added]
        if state == 'met':
            rows.append(('met', max(due_on, rows[-1][1]), self.now, 0, None, '', '', None))
        self.bind.execute(sa.insert(events), [
            {'clock_id': self.last, 'kind': kind, 'happened_on': on, 'at': at, 'n': n, 'unit_of_term': unit,
             'citation': citation, 'reason': reason, 'not_before': None, 'from_due_on': None, 'to_due_on': due_on,
             'calendar_version': '', 'post_id': post_id}
            for kind, on, at, n, unit, citation, reason, post_id in rows
        ])
        return self.last

    def finish(self) -> None:
        if self.bind.dialect.name == 'postgresql':
            for name in ('clocks', 'derivations'):
                op.execute(f"SELECT setval('{name}_id_seq', (SELECT COALESCE(max(id), 0) + 1 FROM {name}), false)")


def _start_clocks() -> None:
    """Give every date there is the clock that it would have had."""
    writer = _Writer()
    _clocks_of_windows(writer)
    _clocks_of_cases(writer)
    writer.finish()


def _clocks_of_windows(writer: _Writer) -> None:
    windows = sa.table(
        'windows', sa.column('id', ID), sa.column('government_id', ID), sa.column('instrument_key'), sa.column('state'),
        sa.column('closes_at', MOMENT), sa.column('derivation', sa.JSON()), sa.column('clock_id', ID),
    )
    extensions = sa.table(
        'extensions', sa.column('id', ID), sa.column('window_id', ID), sa.column('derivation', sa.JSON()),
        sa.column('legal_basis'), sa.column('reason'), sa.column('post_id', ID), sa.column('at', MOMENT),
    )
    for row in writer.bind.execute(sa.select(windows).where(windows.c.closes_at.is_not(None))).all():
        added = [
            (item.at.date(), item.at, item.derivation['n'], item.derivation['unit'], item.legal_basis, item.reason,
             item.post_id)
            for item in writer.bind.execute(
                sa.select(extensions).where(extensions.c.window_id == row.id).order_by(extensions.c.id)
            )
        ]
        clock_id = writer.start(
            row.derivation, row.closes_at, added=added, kind='consultation', government_id=row.government_id,
            procedure=row.instrument_key, protects=True, state='met' if row.closes_at <= writer.now else 'running',
        )
        writer.bind.execute(sa.update(windows).where(windows.c.id == row.id).values(clock_id=clock_id))


def _clocks_of_cases(writer: _Writer) -> None:
    """Every referral has the clock of its unit; the submission, that of the person, with the last date promised."""
    found = sa.text(
        'SELECT r.id, r.submission_id, r.state, r.unit_id, u.agency_id, a.government_id, w.government_id AS window_of, '
        'w.instrument_key FROM referrals r JOIN submissions s ON s.id = r.submission_id JOIN topics t ON t.id = s.topic_id '
        'JOIN windows w ON w.id = t.window_id JOIN units u ON u.id = r.unit_id JOIN agencies a ON a.id = u.agency_id '
        'ORDER BY r.submission_id, r.id'
    )
    referrals = sa.table(
        'referrals', sa.column('id', ID), sa.column('due_at', MOMENT), sa.column('derivation', sa.JSON()),
        sa.column('clock_id', ID),
    )
    submissions = sa.table('submissions', sa.column('id', ID), sa.column('clock_id', ID))
    rows = writer.bind.execute(found).all()
    for number, row in enumerate(rows):
        kept = writer.bind.execute(sa.select(referrals).where(referrals.c.id == row.id)).one()
        ended = 'running' if row.state == 'referred' else 'met'
        clock_id = writer.start(
            kept.derivation, kept.due_at, kind='unit', government_id=row.government_id, agency_id=row.agency_id,
            unit_id=row.unit_id, procedure=row.instrument_key, protects=False, state=ended,
        )
        writer.bind.execute(sa.update(referrals).where(referrals.c.id == row.id).values(clock_id=clock_id))
        if number + 1 == len(rows) or rows[number + 1].submission_id != row.submission_id:
            clock_id = writer.start(
                kept.derivation, kept.due_at, kind='answer', government_id=row.window_of,
                procedure=row.instrument_key, protects=False, state='met' if row.state == 'answered' else 'running',
            )
            writer.bind.execute(sa.update(submissions).where(submissions.c.id == row.submission_id).values(clock_id=clock_id))


def _give_derivations_back() -> None:
    op.execute(
        'UPDATE referrals SET derivation = (SELECT d.content FROM derivations d JOIN clocks c ON c.derivation_id = d.id '
        'JOIN submissions s ON s.clock_id = c.id WHERE s.id = referrals.submission_id) '
        'WHERE submission_id IN (SELECT id FROM submissions WHERE clock_id IN '
        '(SELECT id FROM clocks WHERE derivation_id IS NOT NULL))'
    )
