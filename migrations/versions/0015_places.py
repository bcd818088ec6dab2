"""Where what is asked for is, and the order in which service requests are listed

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
SERVICE_REQUESTS = sa.text("kind = 'service_request'")


def upgrade() -> None:
    op.create_table('submission_places',
    sa.Column('id', BIG, nullable=False),
    sa.Column('submission_id', BIG, nullable=False),
    sa.Column('latitude', sa.String(length=24), nullable=False),
    sa.Column('longitude', sa.String(length=24), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('address_key', sa.String(length=60), nullable=False),
    sa.CheckConstraint("(latitude = '') = (longitude = '')", name=op.f('ck_submission_places_coordinates_together')),
    sa.CheckConstraint("latitude != '' OR address != '' OR address_key != ''",
                       name=op.f('ck_submission_places_says_where')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'],
                            name=op.f('fk_submission_places_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_places')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_submission_places_submission_id'))
    )
    op.create_index('ix_submissions_requests', 'submissions', ['received_at', 'id'],
                    sqlite_where=SERVICE_REQUESTS, postgresql_where=SERVICE_REQUESTS)


def downgrade() -> None:
    op.drop_index('ix_submissions_requests', table_name='submissions')
    op.drop_table('submission_places')
