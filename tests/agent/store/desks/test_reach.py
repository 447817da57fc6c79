"""A target never leads inside this network, whatever its name, its notation, or what the name says the second time."""

from __future__ import annotations

import asyncio
import socket
import ssl
from ipaddress import ip_address
from typing import Any

import httpx2
import pytest

from agent.store.desks.reach import Forbidden, GuardedTransport, Reach, open_client

INSIDE = ["10.0.0.5", "172.16.3.4", "192.168.1.1", "fd00::1"]
NEVER = ["169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "fe80::1", "::", "::ffff:169.254.169.254"]


@pytest.mark.parametrize("address", INSIDE)
def test_private_networks_only_when_allowed(address: str) -> None:
    assert not Reach().allows(ip_address(address))
    assert not Reach(loopback=True).allows(ip_address(address))
    assert Reach(private=True).allows(ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_only_when_allowed(address: str) -> None:
    assert not Reach().allows(ip_address(address))
    assert not Reach(private=True).allows(ip_address(address))
    assert Reach(loopback=True).allows(ip_address(address))


@pytest.mark.parametrize("address", NEVER)
def test_some_addresses_never(address: str) -> None:
    assert not Reach(private=True, loopback=True).allows(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_always(address: str) -> None:
    assert Reach().allows(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "[::1]"])
async def test_no_notation_gets_around_it(listener: Any, host: str) -> None:
    async with open_client(Reach(), 0.5) as client:
        with pytest.raises((Forbidden, httpx2.InvalidURL, httpx2.ConnectError, RuntimeError)):
            await client.post(f"http://{host}:{listener.port}/hook")
    assert listener.heard == []


class Names:
    """A resolver whose answers are given; the last one stays."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answer]


async def test_one_bad_address_among_good_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", Names(["93.184.216.34", "10.0.0.5"]))
    async with open_client(Reach(), 0.5) as client:
        with pytest.raises(Forbidden):
            await client.post("https://shop.example/hook")


async def test_the_address_judged_is_the_address_called(monkeypatch: pytest.MonkeyPatch, listener: Any) -> None:
    """A name that answers something else the second time is not asked a second time."""
    names = Names(["127.0.0.1"], ["10.0.0.5"])
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names)
    async with open_client(Reach(loopback=True), 0.5) as client:
        response = await client.post(f"http://shop.example:{listener.port}/hook", content=b"{}")
    assert response.status_code == 204
    assert listener.heard[0].headers["host"] == f"shop.example:{listener.port}"
    assert names.asked == 1


async def test_tls_still_asks_for_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server is told in the handshake is the name, not the address that was judged."""
    told: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def hear(_: ssl.SSLObject, name: str | None, __: ssl.SSLContext) -> int:
        told.append(name)
        return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    context.sni_callback = hear  # type: ignore[assignment]
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", Names(["127.0.0.1"]))
    async with httpx2.AsyncClient(transport=GuardedTransport(Reach(loopback=True)), timeout=1) as client:
        with pytest.raises(httpx2.ConnectError):
            await client.post(f"https://shop.example:{port}/hook")
    server.close()
    assert told == ["shop.example"]
