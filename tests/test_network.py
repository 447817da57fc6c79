import os
import socket

import pytest


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as sock, pytest.raises(RuntimeError, match="may not connect"):
        sock.connect(("192.0.2.1", 443))
    with pytest.raises(RuntimeError, match="may not look up"):
        socket.getaddrinfo("api.openai.com", 443)


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_no_key_is_in_the_environment() -> None:
    assert [name for name in os.environ if name.startswith("OPENAI_")] == []
