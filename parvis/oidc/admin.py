"""Applications and sign-ins in the operator console; what changes goes through the same actions as everywhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.directory.models import User
from parvis.oidc.actions import clients, grants, logouts
from parvis.oidc.models import Client, Consent, Grant, LogoutDelivery, SigningKey


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Rows that nobody edits by hand."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: the protocol makes them."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse: the protocol changes them."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse: they end by themselves, or by an action."""
        return False


class ClientForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the checker only
    """Settings of an application, held to the rules of the actions."""

    class Meta:
        model = Client
        fields = clients.EDITABLE

    def clean(self) -> dict[str, Any]:
        """Try the change without keeping it, so that a refusal stands at its field."""
        found = super().clean() or {}
        if not self.errors:
            try:
                clients.check(self.instance, found)
            except ValidationError as error:
                self.add_error(None, error)
        return found


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Applications: registered on the page of the catalogue or with `parvis app create`, looked after here."""

    form = ClientForm
    list_display = ("name_en", "client_id", "type", "state", "is_trusted", "created_at")
    list_filter = ("state", "type", "is_trusted")
    search_fields = ("name_fr", "name_en", "client_id")
    readonly_fields = ("client_id", "type")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: registering shows a secret once, which this page could not."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse: suspending ends every access, and the journal keeps its object."""
        return False

    def save_model(self, request: HttpRequest, obj: Client, form: Any, _change: bool) -> None:  # noqa: FBT001 - Django's own
        """Change through the action, which checks, records and tells every process."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data if name in clients.EDITABLE}
        clients.update_client(client=obj, by=_operator(request), **changes)


@admin.register(Grant)
class GrantAdmin(ReadOnlyAdmin):
    """Sign-ins to applications."""

    list_display = ("user", "client", "scope", "acr", "created_at", "expires_at", "revoked_at")
    list_select_related = ("user", "client")
    fields = ("user", "client", "sid", "scope", "acr", "amr", "auth_time", "created_at", "expires_at", "revoked_at")
    actions = ("end",)
    show_full_result_count = False

    @admin.action(description=gettext_lazy("End the selected accesses"))
    def end(self, request: HttpRequest, queryset: Any) -> None:
        """End accesses at once."""
        number = grants.end(ids=list(queryset.values_list("pk", flat=True)), by=_operator(request))
        self.message_user(request, _("%d accesses ended.") % number, messages.SUCCESS)


@admin.register(LogoutDelivery)
class LogoutDeliveryAdmin(ReadOnlyAdmin):
    """Sign-outs that applications are told of, and where each stands."""

    list_display = ("client", "user", "created_at", "attempts", "next_attempt_at", "confirmed_at", "given_up_at")
    list_select_related = ("user", "client")
    list_filter = (("confirmed_at", admin.EmptyFieldListFilter), ("given_up_at", admin.EmptyFieldListFilter))
    fields = (*list_display, "sid", "last_error")
    actions = ("retry",)
    show_full_result_count = False

    @admin.action(description=gettext_lazy("Tell again now"))
    def retry(self, request: HttpRequest, queryset: Any) -> None:
        """Make those that are not confirmed due, for another day."""
        number = logouts.retry(queryset)
        self.message_user(request, _("%d sign-outs are told again.") % number, messages.SUCCESS)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """What people agreed to."""

    list_display = ("user", "client", "scope", "given_at")
    list_select_related = ("user", "client")


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Signing keys; `parvis keys rotate` changes them."""

    list_display = ("alg", "kid", "state", "published_at", "signs_from", "retires_at", "removed_at")
    fields = ("alg", "kid", "published_at", "signs_from", "retires_at", "removed_at")


def _operator(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
