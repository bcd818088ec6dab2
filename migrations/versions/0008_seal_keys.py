"""The keys of the record, the cosignatures of its witnesses, and which receipts were checked

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('seal_keys',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('public', sa.LargeBinary(length=32), nullable=False),
    sa.Column('from_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('until_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.String(length=20), nullable=False),
    sa.Column('handover', sa.Text(), nullable=False),
    sa.Column('signed', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(until_at IS NULL) = (end_reason = '')", name=op.f('ck_seal_keys_ended_has_reason')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal_keys')),
    sa.UniqueConstraint('public', name=op.f('uq_seal_keys_public'))
    )
    op.create_table('cosignatures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('checkpoint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['checkpoints.id'],
                            name=op.f('fk_cosignatures_checkpoint_id_checkpoints')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cosignatures')),
    sa.UniqueConstraint('checkpoint_id', 'name', name=op.f('uq_cosignatures_checkpoint_id_name'))
    )
    op.create_table('receipt_checks',
    sa.Column('leaf_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['leaf_id'], ['leaves.id'], name=op.f('fk_receipt_checks_leaf_id_leaves')),
    sa.PrimaryKeyConstraint('leaf_id', name=op.f('pk_receipt_checks')),
    sa.UniqueConstraint('number', name=op.f('uq_receipt_checks_number'))
    )
    _number_checkpoints()


def downgrade() -> None:
    op.drop_table('receipt_checks')
    op.drop_table('cosignatures')
    op.drop_table('seal_keys')


def _number_checkpoints() -> None:
    """Checkpoints are numbered without gaps from now on: one that is taken away is missed."""
    connection = op.get_bind()
    kept = connection.execute(sa.text('SELECT id FROM checkpoints ORDER BY size')).scalars().all()
    # From the lowest: a number only moves down, to one that is free by then.
    for number, old in enumerate(kept, start=1):
        if number != old:
            connection.execute(sa.text('UPDATE checkpoints SET id = :new WHERE id = :old'), {'new': number, 'old': old})
