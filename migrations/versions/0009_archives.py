"""Disposals, what is in them, and legal holds

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('disposals',
    sa.Column('id', BIG, nullable=False),
    sa.Column('government_id', BIG, nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', INSTANT, nullable=False),
    sa.Column('proposed_by_post_id', BIG, nullable=False),
    sa.Column('proposed_by_person_id', BIG, nullable=True),
    sa.Column('decided_at', INSTANT, nullable=True),
    sa.Column('decided_by_post_id', BIG, nullable=True),
    sa.Column('decision_reason', sa.Text(), nullable=False),
    sa.Column('done_at', INSTANT, nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_disposals_decided_has_date')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_disposals_government_id_governments')),
    sa.ForeignKeyConstraint(['proposed_by_post_id'], ['posts.id'], name=op.f('fk_disposals_proposed_by_post_id_posts')),
    sa.ForeignKeyConstraint(['proposed_by_person_id'], ['persons.id'],
                            name=op.f('fk_disposals_proposed_by_person_id_persons')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_disposals_decided_by_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disposals'))
    )
    op.create_index(op.f('ix_disposals_government_id'), 'disposals', ['government_id'])
    op.create_table('disposed_submissions',
    sa.Column('disposal_id', BIG, autoincrement=False, nullable=False),
    sa.Column('submission_id', BIG, autoincrement=False, nullable=False),
    sa.Column('purged_at', INSTANT, nullable=True),
    sa.Column('skipped', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['disposal_id'], ['disposals.id'], name=op.f('fk_disposed_submissions_disposal_id_disposals')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'],
                            name=op.f('fk_disposed_submissions_submission_id_submissions')),
    sa.PrimaryKeyConstraint('disposal_id', 'submission_id', name=op.f('pk_disposed_submissions'))
    )
    op.create_table('legal_holds',
    sa.Column('id', BIG, nullable=False),
    sa.Column('government_id', BIG, nullable=False),
    sa.Column('submission_id', BIG, nullable=True),
    sa.Column('window_id', BIG, nullable=True),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('post_id', BIG, nullable=False),
    sa.Column('from_at', INSTANT, nullable=False),
    sa.Column('lifted_at', INSTANT, nullable=True),
    sa.Column('lifted_by_post_id', BIG, nullable=True),
    sa.Column('lift_reason', sa.Text(), nullable=False),
    sa.CheckConstraint('(submission_id IS NULL) <> (window_id IS NULL)', name=op.f('ck_legal_holds_holds_one_thing')),
    sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name=op.f('ck_legal_holds_lifted_has_reason')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'],
                            name=op.f('fk_legal_holds_government_id_governments')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'],
                            name=op.f('fk_legal_holds_submission_id_submissions')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_legal_holds_window_id_windows')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_legal_holds_post_id_posts')),
    sa.ForeignKeyConstraint(['lifted_by_post_id'], ['posts.id'], name=op.f('fk_legal_holds_lifted_by_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_holds'))
    )
    for column in ('government_id', 'submission_id', 'window_id'):
        op.create_index(op.f(f'ix_legal_holds_{column}'), 'legal_holds', [column])
    op.add_column('submissions', sa.Column('purged_at', INSTANT, nullable=True))


def downgrade() -> None:
    op.drop_column('submissions', 'purged_at')
    op.drop_table('legal_holds')
    op.drop_table('disposed_submissions')
    op.drop_table('disposals')
