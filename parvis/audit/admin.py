"""The journal in the operator console: to read, never to change."""

from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from parvis.audit.models import Event
from parvis.audit.queries import readable


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Every event, found by tag, moment and identifier."""

    list_display = ("at", "tag", "sentence", "request_id")
    list_filter = ("tag",)
    search_fields = ("=person_id", "=by_id", "=target_id", "=organization_id", "=request_id")
    search_help_text = _("A whole identifier: of a person, an object, an organisation or a request.")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-id",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: actions write the journal."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Event | None = None) -> bool:
        """Refuse: events are never changed."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Event | None = None) -> bool:
        """Refuse: only the retention period deletes events."""
        return False

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """Look the identifier up by the indexed columns; anything else finds nothing."""
        if not search_term.strip():
            return queryset, False
        try:
            wanted = UUID(search_term.strip())
        except ValueError:
            return queryset.filter(request_id=search_term.strip()), False
        columns = ("person_id", "by_id", "target_id", "organization_id")
        found = Q()
        for column in columns:
            found |= Q(**{column: wanted})
        return queryset.filter(found), False

    @admin.display(description=_("what happened"))
    def sentence(self, event: Event) -> SafeString:
        """Return the event in words."""
        return readable([event])[0].text
