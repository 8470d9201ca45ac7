"""Records of others, imported as Open Repair Data a batch at a time."""

import sqlalchemy as sa
from alembic import op

from shared.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by", sa.String(36), nullable=False),
        sa.Column("imported_at", UtcDateTime, nullable=False),
        sa.Column("undone_at", UtcDateTime, nullable=True),
        sa.CheckConstraint("records >= 0", name=op.f("ck_import_batch_records")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_imported_at"), "import_batch", ["imported_at"])
    op.create_table(
        "past_record",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("batch_id", sa.String(36), nullable=False),
        sa.Column("provider", sa.String(200), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("group", sa.String(200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("brand", sa.String(120), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("age", sa.Float(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("barrier", sa.String(80), nullable=True),
        sa.Column("problem", sa.String(4000), nullable=False),
        sa.CheckConstraint(
            "status IN ('Fixed', 'Repairable', 'End of life', 'Unknown')",
            name=op.f("ck_past_record_status"),
        ),
        sa.CheckConstraint(
            "barrier IS NULL OR status = 'End of life'", name=op.f("ck_past_record_barrier")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_past_record_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_record")),
    )
    op.create_index(op.f("ix_past_record_batch_id"), "past_record", ["batch_id"])
    op.create_index(op.f("ix_past_record_day"), "past_record", ["day"])
    op.create_index("ix_past_record_category_id_brand", "past_record", ["category_id", "brand"])


def downgrade() -> None:
    op.drop_table("past_record")
    op.drop_table("import_batch")
