"""The lexicon of the last rebuild, kept in memory while it is the last one."""

from dataclasses import dataclass, field
from datetime import datetime

from parvis.similar.engine.lexicon import Lexicon
from parvis.similar.models import LexiconRecord


@dataclass(slots=True)
class _Kept:
    built_at: datetime | None = None
    lexicon: Lexicon = field(default_factory=Lexicon)


_kept = _Kept()


def current() -> tuple[Lexicon, dict[str, float]] | None:
    """Return the lexicon and what refusals taught, or None before the first rebuild."""
    found = LexiconRecord.objects.filter(pk=1, built_at__isnull=False).values_list("built_at", "trust").first()
    if found is None:
        return None
    built_at, trust = found
    if _kept.built_at != built_at:
        content = LexiconRecord.objects.values_list("content", flat=True).get(pk=1)
        _kept.lexicon, _kept.built_at = Lexicon.from_json(content), built_at
    return _kept.lexicon, trust
