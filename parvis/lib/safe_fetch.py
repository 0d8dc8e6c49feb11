"""Fetching an address that somebody else chose, without being led into our own network.

The name is resolved once, every address it has must be a public one, and the connection goes to the address that was
looked at: a second answer of the DNS changes nothing. Hosts of the administration's own network are named by the
operator, one by one (`PARVIS_INTERNAL_HOSTS`). No redirect is followed; size and time are bounded as a whole.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urlsplit

from django.conf import settings

MAX_BYTES = 65_536
MAX_SECONDS = 5.0
_OK = "200"
_LONGEST_LINE = 1000
_STATUS_LINE = re.compile(rb"HTTP/1\.[0-9] ([1-5][0-9]{2})[ \r\n]")
# Global in the registry, and yet ways into IPv4 networks: NAT64, 6to4, Teredo.
_TUNNELS = [ipaddress.ip_network(block) for block in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(Exception):
    """The address may not be asked, or gave no good answer; the message says why."""


@dataclass(frozen=True, slots=True)
class _Target:
    host: str
    port: int
    path: str
    is_tls: bool

    @property
    def authority(self) -> str:
        """Return the value of the Host header."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.is_tls else 80) else f"{name}:{self.port}"


def get(url: str, *, may_be_loopback: bool = False, max_bytes: int = MAX_BYTES, seconds: float = MAX_SECONDS) -> bytes:
    """Return the body of a 200 answer. `may_be_loopback` is for development only. Raises FetchError."""
    deadline = time.monotonic() + seconds
    with _connected(url, may_be_loopback=may_be_loopback, seconds=seconds) as (connection, target):
        return _ask(connection, target, max_bytes, deadline)


def post(url: str, fields: Mapping[str, str], *, may_be_loopback: bool = False, seconds: float = MAX_SECONDS) -> int:
    """Post a form; return the status of the answer, whose body is not read. Raises FetchError when there is none."""
    deadline = time.monotonic() + seconds
    with _connected(url, may_be_loopback=may_be_loopback, seconds=seconds) as (connection, target):
        return _tell(connection, target, urlencode(fields).encode("ascii"), deadline)


def look(url: str, *, may_be_loopback: bool = False, seconds: float = MAX_SECONDS) -> int:
    """Return the status that an address answers with; nothing else is read. Raises FetchError when there is none."""
    deadline = time.monotonic() + seconds
    with _connected(url, may_be_loopback=may_be_loopback, seconds=seconds) as (connection, target):
        return _look(connection, target, deadline)


def is_askable(url: str) -> bool:
    """Say whether `look` would ask at all: a plain HTTPS address."""
    try:
        _target(url, may_be_loopback=False)
    except FetchError:
        return False
    return True


@contextmanager
def _connected(url: str, *, may_be_loopback: bool, seconds: float) -> Iterator[tuple[socket.socket, _Target]]:
    """Connect to an address that was looked at; whatever breaks meanwhile becomes a FetchError."""
    target = _target(url, may_be_loopback=may_be_loopback)
    address = _resolved(target, may_be_loopback=may_be_loopback)
    try:
        with socket.create_connection((str(address), target.port), timeout=seconds) as plain:
            if not target.is_tls:
                yield plain, target
                return
            with _tls().wrap_socket(plain, server_hostname=target.host) as secured:
                yield secured, target
    except OSError as error:  # TimeoutError and ssl.SSLError are some.
        message = f"no connection ({type(error).__name__})"
        raise FetchError(message) from error


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the Internet at large."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None:
        return is_public(mapped)
    if any(address in block for block in _TUNNELS if block.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _target(url: str, *, may_be_loopback: bool) -> _Target:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError("not an address") from error
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_loopback):
        raise FetchError("it must start with https://")
    if not parts.hostname or parts.username is not None or parts.password is not None or not url.isascii():
        raise FetchError("not a plain address")
    is_tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if any(character <= " " or character == "\x7f" for character in path):
        raise FetchError("not a plain address")
    return _Target(parts.hostname, port or (443 if is_tls else 80), path, is_tls)


def _resolved(target: _Target, *, may_be_loopback: bool) -> Address:
    """Return the first address of the name, once all were looked at."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError("the name is not known") from error
    addresses = [ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    for address in addresses:
        if address.is_loopback and may_be_loopback:
            continue
        if target.is_tls and target.host in settings.INTERNAL_HOSTS:
            continue
        # Plain HTTP is for this machine only, even in development.
        if not target.is_tls or not is_public(address):
            raise FetchError("it leads to an address that is not public")
    if not addresses:
        raise FetchError("the name is not known")
    return addresses[0]


def _ask(connection: socket.socket, target: _Target, max_bytes: int, deadline: float) -> bytes:
    """Ask in HTTP/1.0, whose answer ends with the connection: what comes is read as it is, up to a limit."""
    lines = (
        f"GET {target.path} HTTP/1.0",
        f"Host: {target.authority}",
        "Accept: application/json",
        "User-Agent: Parvis",
        "",
        "",
    )
    connection.sendall("\r\n".join(lines).encode("ascii"))
    received = bytearray()
    while chunk := _chunk(connection, deadline):
        received += chunk
        if len(received) > max_bytes:
            raise FetchError("the answer is too long")
    head, blank, body = bytes(received).partition(b"\r\n\r\n")
    status_line, *fields = head.decode("latin-1").split("\r\n")
    words = status_line.split(" ", 2)
    if not blank or not words[0].startswith("HTTP/1.") or len(words) < 2:  # noqa: PLR2004 - version and status
        raise FetchError("the answer is not HTTP")
    if words[1] != _OK:
        raise FetchError(f"it answered {words[1][:3]}, and redirects are not followed")
    headers = {
        name.strip().lower(): value.strip() for name, _colon, value in (field.partition(":") for field in fields)
    }
    if "transfer-encoding" in headers:
        raise FetchError("the answer came in a form that HTTP/1.0 does not know")
    length = headers.get("content-length", "")
    if length and (not length.isdigit() or int(length) != len(body)):
        raise FetchError("the answer was cut short")
    return body


def _tell(connection: socket.socket, target: _Target, body: bytes, deadline: float) -> int:
    """Send a form in HTTP/1.0 and read the line that says what became of it."""
    lines = (
        f"POST {target.path} HTTP/1.0",
        f"Host: {target.authority}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "User-Agent: Parvis",
        "",
        "",
    )
    connection.sendall("\r\n".join(lines).encode("ascii") + body)
    return _status(connection, deadline)


def _look(connection: socket.socket, target: _Target, deadline: float) -> int:
    """Ask in HTTP/1.0 as a browser would, and hang up once the status is known."""
    lines = (
        f"GET {target.path} HTTP/1.0",
        f"Host: {target.authority}",
        "Accept: text/html",
        "User-Agent: Parvis",
        "",
        "",
    )
    connection.sendall("\r\n".join(lines).encode("ascii"))
    return _status(connection, deadline)


def _status(connection: socket.socket, deadline: float) -> int:
    received = bytearray()
    while b"\r\n" not in received and len(received) < _LONGEST_LINE and (chunk := _chunk(connection, deadline)):
        received += chunk
    found = _STATUS_LINE.match(received)
    if found is None:
        raise FetchError("the answer is not HTTP")
    return int(found[1])


def _chunk(connection: socket.socket, deadline: float) -> bytes:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchError("the answer took too long")
    connection.settimeout(left)
    return connection.recv(8192)
