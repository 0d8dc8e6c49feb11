"""`startups.json`, `startups.csv`, `incubators.json` and `/api/v3/startups/ID.json`."""

from datetime import date
from typing import Any
from uuid import UUID

from parvis.directory.models import SourceRecord
from parvis.opendata.betagouv import members
from parvis.opendata.betagouv.reading import Network, day, phase_name, phases_as_written, present
from parvis.opendata.sheets import harmless
from parvis.portfolio.models import Incubator, Product, Term

SITE = "https://beta.gouv.fr"
_KEPT = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_ENCODED = {byte: chr(byte) if byte in _KEPT else f"%{byte:02X}" for byte in range(256)}


def url_encoded(text: str) -> str:
    """Return a text as Ruby's `ERB::Util.url_encode` does: all but letters, digits and `_.-~`, at the speed of C."""
    return text.encode().decode("latin-1").translate(_ENCODED)


# --- startups.json ----------------------------------------------------------------------------------------------------
def startups(network: Network) -> dict[str, Any]:
    """Return every product, and beside them the incubators that are not hidden."""
    return {
        "links": {"self": f"{SITE}/startups"},
        "data": [_startup(network, product) for product in network.products],
        "included": [_included(network, incubator) for incubator in network.incubators],
    }


def _startup(network: Network, product: Product) -> dict[str, Any]:
    main, incubators = network.incubators_of.get(product.pk, ("", []))
    return {
        "id": product.key,
        "type": "startup",
        "attributes": _attributes(network, product),
        "relationships": {
            "incubator": {"data": {"type": "incubator", "id": main}},
            "incubators": {"data": [{"type": "incubator", "id": key} for key in incubators]},
        },
    }


def _attributes(network: Network, product: Product) -> dict[str, Any]:
    pk = product.pk
    told: dict[str, Any] = {"name": product.name, "pitch": product.mission, "stats_url": _stats(product)}
    told |= present({"budget_url": product.budget_url})
    told |= {"impact_url": product.impact_url, "link": product.website}
    told |= present({"repository": product.repository})
    told |= {
        "contact": network.contact_of(product),
        "content_url_encoded_markdown": url_encoded(product.description),
        "events": [
            {"name": event.kind, "date": day(event.on), "comment": "".join(event.comment.splitlines())}
            for event in network.events.get(pk, ())
        ],
        "phases": [
            {"name": phase_name(phase), "start": day(phase.start_on), "end": day(phase.end_on)}
            for phase in network.phases.get(pk, ())
        ],
        "sponsors": network.sponsors.get(pk, []),
        "thematiques": network.terms.get((pk, Term.Kind.THEME), []),
        "technos": network.terms.get((pk, Term.Kind.TECHNOLOGY), []),
    }
    return told | present(
        {
            "analyse_risques": "true" if product.has_risk_analysis else "",
            "analyse_risques_url": product.risk_analysis_url,
            "dashlord_url": product.dashlord_url,
            "accessibility_status": product.accessibility_status,
        }
    )


def _stats(product: Product) -> str:
    """Return the page of statistics: what is said to exist without an address is supposed to be at `/stats`."""
    return product.stats_url or (f"{product.website}/stats" if product.has_stats else "")


def owner_of(incubator: Incubator) -> str:
    """Return the path of the owner as the source writes it."""
    key = incubator.owner_raw or (incubator.owner.slug if incubator.owner else "")
    return f"/organisations/{key.removeprefix('/organisations/')}" if key else ""


def _included(network: Network, incubator: Incubator) -> dict[str, Any]:
    return {
        "id": incubator.key,
        "type": "incubator",
        "attributes": {
            "title": incubator.name,
            "owner": owner_of(incubator),
            "website": incubator.website,
            "github": incubator.github,
            "contact": network.contact_of(incubator),
        },
    }


# --- startups.csv -----------------------------------------------------------------------------------------------------
_HEADER = "id;name;mission;start;status;incubator;stats;link;repository;accessibility;contact;incubators"


