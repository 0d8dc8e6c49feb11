"""Where each document is, always from the configured address of this installation."""

from urllib.parse import urlencode

from django.conf import settings

from parvis.directory.models import Organization
from parvis.lib.urls import absolute
from parvis.portfolio.models import Incubator, Product


def product_page(product: Product) -> str:
    """Return the address of a product's page."""
    return f"{settings.ISSUER}{product.get_absolute_url()}"


def incubator_page(incubator: Incubator) -> str:
    """Return the address of an incubator's page."""
    return f"{settings.ISSUER}{incubator.get_absolute_url()}"


def organization_page(organization: Organization) -> str:
    """Return the address of an organisation's page."""
    return f"{settings.ISSUER}{organization.get_absolute_url()}"


def changes_feed(query: str = "") -> str:
    """Return the address of the feed of changes, of what a query string of the explore page finds."""
    return absolute("opendata:changes", query=query)


def committees_calendar(incubator: str = "") -> str:
    """Return the address of the calendar of committees, of one incubator or of all."""
    return absolute("opendata:committees", query=urlencode({"incubator": incubator}) if incubator else "")
