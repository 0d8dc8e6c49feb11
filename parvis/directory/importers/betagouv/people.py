"""People and their missions to what is wanted: a person, their teams and their employers, by dates."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from parvis.directory.importers.betagouv.references import References
from parvis.directory.importers.betagouv.values import Reader, person_name
from parvis.directory.importers.findings import Kind
from parvis.directory.importers.wanted import Becomes, Interval, Wanted, before_closing, merged

_STATUSES = {"independent", "admin", "service"}
_OLD_STATUSES = {"dinsic": "admin", "dinum": "admin"}


def person(reader: Reader, known: References) -> Wanted:
    """Return a person and their places; what else the source says of them stays in the source record."""
    document = reader.document
    full = reader.name("fullname", 300)
    given, family = person_name(full)
    places: dict[str, list[Interval]] = defaultdict(list)
    for mission in _missions(reader):
        for ref in mission.places(reader, known):
            if days := _while_it_lived(reader, mission, ref, known):
                places[ref].append(days)
    _note_other_links(reader, known, set(places))
    values = {
        "given_name": given[:150],
        "family_name": family[:150],
        "display_name": "" if f"{given} {family}".strip() == full else full,
        "job_title": reader.text("role", 200),
    }
    held = {ref: _merged(reader, ref, intervals) for ref, intervals in sorted(places.items())}
    return Wanted(
        Becomes.PERSON, document.collection, document.key, document.file, values, document.fields, document.body, held
    )


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission that could be read."""

    interval: Interval
    employer: str
    path: str
    products: list[str]

    def places(self, reader: Reader, known: References) -> list[str]:
        """Return the teams it names, and the organisation when the employer's text truly is one's name."""
        found = {known.product(reader, name, f"{self.path}startups") for name in self.products}
        refs = [f"startups/{key}" for key in sorted(key for key in found if key)]
        employer = known.employer(reader, self.employer, f"{self.path}employer") if self.employer else None
        return [*refs, f"organisations/{employer}"] if employer else refs


def _while_it_lived(reader: Reader, mission: Mission, ref: str, known: References) -> Interval | None:
    """Return the days of a mission before its product stopped: nobody belongs to the team of a stopped product."""
    stopped = known.stopped.get(ref.removeprefix("startups/")) if ref.startswith("startups/") else None
    held = before_closing(mission.interval, stopped)
    if held != mission.interval:
        done = f"until {held[1]}" if held else "no membership"
        reader.note(Kind.MISSION_AFTER_STOP, f"{mission.path}end", was=f"{ref} stopped {stopped}", done=done)
    return held


def _missions(reader: Reader) -> list[Mission]:
    fields = reader.document.fields
    items = [(f"missions[{index}].", item) for index, item in enumerate(reader.items("missions"))]
    if not items and fields.get("start"):
        reader.note(Kind.FIELD_OLD, "start, end, status", was=fields["start"], done="read as one mission")
        items = [("", fields)]
    if not items:
        reader.note(Kind.NO_MISSION, "missions")
    found = [_mission(reader, path, item) for path, item in items]
    return [mission for mission in found if mission]


def _mission(reader: Reader, path: str, item: Any) -> Mission | None:
    if not isinstance(item, dict):
        reader.note(Kind.MISSION_INVALID, path.rstrip("."), was=item)
        return None
    _note_status(reader, path, item.get("status"))
    start, end = reader.day(item.get("start"), f"{path}start"), reader.day(item.get("end"), f"{path}end")
    if start is None:
        reader.note(Kind.MISSION_START_MISSING, f"{path}start", was=item.get("start"))
        return None
    if end is None:
        reader.note(Kind.MISSION_END_MISSING, f"{path}end", was=item.get("end"), done="lasts")
    elif end < start:
        reader.note(Kind.MISSION_END_BEFORE_START, f"{path}end", was=f"{start} – {end}", done=start.isoformat())
        end = start
    employer = item.get("employer")
    products = item.get("startups") or []
    listed = products if isinstance(products, list) else [products]
    names = [reader.reference(value, f"{path}startups[{index}]") for index, value in enumerate(listed)]
    return Mission((start, end), employer if isinstance(employer, str) else "", path, [name for name in names if name])


def _note_status(reader: Reader, path: str, status: Any) -> None:
    if status is None or (isinstance(status, str) and status in _STATUSES):
        return
    if isinstance(status, str) and (today := _OLD_STATUSES.get(status.lower()) or status.lower()) in _STATUSES:
        reader.note(Kind.STATUS_OLD, f"{path}status", was=status, done=today)
    else:
        reader.note(Kind.VALUE_UNKNOWN, f"{path}status", was=status, done="not used")


def _note_other_links(reader: Reader, known: References, places: set[str]) -> None:
    """Note what a person names outside missions: without dates it gives no membership."""
    fields = reader.document.fields
    incubator = reader.reference(fields.get("incubator"), "incubator")
    if incubator and incubator not in known.incubators:
        reader.note(Kind.UNKNOWN_INCUBATOR, "incubator", was=incubator, done="kept in the source record")
    for name in ("startups", "previously"):
        if fields.get(name) is None or (name == "startups" and fields.get("start")):
            continue
        for product in reader.references(name):
            key = known.product(reader, product, name)
            if key and name == "startups" and f"startups/{key}" not in places:
                reader.note(Kind.LINK_UNDATED, name, was=product, done="no membership")


def _merged(reader: Reader, ref: str, intervals: list[Interval]) -> list[Interval]:
    result = merged(intervals)
    if len(result) < len(intervals):
        shown = ", ".join(f"{start} – {end or '…'}" for start, end in result)
        reader.note(Kind.MISSIONS_MERGED, "missions", was=f"{len(intervals)} missions in {ref}", done=shown)
    return result
