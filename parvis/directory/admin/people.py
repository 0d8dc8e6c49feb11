"""People and their addresses."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from parvis.directory import actions, policies
from parvis.directory.admin.base import ReadOnlyAdmin, ReadOnlyInline, SearchableAdmin
from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import Email, GroupMembership, OrganizationMembership, SourceRecord, User
from parvis.lib import email_address


class PersonForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """A new account, with an address that the operator vouches for."""

    confirmed_address = forms.CharField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("You vouch that this person reads it."),
    )

    class Meta:
        model = User
        fields = ("given_name", "family_name", "job_title", "language")

    def clean_confirmed_address(self) -> str:
        """Return the address as it is written to."""
        address = self.cleaned_data["confirmed_address"]
        return email_address.clean(address) if address else ""


class EmailInline(ReadOnlyInline):
    """Addresses."""

    model = Email
    fields = ("address", "verified_at", "is_primary")
    readonly_fields = fields


class OrganizationInline(ReadOnlyInline):
    """Places in organisations."""

    model = OrganizationMembership
    fields = ("organization", "job_title", "role", "starts_on", "ends_on")
    readonly_fields = fields


class GroupInline(ReadOnlyInline):
    """Places in groups."""

    model = GroupMembership
    fields = ("group", "role", "starts_on", "ends_on")
    readonly_fields = fields


@admin.register(User)
class UserAdmin(SearchableAdmin):
    """Accounts: profile, suspension, operator's role, erasure."""

    list_display = ("name", "job_title", "state", "is_operator", "created_at")
    list_filter = ("state", "is_operator")
    search_help_text = _("Name and job, or a whole e-mail address.")
    readonly_fields = ("state", "is_operator", "created_at", "updated_at")
    fields = (
        ("given_name", "family_name"),
        ("display_name", "job_title"),
        "phone_number",
        ("language", "time_zone"),
        ("card_audience", "email_audience", "phone_audience"),
        ("state", "is_operator"),
        ("created_at", "updated_at"),
    )
    inlines = (EmailInline, OrganizationInline, GroupInline)
    actions = ("suspend", "reactivate", "make_operator", "revoke_operator", "erase")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Leave erased accounts out: nothing is left to look after."""
        return super().get_queryset(request).exclude(state=User.State.ANONYMISED)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find by words, or by a whole address."""
        if "@" in search_term:
            holder = Email.objects.holder_of(search_term)
            return queryset.filter(pk__in=[holder.user_id] if holder else []), False
        return super().get_search_results(request, queryset, search_term)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's own
        """Ask for an address when creating."""
        return super().get_form(request, obj, change, **kwargs) if obj else PersonForm

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show the whole profile once the account exists."""
        return super().get_fields(request, obj) if obj else (*PersonForm.Meta.fields, "confirmed_address")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Have none when creating."""
        return super().get_readonly_fields(request, obj) if obj else ()

    def get_inlines(self, _request: HttpRequest, obj: User | None) -> Any:
        """Show what belongs to the person once the account exists."""
        return self.inlines if obj else ()

    def create(self, by: User, obj: User, form: "forms.ModelForm[Any]") -> None:
        """Create the account."""
        actions.create_user(by=by, id=obj.pk, **form.cleaned_data)

    def change(self, by: User, obj: User, changes: dict[str, Any]) -> None:
        """Edit the profile."""
        actions.edit_profile(by=by, user=obj, **changes)

    # --- Actions on the chosen people ---------------------------------------------------------------------------------
    def _each(self, request: HttpRequest, people: QuerySet[User], action: Callable[..., object]) -> None:
        """Run an action for each person that the operator may administer; say how many, and what was refused."""
        by, done = cast("User", request.user), 0
        for user in people:
            if not policies.can_administer_user(by, user):
                self.message_user(request, _("You cannot do this to your own account."), messages.ERROR)
                continue
            try:
                action(by=by, user=user)
            except DirectoryError as refusal:
                self.message_user(request, f"{user}: {refusal.message}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(
                request, ngettext("%(done)s account done.", "%(done)s accounts done.", done) % {"done": done}
            )

    @admin.action(description=_("Suspend"))
    def suspend(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Suspend, which ends the sessions."""
        self._each(request, people, actions.suspend_user)

    @admin.action(description=_("Reactivate"))
    def reactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Reactivate."""
        self._each(request, people, actions.reactivate_user)

    @admin.action(description=_("Make an operator"))
    def make_operator(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Open the console to them."""
        self._each(request, people, actions.make_operator)

    @admin.action(description=_("Take the operator's role"))
    def revoke_operator(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Close the console to them."""
        self._each(request, people, actions.revoke_operator)

    @admin.action(description=_("Erase…"))
    def erase(self, request: HttpRequest, people: QuerySet[User]) -> TemplateResponse | None:
        """Ask first: an erasure cannot be undone."""
        if "confirmed" in request.POST:
            self._each(request, people, actions.anonymise_user)
            return None
        context = {**self.admin_site.each_context(request), "title": _("Erase these accounts?"), "people": people}
        return TemplateResponse(request, "admin/directory/erase.html", context)


@admin.register(Email)
class EmailAdmin(ReadOnlyAdmin):
    """Addresses, found whole or by their domain."""

    list_display = ("address", "user", "verified_at", "is_primary")
    list_select_related = ("user",)
    search_fields = ("=canonical", "=domain")
    ordering = ("canonical",)
    fields = ("user", "address", "verified_at", "is_primary", "created_at")


@admin.register(SourceRecord)
class SourceRecordAdmin(ReadOnlyAdmin):
    """What imports read."""

    list_display = ("source", "collection", "key", "imported_at")
    list_filter = ("source", "collection")
    search_fields = ("=key",)
    fields = ("source", "collection", "key", "user", "organization", "group", "fields", "body", "imported_at")
