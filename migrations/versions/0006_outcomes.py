"""What answers led to, and claims of people who did not send what carries their name

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('submissions', sa.Column('is_traced', sa.Boolean(), nullable=False, server_default=sa.text('false')))
    op.create_table('improvement_projects',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_reason', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('sources', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state != 'dropped' OR state_reason != ''", name=op.f('ck_improvement_projects_dropped_has_reason')),
    sa.CheckConstraint('ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on', name=op.f('ck_improvement_projects_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_improvement_projects_government_id_governments')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_improvement_projects_post_id_posts')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_improvement_projects_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_improvement_projects')),
    sa.UniqueConstraint('government_id', 'key', name=op.f('uq_improvement_projects_government_id_key'))
    )
    op.create_index('ix_improvement_projects_unit_id', 'improvement_projects', ['unit_id'])
    op.create_table('administrative_actions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('state_reason', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('created_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state != 'not_done' OR state_reason != ''", name=op.f('ck_administrative_actions_undone_has_reason')),
    sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name=op.f('ck_administrative_actions_done_has_day')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_administrative_actions_post_id_posts')),
    sa.ForeignKeyConstraint(['project_id'], ['improvement_projects.id'], name=op.f('fk_administrative_actions_project_id_improvement_projects')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_administrative_actions')),
    sa.UniqueConstraint('project_id', 'key', name=op.f('uq_administrative_actions_project_id_key'))
    )
    op.create_table('project_submissions',
    sa.Column('project_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('removed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_project_submissions_post_id_posts')),
    sa.ForeignKeyConstraint(['project_id'], ['improvement_projects.id'], name=op.f('fk_project_submissions_project_id_improvement_projects')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_project_submissions_submission_id_submissions')),
    sa.PrimaryKeyConstraint('project_id', 'submission_id', name=op.f('pk_project_submissions'))
    )
    op.create_index('ix_project_submissions_submission_id', 'project_submissions', ['submission_id'])
    op.create_table('disowning_claims',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('hides', sa.Boolean(), nullable=False),
    sa.Column('filed_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_disowning_claims_decided_has_date')),
    sa.CheckConstraint("(state = 'open') = (reason = '')", name=op.f('ck_disowning_claims_decided_has_reason')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_disowning_claims_decided_by_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_disowning_claims_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disowning_claims'))
    )
    op.create_index('ix_disowning_claims_submission_id', 'disowning_claims', ['submission_id'])
    op.create_index(
        'uq_disowning_claims_open', 'disowning_claims', ['submission_id'], unique=True,
        sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
    )


def downgrade() -> None:
    for table in ('project_submissions', 'administrative_actions', 'improvement_projects', 'disowning_claims'):
        op.drop_table(table)
    op.execute('ALTER TABLE submissions DROP COLUMN is_traced')
