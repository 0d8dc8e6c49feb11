"""What the directory's pages in the operator console share."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from parvis.directory.exceptions import DirectoryError
from parvis.directory.models import User


class ActionAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Saves through actions, deletes nothing, and leaves Django's own log empty: it would keep names for ever."""

    show_full_result_count = False
    list_per_page = 50
    actions_on_bottom = True

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:  # noqa: FBT001 - Django's own
        """Create or change by an action of the directory."""
        by = cast("User", request.user)
        if change:
            self.change(by, obj, {name: form.cleaned_data[name] for name in form.changed_data})
        else:
            self.create(by, obj, form)

    def create(self, by: User, obj: Any, form: "ModelForm[Any]") -> None:
        """Create what the form describes; `obj` is not saved yet, and takes the identifier of what was created."""
        raise NotImplementedError

    def change(self, by: User, obj: Any, changes: dict[str, Any]) -> None:
        """Make the changes."""
        raise NotImplementedError

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what an action refuses, instead of failing; nothing was changed."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DirectoryError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
        return redirect(request.get_full_path())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002 - Django's own
        """Lead to the journal."""
        return redirect(f"{reverse('admin:audit_event_changelist')}?{urlencode({'q': object_id})}")

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse: what ended stays in the history."""
        return False

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override] # nothing is kept, so nothing is returned
        """Leave it to the journal."""

    def log_change(self, *_args: Any) -> None:  # type: ignore[override] # the same
        """Leave it to the journal."""


class SearchableAdmin(ActionAdmin):
    """Searches as the pages do: accents, case and word order do not matter."""

    search_fields = ("search_text",)

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return what the words find."""
        return cast("Any", queryset).search(search_term), False


class ReadOnlyAdmin(ActionAdmin):
    """Only to be looked at."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False


class ReadOnlyInline(admin.TabularInline):  # type: ignore[type-arg] # generic for the checker only
    """Rows of another table, to be looked at."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse."""
        return False
