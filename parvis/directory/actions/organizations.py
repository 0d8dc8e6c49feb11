"""Organisations and the people who belong to them."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.actions.files import replace_file
from parvis.directory.actions.memberships import end_place, overlapping
from parvis.directory.actions.naming import free_slug, insert_once
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Organization, OrganizationMembership, RegistryIdentifier, User
from parvis.directory.models.dated import warning_already_given
from parvis.lib.ids import uuid7
from parvis.lib.images import fitted_logo

EDITABLE = {"name", "acronym", "kind", "parent", "country", "website"}


@transaction.atomic
def create_organization(
    *,
    by: User | None,
    name: str,
    slug: str = "",
    identifiers: Iterable[tuple[str, str]] = (),
    id: UUID | None = None,  # noqa: A002 - the column's own name
    **fields: Any,
) -> Organization:
    """Create an organisation with its official numbers; a second call with the same `id` returns the first's."""
    existing: Organization | None = Organization.objects.filter(pk=id).first() if id is not None else None
    if existing:
        return existing
    organization = Organization(pk=id or uuid7(), slug=slug or free_slug(Organization, name), name=name, **fields)
    organization.full_clean(exclude=["id", "slug"])
    organization, is_new = insert_once(organization)
    if not is_new:
        return organization
    record(tag=Tag.ORGANIZATION_CREATED, by=by, target=organization, organization=organization, name=organization.name)
    _set_identifiers(organization, dict(identifiers))
    return organization


@transaction.atomic
def edit_organization(
    *,
    by: User | None,
    organization: Organization,
    identifiers: Iterable[tuple[str, str]] | None = None,
    logo: UploadedFile | None = None,
    without_logo: bool = False,
    **changes: Any,
) -> Organization:
    """Change fields, official numbers or logo; the journal names what changed. Raises UnreadableImageError."""
    unknown = changes.keys() - EDITABLE
    if unknown:
        raise TypeError(f"not editable here: {unknown}")
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    changed = sorted(field for field, value in changes.items() if getattr(organization, field) != value)
    for field in changed:
        setattr(organization, field, changes[field])
    if logo is not None or (without_logo and organization.logo):
        replace_file(organization, "logo", fitted_logo(logo) if logo is not None else None, "png")
        changed.append("logo")
    if identifiers is not None and _set_identifiers(organization, dict(identifiers)):
        changed.append("identifiers")
    if changed:
        organization.full_clean()
        organization.save()
        record(tag=Tag.ORGANIZATION_EDITED, by=by, target=organization, organization=organization, fields=changed)
    return organization


def _set_identifiers(organization: Organization, wanted: dict[str, str]) -> bool:
    """Set the number of each named register; an empty one is removed. Return whether anything changed."""
    changed = False
    for scheme, value in wanted.items():
        existing = organization.identifiers.filter(scheme=scheme).first()
        if not value:
            changed |= existing is not None
            organization.identifiers.filter(scheme=scheme).delete()
            continue
        identifier = existing or RegistryIdentifier(organization=organization, scheme=scheme)
        before, identifier.value = identifier.value, value
        identifier.full_clean()
        if identifier.value != before:
            identifier.save()
            changed = True
    return changed


@transaction.atomic
def add_organization_member(
    *,
    by: User | None,
    organization: Organization,
    user: User,
    job_title: str = "",
    role: str = OrganizationMembership.Role.MEMBER,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> OrganizationMembership:
    """Write that a person belongs to an organisation. The very same membership asked twice is made once."""
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if not user.is_active:
        raise DirectoryError(_("This account is not active."))
    membership = OrganizationMembership(
        organization=organization,
        user=user,
        job_title=job_title,
        role=role,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        warned_at_days=warning_already_given(ends_on),
    )
    same = {name: getattr(membership, name) for name in ("organization", "user", "role", "starts_on", "ends_on")}
    if existing := OrganizationMembership.objects.filter(**same).select_related("organization", "user").first():
        return existing
    _refuse_overlap(membership)
    membership.full_clean()
    membership.save(force_insert=True)
    _tell(Tag.ORGANIZATION_MEMBER_ADDED, by, membership, role=membership.role)
    return membership


@transaction.atomic
def change_organization_member(
    *,
    by: User | None,
    membership: OrganizationMembership,
    job_title: str,
    role: str,
    starts_on: date,
    ends_on: date | None,
) -> OrganizationMembership:
    """Change job, role or dates."""
    membership = _lock(membership)
    after = {"job_title": job_title, "role": role, "starts_on": starts_on, "ends_on": ends_on}
    changed = sorted(name for name, value in after.items() if getattr(membership, name) != value)
    if not changed:
        return membership
    for name in changed:
        setattr(membership, name, after[name])
    if "ends_on" in changed:
        membership.warned_at_days, membership.is_end_recorded = warning_already_given(ends_on), False
    _refuse_overlap(membership)
    membership.full_clean()
    membership.save()
    _tell(Tag.ORGANIZATION_MEMBER_CHANGED, by, membership, fields=changed)
    return membership


@transaction.atomic
def end_organization_member(*, by: User | None, membership: OrganizationMembership, because: str = "removed") -> None:
    """End a place now: its last day was yesterday. One that began today or later leaves no row but its events."""
    membership = _lock(membership)
    end_place(membership, lambda: _tell(Tag.ORGANIZATION_MEMBER_REMOVED, by, membership, because=because))


def _lock(membership: OrganizationMembership) -> OrganizationMembership:
    Organization.objects.select_for_update().get(pk=membership.organization_id)
    return OrganizationMembership.objects.select_related("organization", "user").get(pk=membership.pk)


def _refuse_overlap(membership: OrganizationMembership) -> None:
    others = OrganizationMembership.objects.filter(
        organization_id=membership.organization_id, user_id=membership.user_id
    )
    if others.filter(overlapping(membership)).exclude(pk=membership.pk).exists():
        raise DirectoryError(
            _("This person already belongs to the organisation at these dates: change that entry instead.")
        )


def _tell(tag: Tag, by: User | None, membership: OrganizationMembership, **data: object) -> None:
    organization = membership.organization
    record(tag=tag, by=by, target=organization, person=membership.user, organization=organization, **data)
