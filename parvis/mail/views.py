"""Development only: the mails that would have been sent."""

from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.lib.paging import page_of
from parvis.mail.models import Message
from parvis.mail.outbox import blocks


def _development_only(view: Any) -> Any:
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.IS_DEVELOPMENT:
            raise Http404
        response: HttpResponse = view(request, *args, **kwargs)
        return response

    return guarded


@login_not_required
@require_safe
@_development_only
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails, the newest first."""
    page = page_of(Message.objects.defer("html"), request.GET, order=("-id",), size=30)
    return render(request, "mail/mail_list.html", {"page": page})


@login_not_required
@require_safe
@_development_only
def mail_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a mail as its reader would see it, drawn from its text: nothing of its HTML is put in the page."""
    message = get_object_or_404(Message, pk=pk)
    trail = [(_("Mails of this development server"), reverse("mail:mail-list")), (message.subject, "")]
    context = {"message": message, "blocks": list(blocks(message.text)), "trail": trail}
    return render(request, "mail/mail_detail.html", context)
