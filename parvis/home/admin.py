"""The legal pages in the operator console."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from parvis.audit import journal
from parvis.audit.tags import Tag
from parvis.home.models import LegalPage, shipped


@admin.register(LegalPage)
class LegalPageAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """The operator's own texts; deleting one shows the shipped text again."""

    list_display = ("slug", "language", "updated_at")
    readonly_fields = ("updated_at",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Start from the shipped text of the page and language that the address names."""
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        slug, language = str(initial.get("slug", "")), str(initial.get("language", ""))
        if slug in LegalPage.Slug.values and language in {"fr", "en"}:
            initial["body"] = shipped(slug, language)
        return initial

    def save_model(self, request: HttpRequest, obj: LegalPage, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Save, and tell the journal."""
        super().save_model(request, obj, form, change)
        self._record(request, obj)

    def delete_model(self, request: HttpRequest, obj: LegalPage) -> None:
        """Delete, and tell the journal."""
        self._record(request, obj)
        super().delete_model(request, obj)

    def _record(self, request: HttpRequest, page: LegalPage) -> None:
        journal.record(tag=Tag.LEGAL_PAGE_EDITED, by=request.user, target=page, name=str(page))  # type: ignore[arg-type] # an operator
