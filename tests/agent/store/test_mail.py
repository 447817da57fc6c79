import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from agent.store.database import Database
from agent.store.mail import MemoryMail, OutboxMail, StoredMail
from agent.store.smtp_mail import SmtpMail, SmtpServer
from agent.store.sql_store import SqlStore


@pytest.fixture
def outbox(adapter_database: Database | None) -> MemoryMail | OutboxMail:
    return MemoryMail() if adapter_database is None else OutboxMail(adapter_database)


async def test_an_outbox_shows_the_shop_its_newest_mails(outbox: MemoryMail | OutboxMail, now: datetime) -> None:
    for n in range(3):
        await outbox.send("shop", f"{n}@example.com", "Tu código", f"{n}", now)
    await outbox.send("other", "x@example.com", "Seu código", "x", now)
    assert list(await outbox.read_outbox("shop", 2)) == [
        StoredMail("2@example.com", "Tu código", "2", now),
        StoredMail("1@example.com", "Tu código", "1", now),
    ]
    assert len(await outbox.read_outbox("shop")) == 3
    assert not await outbox.read_outbox("nobody")


async def test_a_mail_is_erased_with_the_conversation_it_is_about(database: Database, make: Any) -> None:
    store, outbox = SqlStore(database), OutboxMail(database)
    mine, other = make.conversation("shop"), make.conversation("shop")
    for one in (mine, other):
        await store.open(one, "hash")
        await outbox.send("shop", "a@example.com", "Tu código", one.id, make.now, about=one.id)
    await outbox.send("shop", "b@example.com", "Sin conversación", "-", make.now)
    assert await store.erase("shop", mine.id)
    assert {mail.text for mail in await outbox.read_outbox("shop")} == {other.id, "-"}


class FakeSmtp:
    """Speaks just enough SMTP to take a mail, over a real socket; refuses recipients at ``refused.example``."""

    def __init__(self) -> None:
        self.recipients: list[str] = []
        self.data = b""

    @property
    def mail(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.data, policy=policy.default))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            writer.write(self._answer(line))
            if line.upper() == "DATA":
                self.data = await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 taken\r\n")
        writer.close()

    def _answer(self, line: str) -> bytes:
        if line.upper() == "DATA":
            return b"354 go on\r\n"
        if line.upper() == "QUIT":
            return b"221 bye\r\n"
        if line.upper().startswith("RCPT TO:"):
            if "refused.example" in line:
                return b"550 no\r\n"
            self.recipients.append(line[len("RCPT TO:") :].strip("<>"))
        return b"250 ok\r\n"


@asynccontextmanager
async def smtp_server() -> AsyncIterator[tuple[FakeSmtp, SmtpMail]]:
    fake = FakeSmtp()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield fake, SmtpMail(SmtpServer("127.0.0.1", port, "tienda@example.com", security="none", timeout_s=5))


async def test_a_mail_is_handed_over_as_it_was_written(now: datetime) -> None:
    async with smtp_server() as (fake, mail):
        await mail.send("shop", "lucia@example.com", "Tu código", "Es 123456, válido 10 minutos.\n.\nFin", now)
    assert fake.recipients == ["lucia@example.com"]
    assert fake.mail["Subject"] == "Tu código"
    assert (fake.mail["From"], fake.mail["To"]) == ("tienda@example.com", "lucia@example.com")
    assert fake.mail["Date"].datetime == now.replace(microsecond=0)
    assert "Es 123456, válido 10 minutos." in fake.mail.get_content()


BAD = (
    ("refused by the server", "a@refused.example", "s"),
    ("a header is added through the subject", "a@example.com", "s\r\nBcc: b@example.com"),
    ("a header is added through the address", "a@example.com\r\nBcc: b@example.com", "s"),
    ("two addresses in one", "a@example.com, b@example.com", "s"),
)


@pytest.mark.parametrize(("to", "subject"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
async def test_a_mail_that_cannot_be_handed_over_is_an_os_error(to: str, subject: str, now: datetime) -> None:
    async with smtp_server() as (fake, mail):
        with pytest.raises(OSError):
            await mail.send("shop", to, subject, "text", now)
    assert fake.data == b""


async def test_a_server_that_is_not_there_is_an_os_error(now: datetime) -> None:
    with pytest.raises(OSError):
        await SmtpMail(SmtpServer("127.0.0.1", 1, "a@example.com", timeout_s=5)).send(
            "s", "b@example.com", "s", "t", now
        )


async def test_a_server_without_tls_is_not_spoken_to_in_clear_by_default(now: datetime) -> None:
    async with smtp_server() as (fake, mail):
        port = mail._server.port
        with pytest.raises(OSError):
            await SmtpMail(SmtpServer("127.0.0.1", port, "a@example.com")).send("s", "b@example.com", "s", "t", now)
    assert fake.recipients == []
