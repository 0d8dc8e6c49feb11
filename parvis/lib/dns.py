"""Asking the DNS for TXT records, with a short patience."""

from collections.abc import Callable

import dns.exception
import dns.resolver
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIFETIME = 5.0
MAX_RECORDS = 100


class DnsError(Exception):
    """The DNS gave no usable answer; the message says why, for a person."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


def system_resolver() -> dns.resolver.Resolver:
    """Return a resolver as this machine is configured."""
    return dns.resolver.Resolver()


make_resolver: Callable[[], dns.resolver.Resolver] = system_resolver
"""What makes the resolver; tests put one that asks a server on the loopback."""


def txt_records(name: str) -> list[str]:
    """Return the TXT records of a name, the strings of each joined (RFC 1035, section 3.3.14). Raises DnsError."""
    try:
        resolver = make_resolver()
        answer = resolver.resolve(name, "TXT", lifetime=LIFETIME, search=False)
    except dns.resolver.NXDOMAIN as error:
        raise DnsError(_("The DNS does not know this name yet. A new record can take an hour to appear.")) from error
    except dns.resolver.NoAnswer:
        return []
    except dns.exception.Timeout as error:
        raise DnsError(_("The DNS did not answer in time. Try again in a few minutes.")) from error
    except (dns.exception.DNSException, OSError) as error:
        raise DnsError(_("The DNS servers of this domain do not answer properly. Try again later.")) from error
    records = list(answer)[:MAX_RECORDS]
    return [b"".join(record.strings).decode("utf-8", "replace") for record in records]
