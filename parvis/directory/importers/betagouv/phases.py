"""The life of a product: phases as the source lists them, and as they can be trusted.

Ends are never trusted: most are missing and many contradict the next start. Phases are sorted by start, then by their
rank in the method, and those of the future do not count. Only whether the product is stopped matters to the directory.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from parvis.directory.importers.betagouv.values import Reader
from parvis.directory.importers.findings import Kind

RANKS = {
    "investigation": 1,
    "construction": 2,
    "acceleration": 3,
    "consolidation": 4,
    "opere": 5,
    "transfere": 6,
    "abandon-investigation": 7,
    "abandon": 8,
}
STOPPED = {"abandon-investigation", "abandon"}
_OLD = {"transfer": "consolidation", "perennisation": "consolidation", "success": "transfere", "death": "abandon"}
_LEFT = STOPPED | {"transfere"}


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase that could be read."""

    name: str
    start: date
    end: date | None
    field: str


def closed_on(reader: Reader, today: date) -> date | None:
    """Return the day the product stopped, or None while it lives, is operated or was transferred."""
    phases = _sorted(reader, _read(reader))
    _note_ends(reader, phases)
    past = [phase for phase in phases if phase.start <= today]
    for phase in phases[len(past) :]:
        reader.note(Kind.PHASE_FUTURE, phase.field, was=f"{phase.name} {phase.start}", done="does not count yet")
    if not past:
        return None
    last = past[-1]
    if last.name in STOPPED:
        _note_later_events(reader, last.start)
        return last.start
    if last.end and last is phases[-1] and last.name not in _LEFT:
        reader.note(Kind.PHASE_LAST_ENDED, f"{last.field}.end", was=last.end.isoformat(), done="stays active")
    return None


def _read(reader: Reader) -> list[Phase]:
    items = [(f"phases[{index}]", item) for index, item in enumerate(reader.items("phases"))]
    if not items and reader.document.fields.get("status"):
        items = [("status", from_product(reader))]
    phases: dict[str, Phase] = {}
    for field, item in items:
        phase = _phase(reader, field, item, investigated_only=set(phases) <= {"investigation"})
        if phase is None:
            continue
        if phase.name in phases:
            reader.note(Kind.PHASE_TWICE, field, was=phase.name, done="the first start counts")
            phase = min(phases[phase.name], phase, key=lambda one: one.start)
        phases[phase.name] = phase
    return list(phases.values())


def from_product(reader: Reader) -> dict[str, Any]:
    """Return the one phase that a product of before 2020 carries in its own fields."""
    fields = reader.document.fields
    names = [name for name in ("owner", "status", "start", "end") if name in fields]
    reader.note(Kind.FIELD_OLD, ", ".join(names), was=fields["status"])
    stopped = str(fields["status"]).lower() in {"death", *STOPPED}
    return {"name": fields["status"], "start": (stopped and fields.get("end")) or fields.get("start"), "end": None}


def _phase(reader: Reader, field: str, item: Any, *, investigated_only: bool) -> Phase | None:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        reader.note(Kind.PHASE_INVALID, field, was=item)
        return None
    name = today_name(item["name"], investigated_only=investigated_only)
    if name not in RANKS:
        reader.note(Kind.VALUE_UNKNOWN, f"{field}.name", was=item["name"], done="a phase of an active product")
    elif name != item["name"]:
        reader.note(Kind.STATUS_OLD, f"{field}.name", was=item["name"], done=name)
    start, end = reader.day(item.get("start"), f"{field}.start"), reader.day(item.get("end"), f"{field}.end")
    if start is None:
        kind = Kind.CLOSING_DATE_MISSING if name in STOPPED else Kind.PHASE_START_MISSING
        reader.note(kind, f"{field}.start", was=name)
        return None
    if "end" in item and item["end"] is None and field != "status":
        reader.note(Kind.PHASE_END_NULL, f"{field}.end", was=name)
    if end and end < start:
        reader.note(Kind.PHASE_END_BEFORE_START, f"{field}.end", was=f"{start} – {end}", done="ignored")
        end = None
    return Phase(name, start, end, field)


def today_name(written: str, *, investigated_only: bool) -> str:
    """Return today's name of a phase; `investigated_only`: whether no other phase than investigation came before."""
    name = written.strip().lower()
    if name == "alumni":
        name = "abandon-investigation" if investigated_only else "abandon"
    return _OLD.get(name, name)


def _sorted(reader: Reader, phases: list[Phase]) -> list[Phase]:
    result = sorted(phases, key=lambda phase: (phase.start, RANKS.get(phase.name, 0)))
    starts = [phase.start for phase in phases]
    if starts != sorted(starts):
        reader.note(Kind.PHASE_ORDER, "phases", was=", ".join(phase.name for phase in phases), done="sorted by start")
    for earlier, later in pairwise(result):
        if earlier.start == later.start:
            done = f"{earlier.name}, then {later.name}"
            reader.note(Kind.PHASE_SAME_START, later.field, was=later.start.isoformat(), done=done)
    return result


def _note_ends(reader: Reader, phases: list[Phase]) -> None:
    for phase, following in pairwise(phases):
        done = f"ends when {following.name} starts, {following.start}"
        if phase.end is None:
            reader.note(Kind.PHASE_END_MISSING, f"{phase.field}.end", was=phase.name, done=done)
        elif phase.end != following.start:
            kind = Kind.PHASE_GAP if phase.end < following.start else Kind.PHASE_OVERLAP
            reader.note(kind, f"{phase.field}.end", was=phase.end.isoformat(), done=done)


def _note_later_events(reader: Reader, stopped_on: date) -> None:
    for index, event in enumerate(reader.items("events")):
        day = reader.day(event.get("date"), f"events[{index}].date") if isinstance(event, dict) else None
        if day and day > stopped_on:
            reader.note(Kind.EVENT_AFTER_STOP, f"events[{index}]", was=day.isoformat(), done=f"stopped {stopped_on}")
