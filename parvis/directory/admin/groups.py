"""Groups, memberships, invitations."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.directory import actions
from parvis.directory.admin.base import ActionAdmin, ReadOnlyAdmin, SearchableAdmin
from parvis.directory.models import Group, GroupMembership, Invitation, User


@admin.register(Group)
class GroupAdmin(SearchableAdmin):
    """What groups are, and where they stand."""

    list_display = ("name", "kind", "organization", "parent", "visibility", "closed_on")
    list_filter = ("kind", "visibility")
    list_select_related = ("organization", "parent")
    autocomplete_fields = ("organization", "parent")
    readonly_fields = ("closed_on",)
    fields = ("name", "kind", "description", "organization", "parent", "visibility", "closed_on")

    def create(self, by: User, obj: Group, form: "ModelForm[Any]") -> None:
        """Create the group."""
        actions.create_group(by=by, id=obj.pk, **form.cleaned_data)

    def change(self, by: User, obj: Group, changes: dict[str, Any]) -> None:
        """Edit the group, and move it when its parent changed."""
        if "parent" in changes:
            actions.move_group(by=by, group=obj, parent=changes.pop("parent"))
        actions.edit_group(by=by, group=obj, **changes)


@admin.register(GroupMembership)
class GroupMembershipAdmin(ActionAdmin):
    """Who belongs to which group, and from when to when."""

    list_display = ("user", "group", "role", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "group")
    search_fields = ("user__search_text", "group__search_text")
    search_help_text = _("Names in lower case, without accents.")
    autocomplete_fields = ("user", "group")
    fields = ("user", "group", "role", "starts_on", "ends_on", "note")

    def get_readonly_fields(self, _request: HttpRequest, obj: GroupMembership | None = None) -> tuple[str, ...]:
        """Keep who and where once it exists."""
        return ("user", "group") if obj else ()

    def create(self, by: User, obj: GroupMembership, form: "ModelForm[Any]") -> None:
        """Add the person."""
        obj.pk = actions.add_membership(by=by, **form.cleaned_data).pk

    def change(self, by: User, obj: GroupMembership, changes: dict[str, Any]) -> None:
        """Change role, dates or note."""
        kept = {name: getattr(obj, name) for name in ("role", "starts_on", "ends_on", "note")}
        actions.change_membership(by=by, membership=obj, **(kept | changes))


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations; the link itself is shown nowhere."""

    list_display = ("address", "group", "role", "invited_by", "created_at", "expires_at", "accepted_at")
    list_select_related = ("group", "invited_by")
    search_fields = ("=canonical",)
    fields = (
        "group",
        "address",
        "role",
        "membership_ends_on",
        "invited_by",
        "created_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
        "withdrawn_at",
    )
