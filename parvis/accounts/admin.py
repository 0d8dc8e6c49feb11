"""Sessions in the operator console: to look at, and to end."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from parvis.accounts import user_agents
from parvis.accounts.actions.signing_in import end_sessions
from parvis.accounts.models import Session
from parvis.accounts.requests import person_of


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Who is signed in; where from is shown to nobody but the person."""

    list_display = ("user", "browser", "methods", "created_at", "last_seen_at")
    fields = ("sid", "user", "browser", "methods", "auth_time", "created_at", "last_seen_at", "expire_date")
    readonly_fields = fields
    list_select_related = ("user",)
    search_fields = ("user__search_text",)
    show_full_result_count = False
    ordering = ("-last_seen_at",)
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Return the sessions of people, without those of visitors."""
        return super().get_queryset(request).filter(user__isnull=False)

    @admin.display(description=_("browser"))
    def browser(self, session: Session) -> str:
        """Return the browser in words."""
        return user_agents.describe(session.user_agent)

    @admin.display(description=_("methods"))
    def methods(self, session: Session) -> str:
        """Return how the person signed in, by the names of RFC 8176."""
        return ", ".join(session.amr)

    @admin.action(description=_("End these sessions"))
    def end(self, request: HttpRequest, sessions: QuerySet[Session]) -> None:
        """End sessions; each person's journal says who did."""
        chosen = list(sessions.values_list("user_id", "sid"))
        people, sids = [user_id for user_id, _sid in chosen], [sid for _user_id, sid in chosen]
        count = end_sessions(by=person_of(request), user_ids=people, sids=sids)
        self.message_user(request, _("%(count)s sessions are ended.") % {"count": count})

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: only signing in makes a session."""
        return False

    def has_change_permission(self, _request: HttpRequest, _session: Session | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _session: Session | None = None) -> bool:
        """Refuse: ending is an action, which is recorded."""
        return False

    def has_view_permission(self, request: HttpRequest, _session: Session | None = None) -> bool:
        """Let operators look."""
        return bool(request.user.is_staff)
