"""Passwords, hashed with scrypt: the standard library's, so that nothing has to be compiled or trusted for it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

SHORTEST, LONGEST = 10, 200
MEMORY = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard a guess is: ``n * r * 128`` bytes of memory, ``p`` times over. The default is one of OWASP's, 32 MiB."""

    n: int = 2**15
    r: int = 8
    p: int = 3


USUAL = Cost()


async def hash_password(password: str, cost: Cost = USUAL) -> str:
    """``scrypt$n$r$p$salt$hash``, with a salt of its own; in a thread, as it takes about half a second."""
    salt = secrets.token_bytes(16)
    derived = await asyncio.to_thread(_derive, password, salt, cost)
    return "$".join(("scrypt", str(cost.n), str(cost.r), str(cost.p), _text(salt), _text(derived)))


async def check_password(password: str, digest: str) -> bool:
    """Whether this is the password. Raises ``ValueError`` for a digest that ``hash_password`` did not make."""
    kind, n, r, p, salt, expected = digest.split("$")
    if kind != "scrypt":
        raise ValueError(f"a hash of an unknown kind: {kind}")
    derived = await asyncio.to_thread(_derive, password, b64decode(salt), Cost(int(n), int(r), int(p)))
    return hmac.compare_digest(derived, b64decode(expected))


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    given = password.encode(errors="surrogatepass")
    return hashlib.scrypt(given, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=MEMORY, dklen=32)


def _text(octets: bytes) -> str:
    return b64encode(octets).decode()
