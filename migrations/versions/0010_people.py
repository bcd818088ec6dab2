"""Questions about people per window, answers that wait sealed, and releases of figures of people

Revision ID: 0010
Revises: 0009
"""

import json
import secrets

import sqlalchemy as sa
from alembic import context, op

import consulta.db.base
from consulta.submissions.buffer_keys import unseal

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = consulta.db.base.UtcDateTime(timezone=True)
OLD = ('sex', 'age_group', 'municipality')
NEW = ('gender', 'schooling', 'disability', 'indigenous', 'afro_mexican', 'sector', 'organization_kind')


def upgrade() -> None:
    _empty_buffer()
    op.drop_table('demographics_buffer')
    op.create_table('demographics_buffer',
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('window_id', BIG, nullable=False),
    sa.Column('batch', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.LargeBinary(length=400), nullable=False),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_demographics_buffer_window_id_windows')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_demographics_buffer')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_demographics_buffer_window_id'), 'demographics_buffer', ['window_id'])
    op.add_column('demographics', sa.Column('behalf', sa.String(length=20), nullable=False, server_default='self'))
    for name in NEW:
        op.add_column('demographics', sa.Column(name, sa.String(length=20), nullable=True))
    op.drop_table('municipality_counters')
    op.add_column('windows', sa.Column('questions', sa.JSON(), nullable=False,
                                       server_default='["sex", "age_group", "municipality"]'))
    op.add_column('governments', sa.Column('territory', sa.String(length=5), nullable=False, server_default='11'))
    op.create_table('people_releases',
    sa.Column('id', BIG, nullable=False),
    sa.Column('window_id', BIG, nullable=False),
    sa.Column('number', BIG, nullable=False),
    sa.Column('year', BIG, nullable=False),
    sa.Column('at', INSTANT, nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_people_releases_is_numbered')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_people_releases_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_releases')),
    sa.UniqueConstraint('window_id', 'number', name='uq_people_releases_window_id_number'),
    sa.UniqueConstraint('window_id', 'year', name='uq_people_releases_year')
    )


def downgrade() -> None:
    _unseal_buffer()
    op.drop_table('people_releases')
    op.drop_column('governments', 'territory')
    op.drop_column('windows', 'questions')
    for name in NEW:
        op.drop_column('demographics', name)
    op.drop_column('demographics', 'behalf')
    op.drop_table('demographics_buffer')
    op.create_table('demographics_buffer',
    sa.Column('key', sa.LargeBinary(length=16), nullable=False),
    sa.Column('window_id', BIG, nullable=False),
    sa.Column('sex', sa.String(length=20), nullable=True),
    sa.Column('age_group', sa.String(length=20), nullable=True),
    sa.Column('municipality', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_demographics_buffer_window_id_windows')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_demographics_buffer')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_demographics_buffer_window_id'), 'demographics_buffer', ['window_id'])
    op.create_table('municipality_counters',
    sa.Column('municipality', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('municipality', name=op.f('pk_municipality_counters'))
    )
    op.execute(
        'INSERT INTO municipality_counters (municipality, value) '
        'SELECT municipality, count(*) FROM demographics WHERE municipality IS NOT NULL GROUP BY municipality'
    )


def _empty_buffer() -> None:
    """Move what waits, in the order of new random keys: the old keys and the order of arrival end here."""
    connection = op.get_bind()
    names = ', '.join(('window_id', *OLD))
    rows = connection.execute(sa.text(f'SELECT {names} FROM demographics_buffer')).mappings().all()
    _keep([dict(row) for row in rows])


def _unseal_buffer() -> None:
    """Move what waits sealed; its keys are in the folder of the instance and nowhere else."""
    rows = op.get_bind().execute(sa.text('SELECT window_id, batch, sealed FROM demographics_buffer')).mappings().all()
    folder = context.config.attributes.get('demographics_keys')
    opened = [(row['window_id'], json.loads(unseal(folder, row['batch'], bytes(row['sealed'])))) for row in rows]
    _keep([{'window_id': window_id, **{name: said.get(name) for name in OLD}} for window_id, said in opened])


def _keep(rows: list[dict]) -> None:
    moved = sorted(({'key': secrets.token_bytes(16), **row} for row in rows), key=lambda row: row['key'])
    table = sa.table('demographics', *(sa.column(name) for name in ('key', 'window_id', *OLD)))
    if moved:
        op.bulk_insert(table, moved)
