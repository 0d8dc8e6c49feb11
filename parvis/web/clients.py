"""Who is calling: the client's address, as far as it can be believed."""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str:
    """Return the address of the client, or an empty string when there is none (a Unix socket)."""
    return address_in(request.META)


def address_in(meta: Mapping[str, Any]) -> str:
    """Return the address that the headers and the connection tell, under their CGI names.

    Each trusted proxy appends the address that it saw to X-Forwarded-For. So with N proxies the N-th address from the
    right is the one that the outermost proxy saw, and whatever is further left may have been made up by the client.
    """
    if hops := settings.TRUSTED_PROXIES:
        seen = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        if len(seen) >= hops and (address := _normal(seen[-hops])):
            return address
    return _normal(str(meta.get("REMOTE_ADDR", "")))


def caller_in(meta: Mapping[str, Any]) -> str:
    """Return what requests are counted by: the client's address, or its network where addresses are too many to count.

    In IPv6 whoever has one address has the 2^64 of the network (RFC 4291, section 2.5.4; RFC 6177).
    """
    address = address_in(meta)
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address


def _normal(text: str) -> str:
    """Return one spelling for each address, without a port; IPv4 inside IPv6 becomes IPv4 again."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
