"""Addresses of systems that are told what becomes public, and what was sent to them

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('webhooks',
    sa.Column('id', BIG, nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('government_id', BIG, nullable=False),
    sa.Column('label', sa.String(length=120), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('events', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False),
    sa.Column('old_secret', sa.LargeBinary(), nullable=True),
    sa.Column('old_secret_until', INSTANT, nullable=True),
    sa.Column('created_at', INSTANT, nullable=False),
    sa.Column('created_by_post_id', BIG, nullable=False),
    sa.Column('proved_at', INSTANT, nullable=True),
    sa.Column('suspended_at', INSTANT, nullable=True),
    sa.Column('suspension_cause', sa.String(length=20), nullable=True),
    sa.Column('failures', BIG, nullable=False),
    sa.Column('rests_until', INSTANT, nullable=True),
    sa.Column('told_id', BIG, nullable=False),
    sa.CheckConstraint("state IN ('pending', 'suspended') OR proved_at IS NOT NULL",
                       name=op.f('ck_webhooks_told_is_proved')),
    sa.CheckConstraint("(state = 'suspended') = (suspended_at IS NOT NULL)",
                       name=op.f('ck_webhooks_suspended_has_date')),
    sa.CheckConstraint("(suspended_at IS NULL) = (suspension_cause IS NULL)",
                       name=op.f('ck_webhooks_suspended_has_cause')),
    sa.CheckConstraint("(old_secret IS NULL) = (old_secret_until IS NULL)", name=op.f('ck_webhooks_old_secret_ends')),
    sa.ForeignKeyConstraint(['government_id'], ['governments.id'], name=op.f('fk_webhooks_government_id_governments')),
    sa.ForeignKeyConstraint(['created_by_post_id'], ['posts.id'], name=op.f('fk_webhooks_created_by_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhooks')),
    sa.UniqueConstraint('key', name=op.f('uq_webhooks_key')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_webhooks_government', 'webhooks', ['government_id', 'id'])
    op.create_table('webhook_deliveries',
    sa.Column('id', BIG, nullable=False),
    sa.Column('webhook_id', BIG, nullable=False),
    sa.Column('event_id', sa.String(length=40), nullable=False),
    sa.Column('event', sa.String(length=30), nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('created_at', INSTANT, nullable=False),
    sa.Column('next_at', INSTANT, nullable=True),
    sa.Column('tries', BIG, nullable=False),
    sa.Column('tried_at', INSTANT, nullable=True),
    sa.Column('status', BIG, nullable=True),
    sa.Column('said', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(state = 'waiting') = (next_at IS NOT NULL)",
                       name=op.f('ck_webhook_deliveries_waiting_has_next')),
    sa.CheckConstraint("state <> 'delivered' OR status IS NOT NULL",
                       name=op.f('ck_webhook_deliveries_delivered_has_status')),
    sa.CheckConstraint("(tries = 0) = (tried_at IS NULL)", name=op.f('ck_webhook_deliveries_tried_has_date')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhooks.id'], name=op.f('fk_webhook_deliveries_webhook_id_webhooks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_deliveries')),
    sa.UniqueConstraint('webhook_id', 'event_id', name=op.f('uq_webhook_deliveries_webhook_id_event_id')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_webhook_deliveries_due', 'webhook_deliveries', ['webhook_id', 'state', 'next_at'])
    op.create_index(op.f('ix_webhook_deliveries_created_at'), 'webhook_deliveries', ['created_at'])


def downgrade() -> None:
    for table in ('webhook_deliveries', 'webhooks'):
        op.drop_table(table)
