"""The first tables of notify."""

import sqlalchemy as sa
from alembic import op

from shared.database import Json, UtcDateTime
from shared.migrations import create_plumbing, drop_plumbing

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing(op)
    op.create_table(
        "contact",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("person_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("locale IN ('zh', 'en')", name=op.f("ck_contact_locale")),
        sa.CheckConstraint(
            "state = 'active' OR email IS NULL", name=op.f("ck_contact_erased_is_empty")
        ),
        sa.CheckConstraint("state IN ('active', 'erased')", name=op.f("ck_contact_state")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("recipient", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("params", Json(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=True),
        sa.Column("engagement_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("handed_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("channel IN ('app', 'mail')", name=op.f("ck_delivery_channel")),
        sa.CheckConstraint(
            "state <> 'sent' OR sent_at IS NOT NULL", name=op.f("ck_delivery_sent_at")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'unknown', 'skipped')",
            name=op.f("ck_delivery_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint(
            "occasion", "recipient", "channel", name=op.f("uq_delivery_occasion_recipient_channel")
        ),
    )
    op.create_index("ix_delivery_created_at", "delivery", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_delivery_recipient_sent_at",
        "delivery",
        ["recipient", "sent_at", "id"],
        unique=False,
    )
    op.create_index("ix_delivery_session_id", "delivery", ["session_id"], unique=False)
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("role", Json(), nullable=True),
        sa.Column("by", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "kind IN ('appointment', 'enrolment', 'assignment')", name=op.f("ck_engagement_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    op.create_index("ix_engagement_person_id", "engagement", ["person_id"], unique=False)
    op.create_index("ix_engagement_session_id", "engagement", ["session_id"], unique=False)
    op.create_table(
        "feed",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token", name=op.f("uq_feed_token")),
    )
    op.create_table(
        "preference",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_preference")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("venue_name", Json(), nullable=False),
        sa.Column("venue_place", Json(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", Json(), nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("appointment_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("bench", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("ix_visit_appointment_id", "visit", ["appointment_id"], unique=False)
    op.create_index(
        "ix_visit_session_id_person_id", "visit", ["session_id", "person_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_visit_session_id_person_id", table_name="visit")
    op.drop_index("ix_visit_appointment_id", table_name="visit")
    op.drop_table("visit")
    op.drop_table("session")
    op.drop_table("preference")
    op.drop_table("feed")
    op.drop_index("ix_engagement_session_id", table_name="engagement")
    op.drop_index("ix_engagement_person_id", table_name="engagement")
    op.drop_table("engagement")
    op.drop_index(
        "ix_delivery_waiting",
        table_name="delivery",
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_delivery_session_id", table_name="delivery")
    op.drop_index("ix_delivery_recipient_sent_at", table_name="delivery")
    op.drop_index("ix_delivery_created_at", table_name="delivery")
    op.drop_table("delivery")
    op.drop_table("contact")
    drop_plumbing(op)
