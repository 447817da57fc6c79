"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True)
INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create everything."""
    _create_conversations()
    _create_turns()
    _create_messages()
    _create_tool_calls()
    _create_actions()
    _create_handoffs()
    _create_events()
    _create_feedback()
    _create_one_time_codes()
    _create_mails()
    _create_idempotency_keys()
    _create_api_keys()


def downgrade() -> None:
    """Drop everything."""
    for table in (
        "conversations",
        "turns",
        "messages",
        "tool_calls",
        "actions",
        "handoffs",
        "events",
        "feedback",
        "one_time_codes",
        "mails",
        "idempotency_keys",
        "api_keys",
    ):
        op.drop_table(table)


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("identity_level", sa.Integer(), nullable=False),
        sa.Column("verified_orders", JSON, nullable=True),
        sa.Column("code_for", sa.String(), nullable=True),
        sa.Column("facts", JSON, nullable=True),
        sa.Column("agenda", JSON, nullable=True),
        sa.Column("asked", JSON, nullable=True),
        sa.Column("metadata", JSON, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("done_seq", sa.Integer(), nullable=False),
        sa.Column("message_seq", sa.Integer(), nullable=False),
        sa.Column("action_count", sa.Integer(), nullable=False),
        sa.Column("handoff_count", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_conversations_shop_id_created_at", "conversations", ["shop_id", "created_at"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("input", JSON, nullable=False),
        sa.Column("accepted_at", INSTANT, nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("client_message_id", sa.String(), nullable=True),
        sa.Column("result", JSON, nullable=True),
        sa.Column("finished_at", INSTANT, nullable=True),
        sa.Column("usage", JSON, nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_turns_conversation_id_seq"),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="uq_turns_conversation_id_client_message_id"),
    )
    waiting = sa.text("status = 'accepted'")
    op.create_index("ix_turns_waiting", "turns", ["accepted_at"], sqlite_where=waiting, postgresql_where=waiting)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("turn_seq", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=True),
        sa.Column("client_message_id", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("citations", JSON, nullable=True),
        sa.Column("reading", JSON, nullable=True),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_messages"),
    )


def _create_tool_calls() -> None:
    op.create_table(
        "tool_calls",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("turn_seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arguments", JSON, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "turn_seq", "position", name="pk_tool_calls"),
    )


def _create_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("order_number", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("cost", JSON, nullable=True),
        sa.Column("proposal", JSON, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("receipt", JSON, nullable=True),
        sa.Column("undo_until", INSTANT, nullable=True),
        sa.Column("failure", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "id", name="pk_actions"),
    )


def _create_handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("packet", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("promised_by", INSTANT, nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
    )
    op.create_index("ix_handoffs_conversation_id", "handoffs", ["conversation_id"])
    op.create_index("ix_handoffs_shop_id_status_created_at", "handoffs", ["shop_id", "status", "created_at"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("turn_seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "turn_seq", "n", name="pk_events"),
    )


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("feedback", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_conversation_id", "feedback", ["conversation_id"])
    op.create_index("ix_feedback_shop_id_at", "feedback", ["shop_id", "at"])


def _create_one_time_codes() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "customer_id", "shop_id", name="pk_one_time_codes"),
    )


def _create_mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
    )
    op.create_index("ix_mails_shop_id_id", "mails", ["shop_id", "id"])


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["at"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("shop_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("origins", JSON, nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name="pk_api_keys"),
    )
