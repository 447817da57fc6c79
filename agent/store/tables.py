"""Every table of the store.

There are no foreign keys: whoever writes rows of a conversation updates the row of the conversation first, in the same
transaction, which locks it and proves that it exists; erasure deletes by ``conversation_id`` in every table.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, UniqueConstraint, text

from agent.store.columns import Document, Utc, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only under the type INTEGER."""

# ``seq`` is the last turn accepted and ``done_seq`` the last one answered: turns are answered in order, so a turn waits
# when they differ. ``message_seq``, ``action_count`` and ``handoff_count`` number the rows of the other tables, and say
# when there is nothing to read there.
conversations = Table(
    "conversations",
    metadata,
    Column("id", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("token_hash", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("updated_at", Utc, nullable=False),
    Column("customer_id", Words),
    Column("identity_level", Integer, nullable=False),
    Column("verified_orders", Document),
    Column("code_for", Words),
    Column("facts", Document),
    Column("agenda", Document),
    Column("asked", Document),
    Column("metadata", Document),
    Column("seq", Integer, nullable=False),
    Column("done_seq", Integer, nullable=False),
    Column("message_seq", Integer, nullable=False),
    Column("action_count", Integer, nullable=False),
    Column("handoff_count", Integer, nullable=False),
    Column("lease_owner", Words),
    Column("lease_until", Utc),
    Column("fence", Integer, nullable=False),
    Index(None, "shop_id", "created_at"),
    Index(None, "shop_id", "updated_at"),
    postgresql_with={"fillfactor": "70"},
)

turns = Table(
    "turns",
    metadata,
    Column("id", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("input", Document, nullable=False),
    Column("accepted_at", Utc, nullable=False),
    Column("message_id", Words),
    Column("client_message_id", Words),
    Column("result", Document),
    Column("finished_at", Utc),
    Column("usage", Document),
    Column("latency_ms", Integer),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_message_id"),
    Index(None, "shop_id", "accepted_at"),
    Index(
        "ix_turns_waiting",
        "accepted_at",
        sqlite_where=text("status = 'accepted'"),
        postgresql_where=text("status = 'accepted'"),
    ),
)

# ``turn_seq`` is the turn a message came in or was answered in: a shopper's next message, stored while the answer to
# this one is still being worked on, has the smaller ``seq`` of the two and the greater ``turn_seq``.
messages = Table(
    "messages",
    metadata,
    Column("conversation_id", Words, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("shop_id", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("turn_seq", Integer, nullable=False),
    Column("who", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("language", Words, nullable=False),
    Column("turn_id", Words),
    Column("client_message_id", Words),
    Column("author", Words, nullable=False),
    Column("citations", Document),
    Column("reading", Document),
)

tool_calls = Table(
    "tool_calls",
    metadata,
    Column("conversation_id", Words, primary_key=True),
    Column("turn_seq", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("shop_id", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("turn_id", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("arguments", Document, nullable=False),
    Column("result", Words, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("ms", Integer, nullable=False),
)

actions = Table(
    "actions",
    metadata,
    Column("conversation_id", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("shop_id", Words, nullable=False),
    Column("turn_id", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("order_number", Words),
    Column("status", Words, nullable=False),
    Column("summary", Words, nullable=False),
    Column("before", Document, nullable=False),
    Column("after", Document, nullable=False),
    Column("cost", Document),
    Column("proposal", Document, nullable=False),
    Column("digest", Words, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("decided_at", Utc),
    Column("receipt", Document),
    Column("undo_until", Utc),
    Column("failure", Words, nullable=False),
    Index(None, "shop_id", "created_at"),
    Index(
        "ix_actions_needs_person",
        "shop_id",
        "created_at",
        sqlite_where=text("status = 'needs_person'"),
        postgresql_where=text("status = 'needs_person'"),
    ),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("position", Integer, nullable=False),
    Column("status", Words, nullable=False),
    Column("queue", Words, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("language", Words, nullable=False),
    Column("reasons", Document, nullable=False),
    Column("packet", Document, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("promised_by", Utc),
    Column("claimed_by", Words),
    Column("claimed_at", Utc),
    Column("closed_at", Utc),
    Column("outcome", Words, nullable=False),
    Column("notes", Words, nullable=False),
    Column("log", Document),
    Column("queued_at", Utc),
    Column("overdue_at", Utc),
    Index(None, "conversation_id"),
    Index(None, "shop_id", "created_at"),
    Index(None, "shop_id", "status", "created_at"),
    Index(None, "shop_id", "queue", "claimed_at"),
    Index(
        "ix_handoffs_waiting",
        "promised_by",
        sqlite_where=text("status = 'queued'"),
        postgresql_where=text("status = 'queued'"),
    ),
)

people = Table(
    "people",
    metadata,
    Column("shop_id", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("role", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("queues", Document),
    Column("languages", Document),
    Column("seen_at", Utc),
)

events = Table(
    "events",
    metadata,
    Column("conversation_id", Words, primary_key=True),
    Column("turn_seq", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("shop_id", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("data", Document, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("feedback", Document, nullable=False),
    Index(None, "conversation_id"),
    Index(None, "shop_id", "at"),
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("conversation_id", Words, primary_key=True),
    Column("customer_id", Words, primary_key=True),
    Column("shop_id", Words, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("tries", Integer, nullable=False),
)

mails = Table(
    "mails",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("to", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("conversation_id", Words),
    Index(None, "shop_id", "id"),
    Index(None, "conversation_id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("shop_id", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("body_hash", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_hash", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("origins", Document, nullable=False),
)

# ``n`` is the order of writing: letters of one lane are delivered in it. A lane's letters are written by turns of one
# conversation, which end one after the other, so a later number is never seen before an earlier one.
outbox = Table(
    "outbox",
    metadata,
    Column("n", Serial, primary_key=True),
    Column("id", Words, nullable=False),
    Column("event_id", Words, nullable=False),
    Column("shop_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("lane", Words),
    Column("type", Words, nullable=False),
    Column("data", Document, nullable=False),
    Column("at", Utc, nullable=False),
    Column("status", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("failure", Words, nullable=False),
    Column("lease_owner", Words),
    Column("lease_until", Utc),
    Column("fence", Integer, nullable=False),
    UniqueConstraint("id"),
    Index(None, "conversation_id"),
    Index(None, "shop_id", "status", "n"),
    Index(
        "ix_outbox_waiting",
        "next_at",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index(
        "ix_outbox_lane",
        "lane",
        "n",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
)

# What an external desk has acknowledged: ``case_id`` is its own name of the case, known when webhooks come back.
desk_cases = Table(
    "desk_cases",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("handoff_id", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("conversation_id", Words, nullable=False),
    Column("case_id", Words, nullable=False),
    Column("at", Utc, nullable=False),
    UniqueConstraint("desk", "case_id"),
    Index(None, "conversation_id"),
)

# Who may sign in at the desk's pages; ``known_as`` is the name in lower case. Of a session only the hash is kept.
credentials = Table(
    "credentials",
    metadata,
    Column("shop_id", Words, primary_key=True),
    Column("known_as", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("email", Words),
    Index(None, "shop_id", "email", unique=True),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("known_as", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("until", Utc, nullable=False),
    Index(None, "shop_id", "known_as"),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", Words, primary_key=True),
    Column("shop_id", Words, nullable=False),
    Column("known_as", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("until", Utc, nullable=False),
    Index(None, "shop_id", "known_as"),
)

order_events = Table(
    "order_events",
    metadata,
    Column("shop_id", Words, primary_key=True),
    Column("event_id", Words, primary_key=True),
    Column("payload", Document, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
)

# What LLMs cost on a day of the shop's. No row belongs to a conversation: erasing one leaves the bill as it was.
spending = Table(
    "spending",
    metadata,
    Column("shop_id", Words, primary_key=True),
    Column("day", Words, primary_key=True),
    Column("model", Words, primary_key=True),
    Column("turns", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("cached_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_nano", BigInteger, nullable=False),
)
