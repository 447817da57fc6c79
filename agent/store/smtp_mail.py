"""Mail through the shop's SMTP server."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over. ``security`` is ``"starttls"``, ``"tls"`` or, within one machine, ``"none"``."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    username: str = ""
    password: str = ""
    timeout_s: float = TIMEOUT_S


class SmtpMail:
    """``casework.ports.Mail``: one connection a mail, in a thread. The server's certificate is verified."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, shop_id: str, to: str, subject: str, text: str, now: datetime, *, about: str = "") -> None:  # noqa: ARG002 - one for all
        """See the port. Every refusal of ``smtplib`` is an ``OSError``; so are a line break in a header and a
        second address.
        """
        message = EmailMessage()
        try:
            message["From"] = self._server.sender
            message["To"] = to
            message["Subject"] = subject
        except ValueError as error:
            raise OSError(f"not a mail header: {error}") from error
        if len(message["To"].addresses) != 1:
            raise OSError("a mail goes to one address")
        message["Date"] = format_datetime(now)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        await asyncio.to_thread(self._hand_over, message, to)

    def _hand_over(self, message: EmailMessage, to: str) -> None:
        server = self._server
        with self._connect() as smtp:
            if server.security == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.username:
                smtp.login(server.username, server.password)
            smtp.send_message(message, to_addrs=[to])

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_s, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
