from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, insert, select
from sqlalchemy.exc import IntegrityError

from agent.casework.outbox.help_desk import DeskCase
from agent.casework.outbox.letters import Letter
from agent.casework.ports import Claim, StoredCode
from agent.conversation import Conversation, Message
from agent.store import tables
from agent.store.codes import SqlCodeStore
from agent.store.database import Database
from agent.store.desk_cases import SqlDeskCases
from agent.store.idempotency import SqlIdempotencyStore
from agent.store.mail import OutboxMail
from agent.store.sql_erase import OWNED
from agent.store.sql_store import SqlStore


async def count_rows(database: Database) -> dict[str, int]:
    def work(connection: Connection) -> dict[str, int]:
        sizes = {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }
        return {name: size for name, size in sizes.items() if size}

    return await database.read(work)


async def begin(store: SqlStore, make: Any, conversation: Conversation) -> Claim:
    turn = make.turn(conversation.id)
    claim = await store.accept(turn, make.message(turn), owner="one", now=make.now, lease_s=30)
    assert isinstance(claim, Claim)
    return claim


async def fill(database: Database, make: Any) -> str:
    """A conversation with a row in every table that can hold one."""
    store, conversation = SqlStore(database), make.conversation()
    await store.open(conversation, "hash")
    claim = await begin(store, make, conversation)
    outcome = make.outcome(
        claim,
        tool_calls=(make.tool_call(claim.turn),),
        actions=(make.action(claim.turn),),
        handoffs=(make.handoff(conversation.id),),
    )
    letter = Letter(f"{claim.turn.id}-1", "shop", conversation.id, "webhook:crm", "handoff.queued", {}, make.now)
    outcome = replace(outcome, letters=(letter,))
    await store.finish(claim, outcome, now=make.now)
    await store.keep_feedback("shop", conversation.id, {"rating": 4}, make.now)
    await OutboxMail(database).send("shop", "a@example.com", "Code", "123456", make.now, about=conversation.id)
    case = DeskCase("chatwoot", f"17-{conversation.id}", "shop", conversation.id, f"hnd-{conversation.id}")
    await SqlDeskCases(database).keep(case, make.now)
    code = StoredCode("c-1", "digest", make.now + timedelta(minutes=10), 0)
    await SqlCodeStore(database).put("shop", conversation.id, code, make.now)
    keys = SqlIdempotencyStore(database)
    await keys.begin("shop", conversation.id, "body", make.now)
    await keys.complete("shop", conversation.id, 200, f'{{"conversation_id": "{conversation.id}"}}')
    return str(conversation.id)


async def test_erasing_leaves_no_row_in_any_table(database: Database, make: Any) -> None:
    erased = await fill(database, make)
    filled = await count_rows(database)
    assert set(filled) == {table.name for table in OWNED} | {"conversations", "idempotency_keys"}
    await fill(database, make)
    assert await SqlStore(database).erase("shop", erased)
    assert await count_rows(database) == filled


def test_every_table_says_whose_it_is() -> None:
    assert [name for name, table in tables.metadata.tables.items() if "shop_id" not in table.c] == []


def test_every_table_of_a_conversation_is_erased_with_it() -> None:
    owned = {name for name, table in tables.metadata.tables.items() if "conversation_id" in table.c}
    assert {table.name for table in OWNED} == owned


async def test_a_turn_is_two_transactions_and_few_statements(database: Database, make: Any) -> None:
    store, conversation = SqlStore(database), make.conversation()
    await store.open(conversation, "hash")
    for _ in range(2):
        claim = await begin(store, make, conversation)
        await store.finish(claim, make.outcome(claim, tool_calls=(make.tool_call(claim.turn),)), now=make.now)
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(Engine, "before_cursor_execute", note)
    claim = await begin(store, make, conversation)
    accepting = [word for word in statements if word != "BEGIN"]
    statements.clear()
    outcome = make.outcome(claim, tool_calls=(make.tool_call(claim.turn),), reading={"language": "es"})
    await store.finish(claim, outcome, now=make.now)
    event.remove(Engine, "before_cursor_execute", note)
    assert accepting == ["UPDATE", "INSERT", "INSERT", "SELECT", "SELECT"]
    assert [word for word in statements if word != "BEGIN"] == ["UPDATE"] * 3 + ["INSERT"] * 3


async def test_an_outcome_that_cannot_be_stored_leaves_nothing(database: Database, make: Any) -> None:
    store, conversation = SqlStore(database), make.conversation()
    await store.open(conversation, "hash")
    claim = await begin(store, make, conversation)
    before = await count_rows(database)
    twice = make.tool_call(claim.turn)
    with pytest.raises(IntegrityError):
        await store.finish(claim, make.outcome(claim, tool_calls=(twice, twice)), now=make.now)
    assert await count_rows(database) == before
    await store.finish(claim, make.outcome(claim), now=make.now)


async def test_a_time_without_zone_is_refused(database: Database, make: Any) -> None:
    row = {"shop_id": "shop", "to": "a@example.com", "subject": "s", "text": "t", "at": make.now.replace(tzinfo=None)}
    with pytest.raises(Exception, match="without zone"):
        await database.write(lambda connection: connection.execute(insert(tables.mails), row))


async def test_a_null_character_is_stored_as_the_replacement_character(database: Database, make: Any) -> None:
    store, conversation = SqlStore(database), make.conversation()
    await store.open(conversation, "hash")
    turn = make.turn(conversation.id)
    message: Message = make.message(turn, "antes\0después")
    await store.accept(turn, message, owner="one", now=make.now, lease_s=30)
    (said,) = await store.messages_after("shop", conversation.id, 0, 10)
    assert said.text == "antes\ufffddespués"
