"""Organisations, their numbers, domains and people."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.directory import actions
from parvis.directory.admin.base import ActionAdmin, ReadOnlyInline, SearchableAdmin
from parvis.directory.models import EmailDomain, Organization, OrganizationMembership, RegistryIdentifier, User


class IdentifierInline(ReadOnlyInline):
    """Official numbers."""

    model = RegistryIdentifier
    fields = ("scheme", "value")
    readonly_fields = fields
    show_change_link = False


class DomainInline(ReadOnlyInline):
    """E-mail domains."""

    model = EmailDomain
    fields = ("domain", "proof", "verified_at")
    readonly_fields = fields


@admin.register(Organization)
class OrganizationAdmin(SearchableAdmin):
    """What organisations are, and where they stand. Official numbers and the logo are edited on the pages."""

    list_display = ("name", "acronym", "kind", "parent", "country")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)
    fields = ("name", "acronym", "kind", "parent", "country", "website")
    inlines = (IdentifierInline, DomainInline)

    def create(self, by: User, obj: Organization, form: "ModelForm[Any]") -> None:
        """Create the organisation."""
        actions.create_organization(by=by, id=obj.pk, **form.cleaned_data)
        obj.refresh_from_db()

    def change(self, by: User, obj: Organization, changes: dict[str, Any]) -> None:
        """Edit the organisation."""
        actions.edit_organization(by=by, organization=obj, **changes)


@admin.register(EmailDomain)
class EmailDomainAdmin(ActionAdmin):
    """Domains: set by the operator, whose word is the proof, or removed."""

    list_display = ("domain", "organization", "proof", "verified_at")
    list_filter = ("proof",)
    list_select_related = ("organization",)
    search_fields = ("domain",)
    autocomplete_fields = ("organization",)
    fields = ("organization", "domain")

    def has_change_permission(self, _request: HttpRequest, _obj: EmailDomain | None = None) -> bool:
        """Refuse: remove it and set another."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: EmailDomain | None = None) -> bool:
        """Let operators remove a domain: the journal keeps that it was there."""
        return bool(request.user.is_staff)

    def create(self, by: User, obj: EmailDomain, form: "ModelForm[Any]") -> None:
        """Set the domain."""
        data = form.cleaned_data
        obj.pk = actions.set_domain(by=by, organization=data["organization"], domain=data["domain"]).pk

    def delete_model(self, request: HttpRequest, obj: EmailDomain) -> None:
        """Remove the domain."""
        actions.remove_domain(by=cast("User", request.user), domain=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EmailDomain]) -> None:
        """Remove the chosen domains."""
        for domain in queryset:
            self.delete_model(request, domain)

    def log_deletions(self, *_args: Any) -> None:  # type: ignore[override] # nothing is kept
        """Leave it to the journal."""


@admin.register(OrganizationMembership)
class OrganizationMembershipAdmin(ActionAdmin):
    """Who belongs to which organisation."""

    list_display = ("user", "organization", "job_title", "role", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "organization")
    search_fields = ("user__search_text", "organization__search_text")
    search_help_text = _("Names in lower case, without accents.")
    autocomplete_fields = ("user", "organization")
    fields = ("user", "organization", "job_title", "role", "starts_on", "ends_on")

    def get_readonly_fields(self, _request: HttpRequest, obj: OrganizationMembership | None = None) -> tuple[str, ...]:
        """Keep who and where once it exists."""
        return ("user", "organization") if obj else ()

    def create(self, by: User, obj: OrganizationMembership, form: "ModelForm[Any]") -> None:
        """Add the person."""
        obj.pk = actions.add_organization_member(by=by, **form.cleaned_data).pk

    def change(self, by: User, obj: OrganizationMembership, changes: dict[str, Any]) -> None:
        """Change job, role or dates."""
        kept = {name: getattr(obj, name) for name in ("job_title", "role", "starts_on", "ends_on")}
        actions.change_organization_member(by=by, membership=obj, **(kept | changes))
