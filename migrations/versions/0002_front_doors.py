"""Front doors: documents, entries of agencies, mailboxes of the control body, hand-over between governments

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import consulta.db.base

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


# table, column, type, default for the rows there are
ADDED = (
    ("answers", "dataset_url", sa.String(length=500), None),
    ("answer_versions", "dataset_url", sa.String(length=500), None),
    ("instruments", "description", sa.Text(), "''"),
    ("instruments", "regime", sa.String(length=40), "''"),
    ("instruments", "entry_fields", sa.JSON(), "'[]'"),
    ("instruments", "answered_by", sa.String(length=20), "'unit'"),
    ("notices", "language", sa.String(length=12), "'es'"),
    ("submissions", "is_answered", sa.Boolean(), "false"),
    ("submissions", "reserved", sa.Boolean(), "false"),
    ("submissions", "names_official", sa.Boolean(), "false"),
    ("submissions", "seen_documents", sa.JSON(), "'[]'"),
    ("submissions", "article", sa.String(length=200), "''"),
    ("submissions", "says", sa.Text(), "''"),
    ("submissions", "should_say", sa.Text(), "''"),
    ("submissions", "language", sa.String(length=12), "'es'"),
    # What was received before committed to the first form.
    ("submissions", "committed_form", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), "1"),
    ("topics", "sheet", sa.Text(), "''"),
    ("topics", "details", sa.JSON(), "'{}'"),
    ("windows", "entries_due_on", sa.Date(), None),
)


def upgrade() -> None:
    op.create_table('documents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_documents_topic_id_topics')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('topic_id', 'number', name=op.f('uq_documents_topic_id_number'))
    )
    op.create_table('entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('source_key', sa.String(length=120), nullable=True),
    sa.Column('observation', sa.Text(), nullable=True),
    sa.Column('topic_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_at', consulta.db.base.UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'accepted') = (topic_id IS NOT NULL)", name=op.f('ck_entries_accepted_has_topic')),
    sa.CheckConstraint("state != 'observed' OR observation IS NOT NULL", name=op.f('ck_entries_observed_has_observation')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name=op.f('ck_entries_submitted_has_date')),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_entries_agency_id_agencies')),
    sa.ForeignKeyConstraint(['created_by_post_id'], ['posts.id'], name=op.f('fk_entries_created_by_post_id_posts')),
    sa.ForeignKeyConstraint(['decided_by_post_id'], ['posts.id'], name=op.f('fk_entries_decided_by_post_id_posts')),
    sa.ForeignKeyConstraint(['topic_id'], ['topics.id'], name=op.f('fk_entries_topic_id_topics')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_entries_unit_id_units')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_entries_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries')),
    sa.UniqueConstraint('window_id', 'agency_id', 'source_key', name=op.f('uq_entries_window_id_agency_id_source_key'))
    )
    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_entries_agency_id'), ['agency_id'], unique=False)
        batch_op.create_index('ix_entries_listing', ['window_id', 'state', 'id'], unique=False)

    op.create_table('nothing_to_propose',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_nothing_to_propose_agency_id_agencies')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_nothing_to_propose_post_id_posts')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_nothing_to_propose_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nothing_to_propose')),
    sa.UniqueConstraint('window_id', 'agency_id', name=op.f('uq_nothing_to_propose_window_id_agency_id'))
    )
    op.create_table('reminders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('window_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agency_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_reminders_agency_id_agencies')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_reminders_post_id_posts')),
    sa.ForeignKeyConstraint(['window_id'], ['windows.id'], name=op.f('fk_reminders_window_id_windows')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminders'))
    )
    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminders_window_id'), ['window_id'], unique=False)

    op.create_table('document_versions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=120), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('original_key', sa.String(length=80), nullable=False),
    sa.Column('public_key', sa.String(length=80), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('anchors', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('published_at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.id'], name=op.f('fk_document_versions_document_id_documents')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_document_versions_post_id_posts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_versions')),
    sa.UniqueConstraint('document_id', 'number', name=op.f('uq_document_versions_document_id_number'))
    )
    op.create_table('hand_overs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('submission_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('to_government_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', consulta.db.base.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['from_government_id'], ['governments.id'], name=op.f('fk_hand_overs_from_government_id_governments')),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_hand_overs_post_id_posts')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_hand_overs_submission_id_submissions')),
    sa.ForeignKeyConstraint(['to_government_id'], ['governments.id'], name=op.f('fk_hand_overs_to_government_id_governments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hand_overs'))
    )
    with op.batch_alter_table('hand_overs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hand_overs_submission_id'), ['submission_id'], unique=False)

    op.create_table('municipality_counters',
    sa.Column('municipality', sa.String(length=20), nullable=False),
    sa.Column('value', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('municipality', name=op.f('pk_municipality_counters'))
    )
    op.execute(
        "INSERT INTO municipality_counters (municipality, value) "
        "SELECT municipality, count(*) FROM demographics WHERE municipality IS NOT NULL GROUP BY municipality"
    )
    for table, name, kind, default in ADDED:
        op.add_column(
            table, sa.Column(name, kind, nullable=default is None, server_default=sa.text(default) if default else None)
        )
    # With the constraint in the column, because SQLite adds none to a table that exists.
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE submissions ADD COLUMN holder_id {number} "
        "CONSTRAINT fk_submissions_holder_id_governments REFERENCES governments (id)"
    )
    op.execute(
        f"ALTER TABLE instruments ADD COLUMN government_id {number} "
        "CONSTRAINT fk_instruments_government_id_governments REFERENCES governments (id)"
    )
    op.create_index("ix_submissions_holder_id", "submissions", ["holder_id"])
    op.create_index("ix_submissions_page", "submissions", ["topic_id", "state", "is_answered", "id"])
    op.execute("UPDATE submissions SET reserved = true WHERE kind = 'report'")
    op.execute(
        "UPDATE submissions SET is_answered = true "
        "WHERE id IN (SELECT submission_id FROM referrals WHERE state = 'answered')"
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_page", table_name="submissions")
    op.drop_index("ix_submissions_holder_id", table_name="submissions")
    op.execute("ALTER TABLE submissions DROP COLUMN holder_id")
    op.execute("ALTER TABLE instruments DROP COLUMN government_id")
    for table, name, _, _ in reversed(ADDED):
        op.drop_column(table, name)
    op.drop_table('municipality_counters')
    op.drop_table('hand_overs')
    op.drop_table('document_versions')
    op.drop_table('reminders')
    op.drop_table('nothing_to_propose')
    op.drop_table('entries')
    op.drop_table('documents')
