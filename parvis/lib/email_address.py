"""E-mail addresses: cleaned for sending, and canonical for comparing."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123, section 2.1


def canonical_domain(domain: str) -> str:
    """Return a domain in lower-case ASCII (IDNA), without a final dot. Raises ValidationError."""
    name = unicodedata.normalize("NFKC", domain).strip().rstrip(".").lower()
    try:
        ascii_name = name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ValidationError(_("Enter a valid domain name, such as example.gouv.fr."), code="invalid") from error
    labels = ascii_name.split(".")
    is_sound = len(labels) > 1 and len(ascii_name) <= 253 and not labels[-1].isdigit()  # noqa: PLR2004 - RFC 1035, 2.3.4
    if not (is_sound and all(map(_LABEL.fullmatch, labels))):
        raise ValidationError(_("Enter a valid domain name, such as example.gouv.fr."), code="invalid")
    return ascii_name


def clean(address: str) -> str:
    """Return the address as it is kept and written to: NFC, ASCII domain. Raises ValidationError."""
    text = unicodedata.normalize("NFC", address).strip()
    local, at, domain = text.rpartition("@")
    if not at or len(text) > 254 or any(unicodedata.category(char)[0] == "C" for char in text):  # noqa: PLR2004 - RFC 5321
        raise ValidationError(_("Enter a valid e-mail address, such as name@example.org."), code="invalid")
    cleaned = f"{local}@{canonical_domain(domain)}"
    validate_email(cleaned)
    return cleaned


def canonical(address: str) -> str:
    """Return the form under which two addresses are the same one: NFKC, case folded, ASCII domain.

    Raises ValidationError. The part before `+` is kept: whether it matters is the mailbox's own rule.
    """
    local, _at, domain = clean(address).rpartition("@")
    return f"{unicodedata.normalize('NFKC', local).casefold()}@{domain}"


def domain_of(address: str) -> str:
    """Return what follows the last `@` of a cleaned or canonical address."""
    return address.rpartition("@")[2]
