"""What tokens are for and how often they call; what was done under a key

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)
NEW = ('person_id', 'label', 'per_minute', 'minute', 'calls')


def upgrade() -> None:
    with op.batch_alter_table('api_tokens') as batch_op:
        batch_op.add_column(sa.Column('person_id', BIG, nullable=True))
        batch_op.create_foreign_key(op.f('fk_api_tokens_person_id_persons'), 'persons', ['person_id'], ['id'])
        batch_op.create_index(op.f('ix_api_tokens_person_id'), ['person_id'])
        batch_op.add_column(sa.Column('label', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('per_minute', BIG, nullable=False, server_default='300'))
        batch_op.add_column(sa.Column('minute', INSTANT, nullable=True))
        batch_op.add_column(sa.Column('calls', BIG, nullable=False, server_default='0'))
    op.create_table('api_acts',
    sa.Column('id', BIG, nullable=False),
    sa.Column('post_id', BIG, nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_api_acts_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_acts')),
    sa.UniqueConstraint('post_id', 'key_hash', name='uq_api_acts_key')
    )
    op.create_index(op.f('ix_api_acts_at'), 'api_acts', ['at'])


def downgrade() -> None:
    op.drop_table('api_acts')
    with op.batch_alter_table('api_tokens') as batch_op:
        batch_op.drop_index(op.f('ix_api_tokens_person_id'))
        batch_op.drop_constraint(op.f('fk_api_tokens_person_id_persons'), type_='foreignkey')
        for name in reversed(NEW):
            batch_op.drop_column(name)
