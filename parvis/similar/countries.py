"""How the countries of the services are called: those whose catalogues use the formats read here, and others."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "AT": _("Austria"), "AU": _("Australia"), "BE": _("Belgium"), "BG": _("Bulgaria"), "BR": _("Brazil"),
    "CA": _("Canada"), "CH": _("Switzerland"), "CY": _("Cyprus"), "CZ": _("Czechia"), "DE": _("Germany"),
    "DK": _("Denmark"), "EE": _("Estonia"), "ES": _("Spain"), "EU": _("European Union"), "FI": _("Finland"),
    "FR": _("France"), "GB": _("United Kingdom"), "GR": _("Greece"), "HR": _("Croatia"), "HU": _("Hungary"),
    "IE": _("Ireland"), "IN": _("India"), "IS": _("Iceland"), "IT": _("Italy"), "LT": _("Lithuania"),
    "LU": _("Luxembourg"), "LV": _("Latvia"), "MT": _("Malta"), "NL": _("Netherlands"), "NO": _("Norway"),
    "NZ": _("New Zealand"), "PL": _("Poland"), "PT": _("Portugal"), "RO": _("Romania"), "SE": _("Sweden"),
    "SI": _("Slovenia"), "SK": _("Slovakia"), "UA": _("Ukraine"), "US": _("United States"), "UY": _("Uruguay"),
}  # fmt: skip


def country_name(code: str) -> str:
    """Return a country's name in the reader's language, or its code."""
    return str(NAMES.get(code, code)) if code else str(_("Country not said"))
