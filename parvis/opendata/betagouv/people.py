"""`authors.json`, `organisations.json` and `sponsors.json`."""

import re
from typing import Any

from parvis.opendata.betagouv.reading import MissionRow, Network, OrganisationRow, Person, day
from parvis.web.markdown import to_html

_TAG = re.compile(r"<[^>]*>")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escaped(text: str) -> str:
    """Return a text as Liquid's `escape` filter does."""
    return text.translate(_ESCAPES)


def authors(network: Network) -> list[dict[str, Any]]:
    """Return everyone who did not ask to disappear, with all their missions."""
    return [_author(person, network.missions.get(person.user, [])) for person in network.people]


def _author(person: Person, missions: list[MissionRow]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": person.key,
        "fullname": person.name,
        "role": escaped(person.role),
        "domaine": escaped(person.domain),
        "link": escaped(person.link),
        "bio": _TAG.sub("", to_html(person.bio)).strip() if person.bio else "",
    }
    if person.github:
        told["github"] = person.github
    told["missions"] = [_mission(mission) for mission in missions]
    lists = {"competences": person.skills, "startups": person.startups, "previously": person.previously}
    return told | {name: values for name, values in lists.items() if values}


def _mission(mission: MissionRow) -> dict[str, Any]:
    told: dict[str, Any] = {
        "start": day(mission.start),
        "end": day(mission.end),
        "status": mission.status,
        "employer": mission.employer,
    }
    return told | ({"startups": mission.startups} if mission.startups else {})


def organisations(rows: list[OrganisationRow]) -> list[dict[str, str]]:
    """Return the organisations as a list."""
    return [
        {
            "id": row.key,
            "name": escaped(row.name),
            "acronym": escaped(row.acronym),
            "domaine_ministeriel": escaped(row.ministry),
            "type": escaped(row.kind),
        }
        for row in rows
    ]


def sponsors(rows: list[OrganisationRow]) -> dict[str, dict[str, str | None]]:
    """Return the same by id; here nothing is escaped, and what is missing is null."""
    return {
        row.key: {
            "name": row.name,
            "acronym": row.acronym or None,
            "domaine_ministeriel": row.ministry or None,
            "type": row.kind,
        }
        for row in rows
    }
