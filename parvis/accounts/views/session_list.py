"""Where a person is signed in."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts import user_agents
from parvis.accounts.actions.signing_in import end_sessions
from parvis.accounts.models import Session
from parvis.accounts.requests import SignedInRequest

LIST = "accounts:session-list"


@dataclass(frozen=True, slots=True)
class Line:
    """A session in words."""

    session: Session
    browser: str
    is_this_one: bool


@require_safe
def session_list(request: SignedInRequest) -> HttpResponse:
    """Show the browsers where the person is signed in, this one first."""
    mine = request.session.sid
    lines = [
        Line(session, user_agents.describe(session.user_agent), session.sid == mine)
        for session in Session.objects.of(request.user.pk)
    ]
    lines.sort(key=lambda line: not line.is_this_one)
    return render(request, "accounts/session_list.html", {"lines": lines})


@require_POST
def session_end(request: SignedInRequest, sid: UUID) -> HttpResponse:
    """End one session."""
    session = get_object_or_404(Session.objects.of(request.user.pk), sid=sid)
    if session.sid == request.session.sid:
        return redirect(LIST)
    end_sessions(by=request.user, user_ids=[request.user.pk], sids=[session.sid])
    messages.success(request, _("That browser is signed out."))
    return redirect(LIST)


@require_POST
def session_end_others(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    count = end_sessions(by=request.user, user_ids=[request.user.pk], but=request.session.sid)
    said = ngettext("%(count)s other browser is signed out.", "%(count)s other browsers are signed out.", count)
    messages.success(request, said % {"count": count})
    return redirect(LIST)
