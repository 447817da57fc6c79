"""Figures by time without reading every row, and mails that are erased with their conversation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BY_TIME = (("turns", "accepted_at"), ("actions", "created_at"), ("handoffs", "created_at"))


def upgrade() -> None:
    """Add the indexes and the column. Mails from before belong to no conversation known: they go."""
    for table, at in BY_TIME:
        op.create_index(f"ix_{table}_shop_id_{at}", table, ["shop_id", at])
    op.execute(sa.text("DELETE FROM mails"))
    op.add_column("mails", sa.Column("conversation_id", sa.String()))
    op.create_index("ix_mails_conversation_id", "mails", ["conversation_id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_mails_conversation_id", "mails")
    with op.batch_alter_table("mails") as mails:
        mails.drop_column("conversation_id")
    for table, at in BY_TIME:
        op.drop_index(f"ix_{table}_shop_id_{at}", table)
