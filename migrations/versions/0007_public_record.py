"""The public record: the tree in tiles, and its checkpoints

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_leaves_waiting', 'leaves', ['id'],
        sqlite_where=sa.text('sequence IS NULL'), postgresql_where=sa.text('sequence IS NULL'),
    )
    op.create_table('record_tiles',
    sa.Column('level', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('hashes', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('level', 'position', name=op.f('pk_record_tiles'))
    )
    op.create_table('checkpoints',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('root', sa.LargeBinary(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoints')),
    sa.UniqueConstraint('size', name=op.f('uq_checkpoints_size'))
    )


def downgrade() -> None:
    # Places belong to the tree: without its tiles they are given anew.
    op.execute('UPDATE leaves SET sequence = NULL')
    op.drop_table('checkpoints')
    op.drop_table('record_tiles')
    op.drop_index('ix_leaves_waiting', table_name='leaves')
