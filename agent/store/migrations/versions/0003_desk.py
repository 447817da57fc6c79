"""The desk: its people, and a case's log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

QUEUED, NEEDS_PERSON = sa.text("status = 'queued'"), sa.text("status = 'needs_person'")


def upgrade() -> None:
    """Add the columns, the table and the indexes."""
    op.add_column("handoffs", sa.Column("log", sa.JSON(none_as_null=True)))
    op.add_column("handoffs", sa.Column("queued_at", sa.DateTime(timezone=True)))
    op.add_column("handoffs", sa.Column("overdue_at", sa.DateTime(timezone=True)))
    op.create_index("ix_handoffs_shop_id_queue_claimed_at", "handoffs", ["shop_id", "queue", "claimed_at"])
    op.create_index("ix_handoffs_waiting", "handoffs", ["promised_by"], sqlite_where=QUEUED, postgresql_where=QUEUED)
    op.create_index(
        "ix_actions_needs_person",
        "actions",
        ["shop_id", "created_at"],
        sqlite_where=NEEDS_PERSON,
        postgresql_where=NEEDS_PERSON,
    )
    op.create_index("ix_conversations_shop_id_updated_at", "conversations", ["shop_id", "updated_at"])
    op.create_table(
        "people",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("queues", sa.JSON(none_as_null=True)),
        sa.Column("languages", sa.JSON(none_as_null=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("shop_id", "name", name="pk_people"),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("people")
    op.drop_index("ix_conversations_shop_id_updated_at", "conversations")
    op.drop_index("ix_actions_needs_person", "actions")
    op.drop_index("ix_handoffs_waiting", "handoffs")
    op.drop_index("ix_handoffs_shop_id_queue_claimed_at", "handoffs")
    with op.batch_alter_table("handoffs") as handoffs:
        for column in ("overdue_at", "queued_at", "log"):
            handoffs.drop_column(column)
