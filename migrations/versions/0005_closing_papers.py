"""The papers of a closing, and how each government words them

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('paper_wordings',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('signer_name', sa.String(length=200), nullable=False),
    sa.Column('signer_post', sa.String(length=200), nullable=False),
    sa.Column('copies', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_paper_wordings_government_id_governments')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_paper_wordings_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_wordings'))
    )
    op.create_index('ix_paper_wordings_government_id', 'paper_wordings', ['government_id'])
    op.create_table('closing_papers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('edition', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('legal_basis', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('signer_name', sa.String(length=200), nullable=False),
    sa.Column('signer_post', sa.String(length=200), nullable=False),
    sa.Column('copies', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('counted_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('issued_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('issued_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint("(issued_at IS NULL) = (digest = '')", name=op.f('ck_closing_papers_issued_has_digest')),
    sa.CheckConstraint('(issued_at IS NULL) = (issued_by_post_id IS NULL)', name=op.f('ck_closing_papers_issued_has_author')),
    sa.CheckConstraint("(kind = 'letter') = (agency_id IS NOT NULL)", name=op.f('ck_closing_papers_letter_has_agency')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_closing_papers_agency_id_agencies')),
    sa.ForeignKeyConstraint(['issued_by_post_id'], ['posts.id'], name=op.f('fk_closing_papers_issued_by_post_id_posts')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_closing_papers_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing_papers')),
    sa.UniqueConstraint('window_id', 'kind', 'agency_id', 'edition', name=op.f('uq_closing_papers_window_id_kind_agency_id_edition'))
    )
    op.create_index('ix_closing_papers_window_id', 'closing_papers', ['window_id'])


def downgrade() -> None:
    op.drop_table('closing_papers')
    op.drop_table('paper_wordings')
