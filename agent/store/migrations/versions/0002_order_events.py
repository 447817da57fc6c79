"""Order events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "order_events",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "event_id", name="pk_order_events"),
    )
    op.create_index("ix_order_events_at", "order_events", ["at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("order_events")
