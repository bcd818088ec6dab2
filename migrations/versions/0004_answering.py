"""The work of answering: parts of a submission, drafts and their versions, standing, dockets and their lineage

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TABLES = ('appeals', 'moderations', 'campaign_members', 'campaigns', 'answer_wordings', 'boilerplates', 'carryings', 'successions')
COLUMNS = (('referrals', 'part_id'), ('submissions', 'received_topic_id'), ('topics', 'docket_id'))


def upgrade() -> None:
    op.create_table('dockets',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('opened_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('withdrawal_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason = '')", name=op.f('ck_dockets_withdrawn_has_reason')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_dockets_government_id_governments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dockets')),
    sa.UniqueConstraint('government_id', 'key', name=op.f('uq_dockets_government_id_key'))
    )
    op.create_table('boilerplates',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_boilerplates_agency_id_agencies')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_boilerplates_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boilerplates'))
    )
    op.create_index('ix_boilerplates_agency_id', 'boilerplates', ['agency_id'])

    op.create_table('successions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('predecessor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('predecessor_id != successor_id', name=op.f('ck_successions_succeeds_another')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_successions_post_id_posts')),
    sa.ForeignKeyConstraint(['predecessor_id'], ['dockets.id'], name=op.f('fk_successions_predecessor_id_dockets')),
    sa.ForeignKeyConstraint(['successor_id'], ['dockets.id'], name=op.f('fk_successions_successor_id_dockets')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_successions')),
    sa.UniqueConstraint('predecessor_id', 'successor_id', name=op.f('uq_successions_predecessor_id_successor_id'))
    )
    op.create_index('ix_successions_predecessor_id', 'successions', ['predecessor_id'])
    op.create_index('ix_successions_successor_id', 'successions', ['successor_id'])

    op.create_table('answer_wordings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('disposition', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answers.id'], name=op.f('fk_answer_wordings_answer_id_answers')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_answer_wordings_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_wordings')),
    sa.UniqueConstraint('answer_id', 'number', name=op.f('uq_answer_wordings_answer_id_number'))
    )
    op.create_table('carryings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('to_topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['from_topic_id'], ['topics.id'], name=op.f('fk_carryings_from_topic_id_topics')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_carryings_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_carryings_submission_id_submissions')),
    sa.ForeignKeyConstraint(['to_topic_id'], ['topics.id'], name=op.f('fk_carryings_to_topic_id_topics')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carryings'))
    )
    op.create_index('ix_carryings_from_topic_id', 'carryings', ['from_topic_id'])
    op.create_index('ix_carryings_submission_id', 'carryings', ['submission_id'])
    op.create_index('ix_carryings_to_topic_id', 'carryings', ['to_topic_id'])

    op.create_table('parts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('article', sa.String(length=200), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('joined_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_parts_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_parts_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parts')),
    sa.UniqueConstraint('submission_id', 'number', name=op.f('uq_parts_submission_id_number'))
    )
    op.create_table('campaigns',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('representative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('found_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_campaigns_decided_has_date')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by_post_id IS NULL)', name=op.f('ck_campaigns_decided_has_author')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_campaigns_decided_by_post_id_posts')),
    sa.ForeignKeyConstraint(['representative_id'], ['submissions.id'], name=op.f('fk_campaigns_representative_id_submissions')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_campaigns_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    op.create_index('ix_campaigns_window_id', 'campaigns', ['window_id'])
    op.create_table('campaign_members',
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('similarity', sa.Float(), nullable=False),
    sa.Column('removed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('removed_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_members_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['removed_by_post_id'], ['posts.id'], name=op.f('fk_campaign_members_removed_by_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_campaign_members_submission_id_submissions')),
    sa.PrimaryKeyConstraint('campaign_id', 'submission_id', name=op.f('pk_campaign_members'))
    )
    op.create_index('ix_campaign_members_submission_id', 'campaign_members', ['submission_id'])
    op.create_table('moderations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('act', sa.String(length=20), nullable=False),
    sa.Column('ground', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('passages', sa.JSON(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('is_on_time', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(act = 'published') = (ground = '')", name=op.f('ck_moderations_unshown_has_ground')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_moderations_person_id_persons')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_moderations_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_moderations_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderations'))
    )
    op.create_index('ix_moderations_at', 'moderations', ['at'], unique=False)
    op.create_index('ix_moderations_submission_id', 'moderations', ['submission_id'], unique=False)
    op.create_table('appeals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('moderation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('filed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('clock_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_appeals_decided_has_date')),
    sa.CheckConstraint("(state = 'open') = (reason = '')", name=op.f('ck_appeals_decided_has_reason')),
    sa.ForeignKeyConstraint(['clock_id'], ['clocks.id'], name=op.f('fk_appeals_clock_id_clocks')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_appeals_decided_by_post_id_posts')),
    sa.ForeignKeyConstraint(['moderation_id'], ['moderations.id'], name=op.f('fk_appeals_moderation_id_moderations')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_appeals_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals'))
    )
    op.create_index('ix_appeals_clock_id', 'appeals', ['clock_id'], unique=False)
    op.create_index('ix_appeals_state', 'appeals', ['state'], unique=False)
    op.create_index('ix_appeals_submission_id', 'appeals', ['submission_id'], unique=False)
    op.create_index('uq_appeals_open', 'appeals', ['submission_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    number = 'BIGINT' if op.get_bind().dialect.name == 'postgresql' else 'INTEGER'
    instant = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    # Each with its constraint in the column, because SQLite adds none to a table that exists.
    _refer('referrals', 'part_id', number, 'parts')
    op.execute(
        f"ALTER TABLE referrals ADD COLUMN ended_at {instant} "
        "CONSTRAINT ck_referrals_ended_has_date CHECK ((state = 'ended') = (ended_at IS NOT NULL))"
    )
    op.execute(
        "ALTER TABLE referrals ADD COLUMN end_cause VARCHAR(20) "
        "CONSTRAINT ck_referrals_ended_has_cause CHECK ((state = 'ended') = (end_cause IS NOT NULL))"
    )
    op.add_column(
        'submissions', sa.Column('standing', sa.String(length=20), nullable=False, server_default=sa.text("'stands'"))
    )
    op.execute(
        f"ALTER TABLE submissions ADD COLUMN standing_at {instant} "
        "CONSTRAINT ck_submissions_standing_has_date CHECK ((standing = 'stands') = (standing_at IS NULL))"
    )
    op.add_column('submissions', sa.Column('standing_reason', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('submissions', sa.Column('is_hidden', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.add_column('submissions', sa.Column('redactions', sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    _refer('submissions', 'received_topic_id', number, 'topics')
    _refer('topics', 'docket_id', number, 'dockets')
    for table, column in COLUMNS:
        op.create_index(f'ix_{table}_{column}', table, [column])


def downgrade() -> None:
    # What has ended is, to the version before, something that its unit gave back.
    op.execute(
        "UPDATE referrals SET returned_at = ended_at, return_reason = end_cause, state = 'returned', ended_at = NULL, "
        "end_cause = NULL WHERE state = 'ended'"
    )
    for table, column in COLUMNS:
        op.drop_index(f'ix_{table}_{column}', table_name=table)
    for table, names in (
        ('referrals', ('part_id', 'ended_at', 'end_cause')),
        ('submissions', ('received_topic_id', 'redactions', 'is_hidden', 'standing_reason', 'standing_at', 'standing')),
        ('topics', ('docket_id',)),
    ):
        for name in names:
            op.execute(f'ALTER TABLE {table} DROP COLUMN {name}')
    for table in (*TABLES, 'parts', 'dockets'):
        op.drop_table(table)


def _refer(table: str, column: str, number: str, target: str) -> None:
    op.execute(
        f'ALTER TABLE {table} ADD COLUMN {column} {number} '
        f'CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)'
    )
