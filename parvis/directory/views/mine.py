"""What a person does with their own data: edit the profile, read what happened, download, ask for erasure."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parvis.audit.models import Event
from parvis.audit.queries import readable
from parvis.directory import actions, policies
from parvis.directory.exceptions import DirectoryError
from parvis.directory.export import everything_about
from parvis.directory.forms import EraseForm, ProfileForm
from parvis.directory.views.fetching import done_or_told, freshly_proven, refuse_unless, signed_in
from parvis.lib.paging import page_of

FIELDS = tuple(name for name in ProfileForm.base_fields if name not in {"photo", "without_photo"})


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: HttpRequest) -> HttpResponse:
    """Edit one's own profile."""
    me = signed_in(request)
    initial = {name: getattr(me, name) for name in FIELDS}
    form = ProfileForm(request.POST or None, request.FILES or None, initial=initial)
    is_sound = request.method == "POST" and form.is_valid()
    if is_sound and done_or_told(form, lambda: actions.edit_profile(by=me, user=me, **form.cleaned_data)):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Your profile has been saved."))
        return redirect("directory:my-card")
    return render(request, "directory/profile_edit.html", {"form": form, "person": me})


@require_safe
def my_events(request: HttpRequest) -> HttpResponse:
    """Tell what happened to one's own account."""
    page = page_of(Event.objects.about(signed_in(request).pk), request.GET, order=("-id",), size=50)
    return render(request, "directory/my_events.html", {"page": page, "lines": readable(page.items)})


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Explain what is kept, and lead to the download and the erasure."""
    me = signed_in(request)
    return render(request, "directory/my_data.html", {"can_erase": policies.can_erase_user(me, me)})


@require_POST
@freshly_proven
def my_data_download(request: HttpRequest) -> HttpResponse:
    """Answer with everything about the person, as one JSON file."""
    content = everything_about(signed_in(request))
    text = json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="parvis-{timezone.localdate().isoformat()}.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@freshly_proven
def my_data_erase(request: HttpRequest) -> HttpResponse:
    """Say what an erasure does, then erase."""
    me = signed_in(request)
    refuse_unless(
        policies.can_erase_user(me, me),
        _("An operator’s account cannot be erased: ask another operator to take the role."),
    )
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.anonymise_user(by=me, user=me)
        except DirectoryError as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            return redirect("directory:erased")
    return render(request, "directory/my_data_erase.html", {"form": form})


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Say goodbye."""
    return render(request, "directory/erased.html")
