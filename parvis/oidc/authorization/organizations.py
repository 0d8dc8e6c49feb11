"""For which organisation a person signs in to an application: one that they belong to today, and never a guess.

The organisation is fixed in the grant, so that two browsers, or two applications in one browser, each keep their own.
A person chooses when there are several and the application asks about it; their browser's session remembers the choice
for the applications that follow. An application may demand one organisation: by its registration, or in a request by
the essential claim `siret` with its value (OpenID Connect Core 1.0, section 5.5.1).
"""

from collections.abc import Iterable
from uuid import UUID

from parvis.directory.models import RegistryIdentifier
from parvis.lib import registry_numbers
from parvis.oidc.authorization.request import AuthorizationRequest, Refused
from parvis.oidc.scopes import ABOUT_ORGANIZATION
from parvis.oidc.store import BrowserSession


def choices(request: AuthorizationRequest, session: BrowserSession) -> frozenset[UUID]:
    """Return the organisations for which the person may sign in to this application."""
    demanded = request.organizations_demanded
    return session.organizations if demanded is None else session.organizations & demanded


def settled(request: AuthorizationRequest, session: BrowserSession) -> UUID | None:
    """Return the organisation to sign in for; None when there is none, or when it is to be chosen.

    Raises Refused when the application demands one that the person does not belong to.
    """
    possible = choices(request, session)
    if request.organizations_demanded is not None and not possible:
        raise Refused("access_denied", "This person does not belong to the organisation that is demanded.")
    if session.organization_id in possible:
        return session.organization_id
    return next(iter(possible)) if len(possible) == 1 else None


def is_to_be_chosen(request: AuthorizationRequest, session: BrowserSession) -> bool:
    """Say whether the person must choose: nothing is settled, and the application is to be told which it is."""
    return session.organization_id is None and may_choose(request, session)


def may_choose(request: AuthorizationRequest, session: BrowserSession) -> bool:
    """Say whether a choice would change what the application is told."""
    asks = bool(request.shared & ABOUT_ORGANIZATION) or request.organizations_demanded is not None
    return asks and len(choices(request, session)) > 1


def with_siret(numbers: Iterable[str]) -> frozenset[UUID]:
    """Return the organisations that have one of these SIRET numbers; what is none may hold what no table can."""
    found = list(filter(registry_numbers.is_siret, numbers))
    sirets = RegistryIdentifier.objects.filter(scheme=RegistryIdentifier.Scheme.SIRET, value__in=found)
    return frozenset(sirets.values_list("organization_id", flat=True))
