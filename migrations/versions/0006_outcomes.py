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
    op.drop_table('disowning_claims')
