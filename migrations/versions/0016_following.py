"""What happens and who is told of it by mail; notices that came back

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    op.create_table('happenings',
    sa.Column('id', BIG, nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('window_id', BIG, nullable=False),
    sa.Column('about', sa.String(length=120), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('noted_at', INSTANT, nullable=False),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_happenings_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_happenings')),
    sa.UniqueConstraint('key', name=op.f('uq_happenings_key'))
    )
    op.create_index('ix_happenings_place', 'happenings', ['window_id', 'id'])
    op.create_index(op.f('ix_happenings_noted_at'), 'happenings', ['noted_at'])
    op.create_table('following_progress',
    sa.Column('id', BIG, nullable=False),
    sa.Column('sequence', BIG, nullable=False),
    sa.Column('waiting', sa.JSON(), nullable=False),
    sa.Column('until_at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_following_progress'))
    )
    op.create_table('subscriptions',
    sa.Column('id', BIG, nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('target_key', sa.String(length=80), nullable=False),
    sa.Column('window_id', BIG, nullable=True),
    sa.Column('agency_id', BIG, nullable=True),
    sa.Column('search', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('pace', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('asked_at', INSTANT, nullable=False),
    sa.Column('confirmed_at', INSTANT, nullable=True),
    sa.Column('bounced_at', INSTANT, nullable=True),
    sa.Column('due_at', INSTANT, nullable=True),
    sa.Column('told_id', BIG, nullable=False),
    sa.CheckConstraint("state = 'pending' OR confirmed_at IS NOT NULL",
                       name=op.f('ck_subscriptions_confirmed_has_date')),
    sa.CheckConstraint("(state = 'bounced') = (bounced_at IS NOT NULL)",
                       name=op.f('ck_subscriptions_bounced_has_date')),
    sa.CheckConstraint("(state = 'confirmed') = (due_at IS NOT NULL)",
                       name=op.f('ck_subscriptions_confirmed_is_due')),
    sa.CheckConstraint("(kind = 'window') = (window_id IS NOT NULL)", name=op.f('ck_subscriptions_window_is_named')),
    sa.CheckConstraint("(kind = 'agency') = (agency_id IS NOT NULL)", name=op.f('ck_subscriptions_agency_is_named')),
    sa.CheckConstraint("(kind = 'search') = (search IS NOT NULL)", name=op.f('ck_subscriptions_search_is_written')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_subscriptions_window_id_windows')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_subscriptions_agency_id_agencies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions')),
    sa.UniqueConstraint('email', 'target_key', name=op.f('uq_subscriptions_email_target_key')),
    sqlite_autoincrement=True
    )
    for column in ('window_id', 'agency_id'):
        op.create_index(op.f(f'ix_subscriptions_{column}'), 'subscriptions', [column])
    op.create_index('ix_subscriptions_due', 'subscriptions', ['state', 'due_at', 'id'])
    op.create_table('subscription_asks',
    sa.Column('id', BIG, nullable=False),
    sa.Column('address_hash', sa.String(length=64), nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_asks'))
    )
    op.create_index(op.f('ix_subscription_asks_address_hash'), 'subscription_asks', ['address_hash'])
    op.create_table('departures',
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('cause', sa.String(length=20), nullable=False),
    sa.Column('count', BIG, nullable=False),
    sa.PrimaryKeyConstraint('on', 'cause', name=op.f('pk_departures'))
    )
    instant = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    op.add_column('notices', sa.Column('leave_url', sa.Text(), nullable=False, server_default=''))
    op.add_column('notices', sa.Column('failure', sa.String(length=300), nullable=False, server_default=''))
    # With its constraint in the column, because SQLite adds none to a table that exists.
    op.execute(
        f"ALTER TABLE notices ADD COLUMN failed_at {instant} "
        "CONSTRAINT ck_notices_failed_has_date CHECK ((state = 'failed') = (failed_at IS NOT NULL))"
    )


def downgrade() -> None:
    # To the version before, what came back was sent: it knows of nothing else.
    op.execute("UPDATE notices SET sent_at = failed_at, state = 'sent', failed_at = NULL WHERE state = 'failed'")
    for name in ('failed_at', 'failure', 'leave_url'):
        op.execute(f'ALTER TABLE notices DROP COLUMN {name}')
    for table in ('departures', 'subscription_asks', 'subscriptions', 'following_progress', 'happenings'):
        op.drop_table(table)
