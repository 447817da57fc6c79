"""One-time codes and the bounds on identity attempts, as the tools see them."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from agent.casework.front import Storefront
from agent.casework.ports import CodeStore, Mail, RateLimit, StoredCode
from prompts.loader import Sentences
from tools.masking import mask
from tools.shop.models import CustomerId

log = structlog.get_logger("postventa.identity")

MAX_TRIES = 5
CODE_MINUTES = 10


class CodeDesk:
    """``tools.scope.Codes`` for one conversation: six digits to the contact on file, five tries, ten minutes."""

    def __init__(
        self,
        *,
        storefront: Storefront,
        conversation_id: str,
        language: str,
        store: CodeStore,
        mail: Mail,
        limits: RateLimit,
        sentences: Sentences,
        new_code: Callable[[], str],
        secret: str,
        now: datetime,
    ) -> None:
        self._front = storefront
        self._conversation_id = conversation_id
        self._language = language
        self._store = store
        self._mail = mail
        self._limits = limits
        self._sentences = sentences
        self._new_code = new_code
        self._secret = secret
        self._now = now

    async def send(self, customer_id: CustomerId) -> str | None:
        """Send a fresh code; the one before it is dead. None when too many were asked for; ``OSError``: it did not leave."""
        customer = await self._front.shop.customer(customer_id)
        if customer is None or await self._limits.hit("code", f"{self._front.id}:{customer_id}", limit=5, per_s=3600):
            return None
        code = self._new_code()
        kept = StoredCode(customer_id, self._digest(customer_id, code), self._now + timedelta(minutes=CODE_MINUTES), 0)
        await self._store.put(self._front.id, self._conversation_id, kept, self._now)
        subject = self._sentences.say("mail.code_subject", self._language, shop=self._front.name)
        text = self._sentences.say("mail.code_text", self._language, code=code, minutes=CODE_MINUTES)
        try:
            await self._mail.send(self._front.id, customer.email, subject, text, self._now, about=self._conversation_id)
        except OSError:
            log.warning("code_not_sent", conversation=self._conversation_id)
            await self._store.spend(self._front.id, self._conversation_id, customer_id)
            raise
        return mask(customer.email)

    async def check(self, customer_id: CustomerId, code: str) -> bool:
        """Every look counts as a try, so that guesses sent in parallel are all counted."""
        kept = await self._store.take(self._front.id, self._conversation_id, customer_id, self._now)
        if kept is None or kept.tries > MAX_TRIES:
            return False
        digits = re.sub(r"\D", "", code)
        if not hmac.compare_digest(kept.digest, self._digest(customer_id, digits)):
            return False
        await self._store.spend(self._front.id, self._conversation_id, customer_id)
        return True

    def _digest(self, customer_id: str, code: str) -> str:
        material = f"{self._conversation_id}:{customer_id}:{code}".encode()
        return hmac.new(self._secret.encode(), material, hashlib.sha256).hexdigest()


class IdentityAttempts:
    """``tools.scope.Attempts``: per conversation and per order (or address), within the hour."""

    def __init__(self, limits: RateLimit, shop_id: str, conversation_id: str) -> None:
        self._limits = limits
        self._shop_id = shop_id
        self._conversation_id = conversation_id

    async def allow(self, number: str) -> bool:
        """Count one try."""
        here = await self._limits.hit("identity", f"{self._shop_id}:{self._conversation_id}", limit=10, per_s=3600)
        key = f"{self._shop_id}:{number.strip().lower()}"
        there = await self._limits.hit("identity", key, limit=15, per_s=3600)
        return not here and not there
