"""Policy areas, kinds of users and sources, as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AREAS: dict[str, Promise] = {
    "agriculture": _("Agriculture"), "culture": _("Culture"), "defence": _("Defence"), "education": _("Education"),
    "emergency-services": _("Emergency services"), "employment": _("Employment"), "energy": _("Energy"),
    "environment": _("Environment"), "finance-and-economic-development": _("Economy and finance"),
    "foreign-affairs": _("Foreign affairs"), "government": _("Government"), "healthcare": _("Health"),
    "infrastructures": _("Infrastructure"), "justice": _("Justice"), "local-authorities": _("Local authorities"),
    "manufacturing": _("Industry"), "research": _("Research"), "science-and-technology": _("Science and technology"),
    "security": _("Security"), "society": _("Society"), "sport": _("Sport"), "tourism": _("Tourism"),
    "transportation": _("Transport"), "welfare": _("Social affairs and housing"),
}  # fmt: skip

USERS: dict[str, Promise] = {
    "particulier": _("people"),
    "entreprise": _("companies"),
    "etablissement-scolaire": _("schools"),
    "etat": _("the State"),
    "collectivite-territoriale": _("local authorities"),
    "association": _("associations"),
    "autre": _("others"),
}

SOURCES: dict[str, str] = {"publiccode": "publiccode.yml", "govuk-services": "x-govuk"}


def named(keys: list[str], names: dict[str, Promise]) -> list[str]:
    """Return the labels of keys that have one."""
    return [str(names[key]) for key in keys if key in names]
