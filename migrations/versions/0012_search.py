"""The index of the server profile: texts to be found as tokens, and how far it has followed

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import consulta.db.base

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    # Both stay empty on SQLite, where the index is a folder.
    op.create_table('search_documents',
    sa.Column('id', BIG, nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('tokens', postgresql.TSVECTOR().with_variant(sa.Text(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_documents'))
    )
    op.create_index('ix_search_documents_tokens', 'search_documents', ['tokens'], postgresql_using='gin')
    op.create_index('ix_search_documents_newest', 'search_documents', ['at', 'id'])
    op.create_table('search_progress',
    sa.Column('id', BIG, nullable=False),
    sa.Column('version', BIG, nullable=False),
    sa.Column('sequence', BIG, nullable=False),
    sa.Column('waiting', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_progress'))
    )


def downgrade() -> None:
    for table in ('search_progress', 'search_documents'):
        op.drop_table(table)