def startups_csv(network: Network) -> str:
    """Return the products as a table: the phase is the last-listed one, as consumers of this file know it."""
    rows = "".join(f"{_csv_row(network, product)}\n" for product in network.products)
    return f"{_HEADER}\n\n{rows}\n"


def _csv_row(network: Network, product: Product) -> str:
    phases = network.phases.get(product.pk, [])
    main, incubators = network.incubators_of.get(product.pk, ("", []))
    return ";".join(
        [
            _bare(product.key),
            _quoted(product.name),
            _quoted(product.mission),
            day(phases[0].start_on) if phases else "",
            _bare(phase_name(phases[-1]) if phases else ""),
            _bare(main),
            _bare(product.stats_url or "null"),
            _bare(product.website),
            _bare(product.repository or "null"),
            _quoted(product.accessibility_status),
            _bare(network.contact_of(product)),
            _quoted(",".join(incubators)),
        ]
    )


def _quoted(text: str) -> str:
    safe = harmless(text).replace('"', '""')
    return f'"{safe}"'


def _bare(text: str) -> str:
    """Return a cell without quotes, as long as it needs none."""
    return _quoted(text) if any(mark in text for mark in ';"\r\n') else harmless(text)


# --- incubators.json --------------------------------------------------------------------------------------------------
def incubators(network: Network) -> dict[str, Any]:
    """Return incubators by id with their products; of a hidden one only the products, which stay public."""
    result: dict[str, Any] = {}
    for product in network.products:
        for key in network.incubators_of.get(product.pk, ("", []))[1]:
            result.setdefault(key, {"startups": []})["startups"].append(
                {
                    "id": product.key,
                    "name": product.name,
                    "pitch": product.mission,
                    "repository": product.repository or None,
                    "contact": network.contact_of(product),
                    "phases": phases_as_written(network.phases.get(product.pk, ())),
                }
            )
    for incubator in network.incubators:
        result.setdefault(incubator.key, {}).update(
            title=incubator.name,
            owner=owner_of(incubator) or None,
            contact=network.contact_of(incubator),
            address=incubator.address or None,
            website=incubator.website or None,
            github=incubator.github or None,
        )
    return result


# --- /api/v3/startups/ID.json -----------------------------------------------------------------------------------------
def startup(network: Network, product: Product, today: date) -> dict[str, Any]:
    """Return one product. A field that its source leaves out is left out here too; an empty one stays."""
    pk = product.pk
    main, incubators_listed = network.incubators_of.get(pk, ("", []))
    values: dict[str, Any] = {
        "repository": product.repository,
        "contact": network.contact_of(product),
        "phases": phases_as_written(network.phases.get(pk, ())),
        "mission": product.mission,
        "link": product.website,
        "incubator": main,
        "accessibility_status": product.accessibility_status,
        "stats_url": product.stats_url,
        "budget_url": product.budget_url,
        "impact_url": product.impact_url,
        "dashlord_url": product.dashlord_url,
        "redirect_from": product.redirect_from,
        "usertypes": network.terms.get((pk, Term.Kind.USER_TYPE), []),
        "techno": network.terms.get((pk, Term.Kind.TECHNOLOGY), []),
        "mon_service_securise": product.uses_mon_service_securise,
    }
    written = _fields_written(product.group_id)
    active, previous = members.of_product(network, product.key, today)
    return {
        "name": product.name,
        **{name: value for name, value in values.items() if value not in ("", None, []) or name in written},
        "incubators": incubators_listed,
        "active_members": active,
        "previous_members": previous,
        "content": product.description,
    }


def _fields_written(group: UUID | None) -> set[str]:
    """Return the fields that the product's source gives, empty ones too."""
    record = SourceRecord.objects.filter(source="betagouv", collection="startups", group=group).values("fields").first()
    return set(record["fields"]) if record and group else {"contact", "phases", "mission", "link"}
