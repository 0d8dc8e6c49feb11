"""Who is and was in each product, by the rules of each file, which differ."""

from datetime import date
from typing import Any

from parvis.opendata.betagouv.reading import MissionRow, Network, Person, phases_as_written


def startups_details(network: Network, today: date) -> dict[str, Any]:
    """Return products by id with the ids of their people: at work, ended, and linked in the old way.

    The file is made person by person, so the first products in it are those of the first person.
    """
    result: dict[str, dict[str, Any]] = {}
    for person in network.people:
        for name, key in _links(person, network.missions.get(person.user, []), today):
            people = result.setdefault(key, _nobody())[name]
            people[person.key] = None
    known = set(network.keys.values())
    result = {
        key: {name: list(people) for name, people in told.items()} for key, told in result.items() if key in known
    }
    for product in network.products:
        told = result.setdefault(product.key, {name: [] for name in _nobody()})
        told |= {
            "id": product.key,
            "name": product.name,
            "repository": product.repository or None,
            "contact": network.contact_of(product),
            "phases": phases_as_written(network.phases.get(product.pk, ())),
        }
    return result


def _nobody() -> dict[str, Any]:
    """Return the three lists, empty: as maps, which keep the order and hold each person once."""
    return {"active_members": {}, "previous_members": {}, "expired_members": {}}


def _links(person: Person, missions: list[MissionRow], today: date) -> list[tuple[str, str]]:
    """Return (list, product) pairs in the order in which the file's template finds them."""
    last_end = missions[-1].end if missions else None
    has_left = last_end is not None and last_end <= today
    found = [("expired_members" if has_left else "active_members", key) for key in person.startups]
    found += [("previous_members", key) for key in person.previously]
    for mission in missions:
        if mission.end is None or (mission.start is not None and mission.start <= today <= mission.end):
            found += [("active_members", key) for key in mission.startups]
        elif mission.end <= today:
            found += [("expired_members", key) for key in mission.startups]
    return found


def of_product(network: Network, key: str, today: date) -> tuple[list[str], list[str]]:
    """Return the people of one product: those with a mission that has not ended, begun or not, then the others."""
    active, previous = [], []
    for person in network.people:
        missions = network.missions.get(person.user, [])
        ends = [mission.end for mission in missions if key in mission.startups]
        if key in person.startups or any(end is None or end >= today for end in ends):
            active.append(person.key)
        elif key in person.previously or ends:
            previous.append(person.key)
    return active, previous
