"""Two addresses compared to the character, for whoever has to find which one is wrong.

Anybody can send us the address that was received, so that is made for it to cost little: finding what two texts share
takes a time that grows with the cube of what is left between their common beginning and their common end.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

_LONGEST = 2000
_LONGEST_CHANGE = 250
"""Characters between what is common at both ends; beyond, all of them are another text."""
Parts = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A registered address, beside the one received."""

    registered: str
    parts: Parts
    """The registered address cut into pieces; True where the received one says the same."""
    received_parts: Parts
    """The received address, likewise."""

    @classmethod
    def between(cls, received: str, registered: str) -> "Difference":
        """Compare two addresses."""
        received = received[:_LONGEST]
        start = _beginning(received, registered)
        mine, theirs = received[len(start) :], registered[len(start) :]
        end = _beginning(mine[::-1], theirs[::-1])[::-1]
        mine, theirs = mine.removesuffix(end), theirs.removesuffix(end)
        changed = _changed(mine, theirs)
        theirs_cut = [(theirs[b0:b1], same) for same, _a0, _a1, b0, b1 in changed]
        mine_cut = [(mine[a0:a1], same) for same, a0, a1, _b0, _b1 in changed]
        return cls(registered, _whole(start, theirs_cut, end), _whole(start, mine_cut, end))


def _beginning(one: str, other: str) -> str:
    return "".join(a for a, _b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _changed(mine: str, theirs: str) -> list[tuple[bool, int, int, int, int]]:
    """Return the pieces of both, whether each is the same, and where it is in the one and in the other."""
    if max(len(mine), len(theirs)) > _LONGEST_CHANGE:
        return [(False, 0, len(mine), 0, len(theirs))]
    codes = SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()
    return [(tag == "equal", a0, a1, b0, b1) for tag, a0, a1, b0, b1 in codes]


def _whole(start: str, between: Parts, end: str) -> Parts:
    return [piece for piece in [(start, True), *between, (end, True)] if piece[0]]


def nearest(received: str, registered: list[str], most: int = 3) -> list[Difference]:
    """Return the registered addresses that are most like the received one, the nearest first."""
    matcher = SequenceMatcher(None, "", received[:_LONGEST], autojunk=False)

    def likeness(one: str) -> float:
        matcher.set_seq1(one)
        return matcher.quick_ratio()

    return [Difference.between(received, one) for one in sorted(registered, key=likeness, reverse=True)[:most]]
