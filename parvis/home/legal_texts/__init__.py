"""The legal texts shipped with Parvis, in each language: honest starting points that the operator completes."""

from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent


@lru_cache(maxsize=16)
def read(slug: str, language: str) -> str:
    """Return the Markdown of a page, with `$operator`, `$address`, `$contact` left to fill."""
    return (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")
