"""`publiccode.yml` of a product whose code is open: what other countries' catalogues read (publiccode.yml 0.7).

The file is a proposal that the team may put in its repository. What the portfolio does not know is said to be unknown
rather than guessed: the licence, which the standard demands, is `LicenseRef-not-declared`, a valid SPDX expression.
"""

from typing import Any

import yaml
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from parvis.opendata import addresses
from parvis.portfolio.models import STOPPED, PersonCard, PhaseName, Product
from parvis.portfolio.policies import Viewer

CONTENT_TYPE = "application/yaml; charset=utf-8"
VERSION = "0.7"
UNKNOWN_LICENSE = "LicenseRef-not-declared"
_SHORT, _LONG_ENOUGH, _TOO_LONG = 150, 150, 10_000
_CONTACTS = 5
_STATUS = {
    "": "concept",
    PhaseName.INVESTIGATION: "concept",
    PhaseName.CONSTRUCTION: "development",
    PhaseName.ACCELERATION: "beta",
    PhaseName.CONSOLIDATION: "stable",
    PhaseName.OPERATED: "stable",
    PhaseName.TRANSFERRED: "stable",
    PhaseName.INVESTIGATION_STOPPED: "obsolete",
    PhaseName.STOPPED: "obsolete",
}
"""The development status that a phase amounts to."""


def document(product: Product, viewer: Viewer = None) -> str:
    """Return the file of a product that has a repository."""
    told: dict[str, Any] = {
        "publiccodeYmlVersion": VERSION,
        "name": product.name,
        "url": product.repository,
        **({"landingURL": product.website} if product.website else {}),
        "platforms": ["web"],
        "developmentStatus": _STATUS[product.current_phase],
        "softwareType": "standalone/web",
        "description": _descriptions(product),
        "legal": {"license": UNKNOWN_LICENSE},
        "maintenance": _maintenance(product, viewer),
        "localisation": {"localisationReady": False, "availableLanguages": [product.original_language]},
    }
    owner = _organisation(product)
    if owner:
        told["organisation"] = owner
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=100)
    return text


def _descriptions(product: Product) -> dict[str, Any]:
    """Return the description in the product's own language, and in English when somebody wrote it."""
    own = [product.problem_original, product.solution_original, product.description]
    found = {product.original_language: _description(product, own, product.original_language)}
    if product.original_language != "en" and (product.problem_en or product.solution_en):
        found["en"] = _description(product, [product.problem_en, product.solution_en], "en")
    return found


def _description(product: Product, texts: list[str], language: str) -> dict[str, Any]:
    summary = product.mission.strip() or product.name
    if language != product.original_language:
        summary = next((text.strip() for text in reversed(texts) if text.strip()), summary)
    long = "\n\n".join(dict.fromkeys(text.strip() for text in (summary, *texts) if text.strip()))
    if len(long) < _LONG_ENOUGH:
        with translation.override(language):
            long = f"{long}\n\n{_where_it_comes_from(product)}"
    return {
        "shortDescription": Truncator(summary).chars(_SHORT),
        "longDescription": Truncator(long).chars(_TOO_LONG),
        "features": [Truncator(summary).chars(_SHORT)],
    }


def _where_it_comes_from(product: Product) -> str:
    return _(
        "This description comes from the portfolio of the network that the product belongs to: %(page)s. Its team can "
        "say more there about the problem, the solution, and what users can do with it."
    ) % {"page": addresses.product_page(product)}


def _maintenance(product: Product, viewer: Viewer) -> dict[str, Any]:
    """Return who maintains the code: the people of the team who are named publicly, never how to reach them."""
    if product.current_phase in STOPPED:
        return {"type": "none"}
    team = PersonCard.objects.visible_to(viewer).filter(user__in=product.team()).select_related("user")
    names = [card.user.name for card in team.order_by("user__sort_key", "id")[:_CONTACTS]]
    return {"type": "internal", "contacts": [{"name": name} for name in names or [product.name]]}


def _organisation(product: Product) -> dict[str, str]:
    link = product.sponsorships.filter(organization__isnull=False).select_related("organization").first()
    if link is None or link.organization is None:
        return {}
    organization = link.organization
    page = addresses.organization_page(organization)
    return {"uri": organization.website or page, "name": organization.name}
