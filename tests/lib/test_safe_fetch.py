"""Fetching addresses that others chose: never our own network, never more than was meant (SSRF)."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from parvis.lib import safe_fetch
from parvis.lib.safe_fetch import FetchError, get, post
from tests.patience import ends

Serve = Callable[[bytes], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer one connection with these bytes, and return the address."""
    listening: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(answer: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def once() -> None:
            connection, _address = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        threads.append(threading.Thread(target=once, daemon=True))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/jwks?x=1"

    yield start
    for thread in threads:
        thread.join(5)
    for listener in listening:
        listener.close()


def names(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name have these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_named: found)


def connecting_is_a_mistake(*_arguments: Any, **_named: Any) -> None:
    raise AssertionError


def test_a_good_answer(serve: Serve) -> None:
    assert get(serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), may_be_loopback=True) == b"{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 70_000,
    ],
)
def test_a_bad_answer(serve: Serve, answer: bytes) -> None:
    with pytest.raises(FetchError):
        get(serve(answer), may_be_loopback=True)


def test_one_that_never_answers_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, ends(), pytest.raises(FetchError):
        get(f"http://127.0.0.1:{listener.getsockname()[1]}/", may_be_loopback=True, seconds=0.2)


def test_time_is_bounded_as_a_whole() -> None:
    """One byte now and then keeps every single wait short, and the answer would last for ever."""
    left = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def drip() -> None:
            connection, _address = listener.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not left.wait(0.02):
                    connection.sendall(b"x")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        try:
            with ends(), pytest.raises(FetchError):
                get(f"http://127.0.0.1:{listener.getsockname()[1]}/", may_be_loopback=True, seconds=0.2)
        finally:
            left.set()
        dripping.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://user@example.org/",
        "https://:secret@example.org/",
        "https://exämple.org/",
        "https:///x",
        "https://[::1/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
    ],
)
def test_what_is_not_a_plain_https_address_is_not_even_resolved(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", connecting_is_a_mistake)
    with pytest.raises(FetchError):
        get(url)


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001::1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_after_resolution(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, address)
    monkeypatch.setattr(socket, "create_connection", connecting_is_a_mistake)
    with pytest.raises(FetchError):
        get("https://example.org/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "93.184.215.14", "10.0.0.1")
    monkeypatch.setattr(socket, "create_connection", connecting_is_a_mistake)
    with pytest.raises(FetchError):
        get("https://example.org/")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "93.184.215.14")
    asked: list[Any] = []

    def connect(address: Any, **_named: Any) -> socket.socket:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError):
        get("https://example.org/")
    assert asked == [("93.184.215.14", 443)]


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_addresses(address: str) -> None:
    assert safe_fetch.is_public(ipaddress.ip_address(address))


def test_plain_http_never_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "93.184.215.14")
    monkeypatch.setattr(socket, "create_connection", connecting_is_a_mistake)
    with pytest.raises(FetchError):
        get("http://example.org/", may_be_loopback=True)


def test_a_posted_form_is_answered_by_its_status_at_once(serve: Serve) -> None:
    """The body is not waited for: a server that keeps the connection open has said enough."""
    assert post(serve(b"HTTP/1.1 204 No Content\r\n"), {"logout_token": "a.b.c"}, may_be_loopback=True) == 204
    assert post(serve(b"HTTP/1.0 400\r\n\r\n"), {"logout_token": "a.b.c"}, may_be_loopback=True) == 400


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0\r\n", b"HTTP/1.1 2x\r\n\r\n", b"a" * 70_000])
def test_what_is_no_answer_to_a_form_is_an_error(serve: Serve, answer: bytes) -> None:
    with pytest.raises(FetchError):
        post(serve(answer), {"logout_token": "a.b.c"}, may_be_loopback=True)


def test_a_form_is_never_posted_into_our_own_network(monkeypatch: pytest.MonkeyPatch) -> None:
    names(monkeypatch, "10.0.0.1")
    monkeypatch.setattr(socket, "create_connection", connecting_is_a_mistake)
    with pytest.raises(FetchError, match="not public"):
        post("https://app.example.org/logout", {"logout_token": "a.b.c"})


def test_a_host_of_our_own_network_is_asked_only_when_the_operator_named_it(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked: list[Any] = []

    def connect(address: Any, **_options: Any) -> socket.socket:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_named: [(0, 0, 0, "", ("10.0.0.7", 443))])
    monkeypatch.setattr(socket, "create_connection", connect)
    settings.INTERNAL_HOSTS = frozenset({"docs.internal"})
    for host in ("docs.internal", "other.internal", "docs.internal.example.org"):
        with pytest.raises(safe_fetch.FetchError):
            safe_fetch.get(f"https://{host}/")
    assert asked == [("10.0.0.7", 443)]
