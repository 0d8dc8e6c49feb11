"""Two addresses compared to the character, for whoever has to find which one is wrong."""

from dataclasses import dataclass
from difflib import SequenceMatcher

_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Difference:
    """A registered address, beside the one received."""

    registered: str
    parts: list[tuple[str, bool]]
    """The registered address cut into pieces; True where the received one says the same."""
    received_parts: list[tuple[str, bool]]
    """The received address, likewise."""
    likeness: float

    @classmethod
    def between(cls, received: str, registered: str) -> "Difference":
        """Compare two addresses."""
        matcher = SequenceMatcher(None, received[:_LONGEST], registered, autojunk=False)
        codes = matcher.get_opcodes()
        parts = [(registered[b0:b1], tag == "equal") for tag, _a0, _a1, b0, b1 in codes if b1 > b0]
        mine = [(received[a0:a1], tag == "equal") for tag, a0, a1, _b0, _b1 in codes if a1 > a0]
        return cls(registered, parts, mine, matcher.ratio())


def nearest(received: str, registered: list[str], most: int = 3) -> list[Difference]:
    """Return the registered addresses that are most like the received one, the nearest first."""
    found = [Difference.between(received, one) for one in registered]
    return sorted(found, key=lambda difference: -difference.likeness)[:most]
