"""The gallery of components, for those who build pages: everything in believable use."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from parvis.lib.paging import KeysetPage
from parvis.web import icons
from parvis.web.forms import CodeInput, DateField
from parvis.web.nav import Link, facet_options
from parvis.web.views import sample_charts


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=80)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Your professional address. It is never shown publicly."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("team", gettext_lazy("Team")), ("jury", gettext_lazy("Jury"))],
    )
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees it"),
        widget=forms.RadioSelect,
        choices=[("public", gettext_lazy("Everyone")), ("members", gettext_lazy("Its members only"))],
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Topics"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Choose as many as you like."),
        choices=[("data", gettext_lazy("Data")), ("design", gettext_lazy("Design")), ("law", gettext_lazy("Law"))],
    )
    ends_on = DateField(label=gettext_lazy("End"), required=False)
    description = forms.CharField(
        label=gettext_lazy("What the team does"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False, help_text=gettext_lazy("JPEG or PNG, 5 MB."))
    code = forms.CharField(label=gettext_lazy("Code received by e-mail"), widget=CodeInput, required=False)
    agrees = forms.BooleanField(label=gettext_lazy("I have read the charter"))


def _only_for_builders(request: HttpRequest) -> None:
    """In production only operators see the gallery; for others it does not exist."""
    if settings.IS_PRODUCTION and not getattr(request.user, "is_staff", False):
        raise Http404


def _samples(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    labels = {"team": _("Team"), "incubator": _("Incubator"), "jury": _("Jury")}
    here = request.path
    return {
        "icon_names": icons.NAMES,
        "pictures": sample_charts.all_kinds(),
        "tones": ["neutral", "accent", "ochre", "info", "success", "warning", "danger"],
        "trail": [Link(_("Home"), "/"), Link(_("Components"), here), Link(_("Here"))],
        "tab_links": [Link(_("About"), here, current=True), Link(_("Members"), f"{here}?m", count=12)],
        "menu_links": [
            Link(_("Profile"), here, current=True, icon="person"),
            Link(_("Security"), f"{here}?s", icon="shield"),
        ],
        "options": facet_options(request, "kind", labels, {"team": 214, "incubator": 12, "jury": 1}),
        "rows": KeysetPage([], before="b", after="a"),
        "today": now,
        "soon": now.date() + dt.timedelta(days=3),
        "long_ago": now.date() - dt.timedelta(days=900),
        "empty_form": SampleForm(prefix="empty"),
        "refused_form": SampleForm({"refused-email": "lea.martin"}, prefix="refused"),
    }


@login_not_required
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    _only_for_builders(request)
    return render(request, "web/gallery.html", _samples(request))


@login_not_required
@require_http_methods(["POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Take the sample form and come back: it changes nothing."""
    _only_for_builders(request)
    return redirect("web:gallery")
