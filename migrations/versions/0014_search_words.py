"""The words of what may be found, by how they sound

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_words',
    sa.Column('variant', sa.String(length=40), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('variant', 'word', name=op.f('pk_search_words'))
    )
    # With few words known to the planner, a rare one looks common, and the whole table is read from its newest end.
    _remember_words(1000)


def downgrade() -> None:
    _remember_words(-1)
    op.drop_table('search_words')


def _remember_words(target: int) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE search_documents ALTER COLUMN tokens SET STATISTICS {target}')
