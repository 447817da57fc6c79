"""Who may sign in at the desk's pages, and who has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "credentials",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "known_as", name="pk_credentials"),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_desk_sessions"),
    )
    op.create_index("ix_desk_sessions_shop_id_known_as", "desk_sessions", ["shop_id", "known_as"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("desk_sessions")
    op.drop_table("credentials")
