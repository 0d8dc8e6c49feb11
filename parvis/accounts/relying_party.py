"""What a passkey is bound to: the name in our address (W3C Web Authentication, section 5.1.2)."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings


def rp_id() -> str:
    """Return the name that credentials belong to.

    Browsers refuse an IP address: a development installation on 127.0.0.1 has passkeys at http://localhost instead.
    """
    host = urlsplit(settings.ISSUER).hostname or ""
    return "localhost" if _is_loopback(host) else host


def origin() -> str:
    """Return the only origin whose pages may use those credentials."""
    issuer = urlsplit(settings.ISSUER)
    if not _is_loopback(issuer.hostname or ""):
        return str(settings.ISSUER)
    port = f":{issuer.port}" if issuer.port else ""
    return f"{issuer.scheme}://localhost{port}"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
