"""The outbox, and what external desks have acknowledged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("status = 'waiting'")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "outbox",
        sa.Column("n", SERIAL, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("lane", sa.String()),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("lease_owner", sa.String()),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    op.create_index("ix_outbox_conversation_id", "outbox", ["conversation_id"])
    op.create_index("ix_outbox_shop_id_status_n", "outbox", ["shop_id", "status", "n"])
    op.create_index("ix_outbox_waiting", "outbox", ["next_at"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_outbox_lane", "outbox", ["lane", "n"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_table(
        "desk_cases",
        sa.Column("desk", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("desk", "handoff_id", name="pk_desk_cases"),
        sa.UniqueConstraint("desk", "case_id", name="uq_desk_cases_desk_case_id"),
    )
    op.create_index("ix_desk_cases_conversation_id", "desk_cases", ["conversation_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("desk_cases")
    op.drop_table("outbox")
