"""The outbox in the operator console: where mails stand, never what they say: some hold codes and links."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.mail.models import Message


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):  # type: ignore[type-arg] # generic for the checker only
    """Mails and their delivery."""

    list_display = ("to", "template", "state", "attempts", "last_error", "created_at", "sent_at")
    list_filter = ("state", "template")
    search_fields = ("=to",)
    fields = (
        "to",
        "template",
        "language",
        "state",
        "attempts",
        "next_attempt_at",
        "last_error",
        "created_at",
        "sent_at",
    )
    show_full_result_count = False
    actions = ("retry",)

    @admin.action(description=_("Try again now"))
    def retry(self, request: HttpRequest, mails: QuerySet[Message]) -> None:
        """Make the chosen mails due."""
        waiting = mails.filter(state=Message.State.PENDING).update(next_attempt_at=timezone.now())
        self.message_user(request, _("%(count)s mails will be sent now.") % {"count": waiting})

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Refuse: actions write mails."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Message | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Message | None = None) -> bool:
        """Refuse: old mails delete themselves."""
        return False

    def has_view_permission(self, request: HttpRequest, _obj: Message | None = None) -> bool:
        """Let operators look."""
        return bool(request.user.is_staff)
