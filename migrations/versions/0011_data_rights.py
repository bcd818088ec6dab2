"""Requests about personal data; documentary series, what is filed in them, and the series of a disposal

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('data_rights_requests',
    sa.Column('id', BIG, nullable=False),
    sa.Column('submission_id', BIG, nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('new_email', sa.String(length=320), nullable=False),
    sa.Column('new_phone', sa.String(length=40), nullable=False),
    sa.Column('new_name', sa.String(length=200), nullable=False),
    sa.Column('filed_at', INSTANT, nullable=False),
    sa.Column('clock_id', BIG, nullable=True),
    sa.Column('extended_at', INSTANT, nullable=True),
    sa.Column('extension_reason', sa.Text(), nullable=False),
    sa.Column('decided_at', INSTANT, nullable=True),
    sa.Column('decided_by_post_id', BIG, nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('effect_clock_id', BIG, nullable=True),
    sa.Column('carried_out_at', INSTANT, nullable=True),
    sa.Column('effect_note', sa.Text(), nullable=False),
    sa.CheckConstraint("(extended_at IS NULL) = (extension_reason = '')",
                       name=op.f('ck_data_rights_requests_extended_has_reason')),
    sa.CheckConstraint("state != 'extended' OR extended_at IS NOT NULL",
                       name=op.f('ck_data_rights_requests_extended_has_date')),
    sa.CheckConstraint("(state IN ('filed', 'extended')) = (decided_at IS NULL)",
                       name=op.f('ck_data_rights_requests_decided_has_date')),
    sa.CheckConstraint("(state IN ('filed', 'extended')) = (reason = '')",
                       name=op.f('ck_data_rights_requests_decided_has_reason')),
    sa.CheckConstraint("(state = 'carried_out') = (carried_out_at IS NOT NULL)",
                       name=op.f('ck_data_rights_requests_carried_out_has_date')),
    sa.CheckConstraint("(state IN ('filed', 'extended', 'accepted') AND kind = 'rectification')"
                       " OR (new_email = '' AND new_phone = '' AND new_name = '')",
                       name=op.f('ck_data_rights_requests_settled_keeps_no_contact')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'],
                            name=op.f('fk_data_rights_requests_submission_id_submissions')),
    sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_data_rights_requests_clock_id_clocks')),
    sa.ForeignKeyConstraint(['effect_clock_id'], ['clocks.id'],
                            name=op.f('fk_data_rights_requests_effect_clock_id_clocks')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'],
                            name=op.f('fk_data_rights_requests_decided_by_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_rights_requests'))
    )
    for column in ('submission_id', 'state', 'clock_id', 'effect_clock_id'):
        op.create_index(op.f(f'ix_data_rights_requests_{column}'), 'data_rights_requests', [column])
    op.create_index('uq_data_rights_requests_open', 'data_rights_requests', ['submission_id', 'kind'], unique=True,
                    sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
    op.create_table('documentary_series',
    sa.Column('id', BIG, nullable=False),
    sa.Column('government_id', BIG, nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('active_years', BIG, nullable=False),
    sa.Column('concentration_years', BIG, nullable=False),
    sa.Column('destination', sa.String(length=20), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('added_at', INSTANT, nullable=False),
    sa.Column('added_by_post_id', BIG, nullable=False),
    sa.Column('retired_at', INSTANT, nullable=True),
    sa.CheckConstraint('active_years >= 0 AND concentration_years >= 0 AND active_years + concentration_years > 0',
                       name=op.f('ck_documentary_series_keeps_some_time')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'],
                            name=op.f('fk_documentary_series_government_id_governments')),
    sa.ForeignKeyConstraint(['added_by_post_id'], ['posts.id'],
                            name=op.f('fk_documentary_series_added_by_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documentary_series')),
    sa.UniqueConstraint('government_id', 'code', name=op.f('uq_documentary_series_government_id_code'))
    )
    op.create_table('series_assignments',
    sa.Column('id', BIG, nullable=False),
    sa.Column('government_id', BIG, nullable=False),
    sa.Column('series_id', BIG, nullable=False),
    sa.Column('window_id', BIG, nullable=True),
    sa.Column('instrument_key', sa.String(length=60), nullable=True),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('post_id', BIG, nullable=False),
    sa.CheckConstraint('(window_id IS NULL) <> (instrument_key IS NULL)',
                       name=op.f('ck_series_assignments_files_one_thing')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'],
                            name=op.f('fk_series_assignments_government_id_governments')),
    sa.ForeignKeyConstraint(['series_id'], ['documentary_series.id'],
                            name=op.f('fk_series_assignments_series_id_documentary_series')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_series_assignments_window_id_windows')),
    sa.ForeignKeyConstraint(['instrument_key'], ['instruments.key'],
                            name=op.f('fk_series_assignments_instrument_key_instruments')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_series_assignments_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series_assignments')),
    sa.UniqueConstraint('government_id', 'instrument_key',
                        name=op.f('uq_series_assignments_government_id_instrument_key')),
    sa.UniqueConstraint('government_id', 'window_id', name=op.f('uq_series_assignments_government_id_window_id'))
    )
    for column in ('series_id', 'window_id'):
        op.create_index(op.f(f'ix_series_assignments_{column}'), 'series_assignments', [column])
    number = 'BIGINT' if op.get_bind().dialect.name == 'postgresql' else 'INTEGER'
    instant = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    # Each with its constraint in the column, because SQLite adds none to a table that exists.
    op.execute(
        f'ALTER TABLE disposals ADD COLUMN series_id {number} '
        'CONSTRAINT fk_disposals_series_id_documentary_series REFERENCES documentary_series (id)'
    )
    op.create_index(op.f('ix_disposals_series_id'), 'disposals', ['series_id'])
    op.add_column('submissions', sa.Column('published_name', sa.String(length=200), nullable=True))
    op.execute(
        f'ALTER TABLE submissions ADD COLUMN contact_blocked_at {instant} '
        "CONSTRAINT ck_submissions_blocked_has_no_contact CHECK (contact_blocked_at IS NULL OR "
        "(email = '' AND phone = ''))"
    )


def downgrade() -> None:
    # To the version before, a name that is not published any more is one that nobody asked to publish. Its leaf of
    # reception says otherwise, and the verifier of that version tells so: what a person opposed must not come back.
    op.execute("UPDATE submissions SET name_is_public = false WHERE published_name = ''")
    for name in ('contact_blocked_at', 'published_name'):
        op.execute(f'ALTER TABLE submissions DROP COLUMN {name}')
    op.drop_index(op.f('ix_disposals_series_id'), table_name='disposals')
    op.execute('ALTER TABLE disposals DROP COLUMN series_id')
    for table in ('series_assignments', 'documentary_series', 'data_rights_requests'):
        op.drop_table(table)
