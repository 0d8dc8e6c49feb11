"""Official numbers of organisations and their control keys."""

import re

_LA_POSTE = "356000000"


def normalise(value: str) -> str:
    """Return the number without blanks, dots and dashes, in upper case."""
    return re.sub(r"[\s.\-\u00a0\u202f]", "", value).upper()


def luhn_is_valid(digits: str) -> bool:
    """Check the Luhn key of ASCII digits (ISO/IEC 7812-1, annex B)."""
    if not (digits.isascii() and digits.isdigit()):
        return False
    doubled = [int(char) * (1 + index % 2) for index, char in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - Luhn's rule


def is_siren(value: str) -> bool:
    """Say whether this is a SIREN: 9 digits with a Luhn key."""
    return len(value) == 9 and luhn_is_valid(value)  # noqa: PLR2004 - INSEE's definition


def is_siret(value: str) -> bool:
    """Say whether this is a SIRET: 14 digits with a Luhn key; La Poste's offices sum their digits instead (INSEE)."""
    if len(value) != 14 or not (value.isascii() and value.isdigit()):  # noqa: PLR2004 - INSEE's definition
        return False
    if value.startswith(_LA_POSTE) and value != f"{_LA_POSTE}00048":
        return sum(map(int, value)) % 5 == 0
    return luhn_is_valid(value)
