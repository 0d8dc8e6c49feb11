"""What search engines read of a product's page: schema.org, as JSON-LD.

The page holds it in a `<script type="application/ld+json">`: a data block, which no browser runs, so the policy that
forbids inline scripts has nothing to say about it (HTML, "prepare the script element": an unknown type ends there,
before the Content Security Policy is asked). `as_script_text` spares what would end the element early.
"""

import json
from typing import Any

from parvis.opendata import addresses
from parvis.portfolio.models import Product, ProductIncubator, Sponsorship
from parvis.portfolio.policies import Viewer, can_see_incubator

CONTENT_TYPE = "application/ld+json; charset=utf-8"
_SPARED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def product(row: Product, viewer: Viewer = None) -> dict[str, Any]:
    """Return a product as a GovernmentService, with its code as SoftwareSourceCode when it is open."""
    page = addresses.product_page(row)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "@id": page,
        "name": row.name,
        "description": row.mission,
        "url": row.website or page,
        "mainEntityOfPage": page,
        "dateModified": row.updated_at.isoformat(),
    }
    incubators = (
        ProductIncubator.objects.filter(product=row).select_related("incubator").order_by("-is_main", "position")
    )
    seen = [link.incubator for link in incubators if link.incubator and can_see_incubator(viewer, link.incubator)]
    if seen:
        told["provider"] = [
            {"@type": "GovernmentOrganization", "name": one.name, "url": addresses.incubator_page(one)} for one in seen
        ]
    sponsors = Sponsorship.objects.filter(product=row, organization__isnull=False).order_by("position")
    if names := list(sponsors.values_list("organization__name", flat=True)):
        told["sponsor"] = [{"@type": "GovernmentOrganization", "name": name} for name in dict.fromkeys(names)]
    if row.repository:
        told["subjectOf"] = {"@type": "SoftwareSourceCode", "codeRepository": row.repository, "name": row.name}
    return told


def as_script_text(document: dict[str, Any]) -> str:
    """Return JSON that may stand inside a script element."""
    return json.dumps(document, ensure_ascii=False).translate(_SPARED)
