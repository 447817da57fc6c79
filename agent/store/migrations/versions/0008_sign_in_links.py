"""Signing in at the desk by a link that is mailed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where links go, and the links."""
    op.add_column("credentials", sa.Column("email", sa.String()))
    op.create_index("ix_credentials_shop_id_email", "credentials", ["shop_id", "email"], unique=True)
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_links"),
    )
    op.create_index("ix_sign_in_links_shop_id_known_as", "sign_in_links", ["shop_id", "known_as"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("sign_in_links")
    op.drop_index("ix_credentials_shop_id_email", "credentials")
    with op.batch_alter_table("credentials") as credentials:
        credentials.drop_column("email")
