"""What is wanted to rows: only the difference, in batches, so that a second run changes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.importers.findings import Findings, Kind
from parvis.similar.importers.wanted import Wanted
from parvis.similar.models import Listing

_NOUN = "services"
_BATCH = 300
_BROKEN = 0.5
"""A copy that lacks more of what was there than this part is a broken copy."""


@dataclass
class Counts:
    """How many services were created, changed, left, and taken out."""

    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0

    @property
    def anything(self) -> bool:
        """Say whether something was written."""
        return bool(self.created or self.changed or self.ended)

    def as_json(self) -> dict[str, dict[str, int]]:
        """Return the counts for reports and the journal."""
        names = ("created", "changed", "ended", "unchanged")
        return {name: {_NOUN: getattr(self, name)} for name in names}


@dataclass
class Result:
    """What an import did."""

    counts: Counts = field(default_factory=Counts)
    findings: Findings = field(default_factory=Findings)


def write(source: str, wanted: Sequence[Wanted], found: Findings, *, is_whole: bool, dry_run: bool = False) -> Result:
    """Write what is wanted. `is_whole` says that the source holds nothing else: what is missing has left it."""
    result = Result(findings=found)
    known = dict(Listing.objects.filter(source=source).values_list("key", "digest"))
    present = set(Listing.objects.filter(source=source, is_gone=False).values_list("key", flat=True))
    for items in _batches(wanted):
        _write_batch(source, items, known, present, result.counts, dry_run=dry_run)
    if is_whole:
        _let_go(source, present - {item.key for item in wanted}, present, result, dry_run=dry_run)
    if result.counts.anything and not dry_run:
        record(tag=Tag.IMPORT_FINISHED, by=None, source=source, counts=result.counts.as_json())
    return result


def _batches(wanted: Sequence[Wanted]) -> Iterator[Sequence[Wanted]]:
    for start in range(0, len(wanted), _BATCH):
        yield wanted[start : start + _BATCH]


def _write_batch(
    source: str,
    items: Sequence[Wanted],
    known: dict[str, str],
    present: set[str],
    counts: Counts,
    *,
    dry_run: bool,
) -> None:
    new = [item for item in items if item.key not in known]
    changed = [
        item for item in items if item.key in known and (known[item.key] != item.digest or item.key not in present)
    ]
    counts.created += len(new)
    counts.changed += len(changed)
    counts.unchanged += len(items) - len(new) - len(changed)
    if dry_run or not (new or changed):
        return
    now = timezone.now()
    rows = [Listing(source=source, key=item.key, **_columns(item, now)) for item in [*new, *changed]]
    columns = list(_columns(items[0], now))
    with transaction.atomic():
        Listing.objects.bulk_create(
            rows, _BATCH, update_conflicts=True, unique_fields=["source", "key"], update_fields=columns
        )


def _columns(item: Wanted, now: Any) -> dict[str, Any]:
    return {**item.values, "digest": item.digest, "is_gone": False, "imported_at": now, "updated_at": now}


def _let_go(source: str, missing: set[str], present: set[str], result: Result, *, dry_run: bool) -> None:
    """Take what left its source out of lists; its judgements stay, should it come back."""
    if len(missing) > _BROKEN * len(present):
        result.findings.add(Kind.MANY_VANISHED, source, was=f"{len(missing)} of {len(present)}")
        return
    for key in sorted(missing):
        result.findings.add(Kind.VANISHED, source, was=key)
    result.counts.ended = len(missing)
    if missing and not dry_run:
        now = timezone.now()
        Listing.objects.filter(source=source, key__in=missing).update(is_gone=True, updated_at=now)
