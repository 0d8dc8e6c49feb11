"""What the launcher and the catalogue read, with few statements: the launcher is on every page."""

from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When

from parvis.directory.models import GroupMembership, Organization, OrganizationMembership, User
from parvis.directory.models.group import groups_below
from parvis.directory.policies import is_member
from parvis.oidc.memory import Memory
from parvis.oidc.models import Revision
from parvis.suite import policies
from parvis.suite.models import Application, ApplicationQuerySet
from parvis.suite.policies import Viewer, organizations_above


def _clients_for_some() -> frozenset[UUID]:
    chosen = Application.objects.filter(audience=Application.Audience.CHOSEN, client__isnull=False)
    return frozenset(chosen.values_list("client_id", flat=True))


restricted_clients = Memory(Revision.CLIENTS, _clients_for_some)
"""The clients that are not for everyone, kept by each process: most sign-ins ask nothing of the database here."""


def may_enter(client_pk: UUID, user_id: UUID) -> bool:
    """Say whether the audience of an application lets a person sign in to it; the provider asks at each sign-in."""
    if client_pk not in restricted_clients.current():
        return True
    person = User.objects.active().filter(pk=user_id).first()
    return Application.objects.usable_by(person).filter(client_id=client_pk).exists()


def people_of(application: Application) -> QuerySet[User, Any]:
    """Return the identifiers of the people who may use an application that is not for everyone.

    It says for everybody at once what `policies.usable_applications` says for one person.
    """
    named = application.entitlements.all()
    teams = [one.group_id for one in named] + [application.owner_id]
    groups = groups_below(pk for pk in teams if pk is not None)
    organizations = policies.organizations_below(
        one.organization_id for one in named if one.organization_id is not None
    )
    in_groups = GroupMembership.objects.current().filter(group_id__in=groups)
    in_organizations = OrganizationMembership.objects.current().filter(organization_id__in=organizations)
    those = Q(pk__in=in_groups.values("user_id")) | Q(pk__in=in_organizations.values("user_id"))
    people: QuerySet[User, Any] = User.objects.active().filter(those).order_by().values("pk")
    return people


def audiences() -> dict[UUID, QuerySet[User, Any]]:
    """Return the people of each application that signs people in and is not for everyone."""
    chosen = Application.objects.open().filter(audience=Application.Audience.CHOSEN, client__isnull=False)
    return {one.client_id: people_of(one) for one in chosen.prefetch_related("entitlements") if one.client_id}


def with_pins(applications: ApplicationQuerySet, viewer: Viewer) -> ApplicationQuerySet:
    """Add `pinned_at`, the person's own order, null for what they did not pin."""
    if not is_member(viewer):
        return applications.annotate(pinned_at=Value(None, output_field=IntegerField()))
    own = FilteredRelation("pins", condition=Q(pins__user=viewer))
    return applications.annotate(own_pin=own, pinned_at=F("own_pin__position"))


def menu_of(viewer: Viewer) -> ApplicationQuerySet:
    """Return what a menu shows: what the person may use, pinned first; the public list when nobody is signed in."""
    usable = Application.objects.usable_by(viewer) if is_member(viewer) else Application.objects.on_public_list()
    return with_pins(usable.select_related("client"), viewer).order_by(
        F("pinned_at").asc(nulls_last=True), "sort_key", "id"
    )


def public_menu(organization: Organization | None) -> ApplicationQuerySet:
    """Return the public list and nothing else; the applications that an organisation may use come first in it.

    Naming an organisation orders the list and marks it with `is_subscribed`. It never adds an application: whoever
    asks is unknown, and that an organisation uses something is not for everyone to read.
    """
    listed = Application.objects.on_public_list()
    if organization is None:
        return listed
    named = Application.objects.filter(entitlements__organization__in=organizations_above([organization.pk]))
    may_use = Q(audience=Application.Audience.NETWORK) | Q(pk__in=named.values("pk"))
    subscribed = Case(When(may_use, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    return listed.annotate(is_subscribed=subscribed).order_by("-is_subscribed", "sort_key", "id")


def self_registered() -> ApplicationQuerySet:
    """Return the applications that registered themselves, the newest first, with who looks after each."""
    found = Application.objects.filter(client__registration_digest__gt="")
    return found.select_related("client", "owner").order_by("-created_at", "-id")
