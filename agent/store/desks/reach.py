"""HTTP to addresses that somebody typed into a setting: never to this network's inside unless that is allowed.

The name is looked up once, every address it has is judged, and the connection goes to the one that was judged: a name
that changes its address in between gains nothing. Redirects are not followed and proxies of the environment not used.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address

import httpx2

from agent.casework.outbox.letters import NotDelivered

Address = IPv4Address | IPv6Address

CONNECT_S = 5.0
POOL = httpx2.Limits(max_connections=50, max_keepalive_connections=10, keepalive_expiry=20.0)


@dataclass(frozen=True, slots=True)
class Reach:
    """Which addresses may be called beside public ones: private networks, and this machine."""

    private: bool = False
    loopback: bool = False

    def allows(self, address: Address) -> bool:
        """Link-local addresses (where clouds keep their credentials) and the like are never allowed."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address.is_loopback:
            return self.loopback
        if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
            return False
        return address.is_global or (self.private and address.is_private)


class Forbidden(httpx2.ConnectError):
    """The name leads to an address that may not be called."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Connects to judged addresses only. TLS still verifies the name that was asked for."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._inner = httpx2.AsyncHTTPTransport(verify=_certificates(), limits=POOL)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2. Raises ``Forbidden``."""
        host = request.url.host
        address = await self._judged(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        request.url = request.url.copy_with(host=str(address))
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close its connections."""
        await self._inner.aclose()

    async def _judged(self, host: str, port: int) -> Address:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpx2.ConnectError("the name has no address") from error
        addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        if not addresses or not all(map(self._reach.allows, addresses)):
            raise Forbidden("the name leads to an address that may not be called")
        return addresses[0]


@cache
def _certificates() -> ssl.SSLContext:
    """Reading them takes a tenth of a second; they are the same for every target."""
    return httpx2.create_ssl_context()


def open_client(reach: Reach, timeout_s: float) -> httpx2.AsyncClient:
    """A client for one target; ``timeout_s`` bounds each wait for its answer."""
    return httpx2.AsyncClient(
        transport=GuardedTransport(reach),
        timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
        follow_redirects=False,
        trust_env=False,
    )


def not_reached(error: httpx2.HTTPError | httpx2.InvalidURL) -> NotDelivered:
    """What a failure on the way comes to. An address that may not be called now may be another one later."""
    if isinstance(error, Forbidden):
        return NotDelivered("address_not_allowed")
    return NotDelivered("timeout" if isinstance(error, httpx2.TimeoutException) else "unreachable")


def retry_after_s(response: httpx2.Response, now: datetime) -> float | None:
    """What ``Retry-After`` asks for, in seconds: it is written as seconds or as a date."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 12:
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
