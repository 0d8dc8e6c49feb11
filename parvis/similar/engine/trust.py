"""What refusals teach: the words that brought two services together wrongly weigh less from then on.

Each refusal takes a fifth of the weight of the words that brought the pair, each confirmation gives a fifth back; no
word falls below two fifths or rises above its own weight. So one person's word changes little, and several much.
"""

from collections import Counter
from collections.abc import Iterable

BLAMED = 5
"""The words that brought most of a pair."""
_STEP = 0.2
_LEAST = 0.4


def trust(said: Iterable[tuple[bool, list[str]]]) -> dict[str, float]:
    """Return the part of their weight that is left to terms, from (confirmed, terms) of each judgement."""
    balance = Counter[str]()
    for confirmed, terms in said:
        balance.update(dict.fromkeys(terms[:BLAMED], 1 if confirmed else -1))
    return {term: round(max(_LEAST, 1 + _STEP * number), 2) for term, number in balance.items() if number < 0}
