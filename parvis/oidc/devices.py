"""Devices without a keyboard (RFC 8628): the code that a person reads from one screen and types on another."""

import re
import secrets

from parvis.lib.derived_keys import keyed_digest

# Consonants only: no words come out, and none is taken for a figure (section 6.1). 34 bits, for ten minutes, and few
# tries for each person (section 5.1).
ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH = 8
_NOT_A_LETTER = re.compile(r"[^A-Z]")


def new_user_code() -> str:
    """Return a code to type."""
    return "".join(secrets.choice(ALPHABET) for _letter in range(LENGTH))


def shown(code: str) -> str:
    """Return a code as people read it: `WDJB-MJHT`."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read(typed: str) -> str:
    """Return the code that somebody typed, whatever the case, dashes and blanks; empty when it cannot be one."""
    code = _NOT_A_LETTER.sub("", typed[:50].upper())
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def user_code_digest(code: str) -> bytes:
    """Return what the table keeps: keyed, because so short a code could be guessed from a plain digest."""
    return bytes.fromhex(keyed_digest("oidc.device", code))
