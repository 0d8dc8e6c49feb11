"""The scopes that applications may ask for, what each is called, and the claims that each gives."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.oidc.errors import ProtocolError

OPENID, OFFLINE_ACCESS = "openid", "offline_access"


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope: its name, what it shares in words that people understand, and its claims (all in userinfo)."""

    name: str
    label: str | Promise
    claims: tuple[str, ...] = ()


# OpenID Connect Core 1.0, section 5.4, then the scopes of the ProConnect contract, which give about one claim each.
# `offline_access` is accepted and changes nothing: a refresh token is always issued.
_TABLE = (
    Scope(OPENID, _("Your identifier"), ("sub",)),
    Scope(
        "profile",
        _("Your name, photo, language and time zone"),
        ("name", "given_name", "family_name", "picture", "locale", "zoneinfo", "updated_at"),
    ),
    Scope("email", _("Your main e-mail address"), ("email", "email_verified")),
    Scope("phone", _("Your phone number"), ("phone_number", "phone_number_verified")),
    Scope(OFFLINE_ACCESS, _("Staying connected for the day")),
    Scope("given_name", _("Your given name"), ("given_name",)),
    Scope("usual_name", _("Your family name"), ("usual_name",)),
    Scope("uid", _("Your identifier"), ("uid",)),
    Scope("siret", _("The SIRET number of your organisation"), ("siret", "siret_source")),
    Scope("siren", _("The SIREN number of your organisation"), ("siren",)),
    Scope("organization_label", _("The name of your organisation"), ("organization_label",)),
    Scope("organizational_unit", _("Your unit"), ("organizational_unit",)),
    Scope("belonging_population", _("Your kind of position"), ("belonging_population",)),
    Scope("idp_id", _("That you sign in with this service"), ("idp_id",)),
    Scope("idp_acr", _("How strongly you proved who you are"), ("idp_acr",)),
    Scope("roles", _("Whether your organisation is a public service"), ("roles",)),
    Scope("groups", _("The groups you belong to"), ("groups",)),
    Scope("custom", _("Other facts given by your organisation"), ("custom",)),
)
SCOPES: dict[str, Scope] = {scope.name: scope for scope in _TABLE}
KNOWN = frozenset(SCOPES)
# What they give depends on the organisation that the person acts for.
ABOUT_ORGANIZATION = frozenset({"siret", "siren", "organization_label", "organizational_unit", "roles"})
# What ProConnect gives to a new application, beside the standard profile.
DEFAULT_SCOPES = (
    "openid",
    "profile",
    "email",
    "phone",
    "offline_access",
    "given_name",
    "usual_name",
    "uid",
    "siret",
    "siren",
    "organization_label",
    "organizational_unit",
    "belonging_population",
    "idp_id",
    "idp_acr",
    "roles",
    "groups",
    "custom",
)
# What an application learns only when an operator has agreed: how to reach people, and with whom they work.
RESTRICTED = frozenset({"phone", "groups"})
SCOPES_OF_CLAIM: dict[str, frozenset[str]] = {
    claim: frozenset(scope.name for scope in _TABLE if claim in scope.claims)
    for claim in sorted({claim for scope in _TABLE for claim in scope.claims})
}


def granted(asked: Iterable[str], allowed: frozenset[str]) -> str:
    """Return the scope that an application gets: unknown names are ignored (Core, section 3.1.2.1).

    Raises ProtocolError for those that it may not ask for.
    """
    known = [name for name in dict.fromkeys(asked) if name in KNOWN]
    if beyond := [name for name in known if name not in allowed and name != OPENID]:
        raise ProtocolError("invalid_scope", f"This application may not ask for: {' '.join(beyond)}.")
    return " ".join(known)


def claims_of(scope: str) -> frozenset[str]:
    """Return the claims that a granted scope string gives."""
    return frozenset(claim for name in scope.split() if name in SCOPES for claim in SCOPES[name].claims)
