"""How sure we are of who a person is: the `acr` scale, derived from what was proven and never raised by anything else.

Two independent measures: identity (0: an address; 1: the person belongs to an organisation that answers for them; 2 and
3: eIDAS substantial and high, which only an outside identity provider can give) and factors (1, or 2 with `-mfa`). A
level satisfies a demand when it is at least as high in both.
"""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from parvis.directory.models import OrganizationMembership

MAIL = "mail"
OTP = "otp"
PASSKEY = "pop"
RECOVERY = "rc"
MFA = "mfa"
STRONG = frozenset({OTP, PASSKEY, RECOVERY})
"""Methods that only the person's own device or paper gives: what a demand for two factors wants to see used."""
_ORDER = (MAIL, OTP, PASSKEY, RECOVERY)


class Level(NamedTuple):
    """A level of assurance, by its two measures."""

    identity: int
    factors: int


LEVELS: dict[str, Level] = {
    "eidas0": Level(0, 1),
    "eidas0-mfa": Level(0, 2),
    "eidas1": Level(1, 1),
    "eidas1-mfa": Level(1, 2),
    "eidas2": Level(2, 2),
    "eidas3": Level(3, 2),
}


def is_two_factors(methods: Iterable[str]) -> bool:
    """Say whether these methods are two factors.

    A passkey with user verification is two by itself (the device, and its finger or PIN). A second e-mail code is not a
    second factor after an e-mail code.
    """
    used = set(methods) - {MFA}
    return PASSKEY in used or len(used & set(_ORDER)) > 1


def amr(methods: Iterable[str]) -> list[str]:
    """Return the `amr` claim (RFC 8176) for the methods used, always in the same order."""
    used = set(methods)
    return [name for name in _ORDER if name in used] + ([MFA] if is_two_factors(used) else [])


def level(*, belongs: bool, methods: Iterable[str]) -> str:
    """Return the `acr` of a person who belongs to an organisation or not, and who used these methods."""
    return f"eidas{int(belongs)}" + ("-mfa" if is_two_factors(methods) else "")


def satisfies(reached: str, demanded: str) -> bool:
    """Say whether a level answers a demand, by its place in the scale; an unknown level answers nothing."""
    if reached not in LEVELS or demanded not in LEVELS:
        return False
    have, want = LEVELS[reached], LEVELS[demanded]
    return have.identity >= want.identity and have.factors >= want.factors


def needs_two_factors(demanded: str) -> bool:
    """Say whether a demand asks for two factors."""
    return demanded in LEVELS and LEVELS[demanded].factors > 1


def belongs_somewhere(user_id: UUID) -> bool:
    """Say whether an organisation answers for the person today."""
    return OrganizationMembership.objects.current().filter(user_id=user_id).exists()


def level_of(user_id: UUID, methods: Iterable[str]) -> str:
    """Return the `acr` of a person's session."""
    return level(belongs=belongs_somewhere(user_id), methods=methods)


def best_possible(*, belongs: bool) -> str:
    """Return the highest level that a person can reach here, to tell a demand that nothing can meet."""
    return level(belongs=belongs, methods=[PASSKEY])
