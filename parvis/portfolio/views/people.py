"""The portfolio's part of a person's page, and what a person decides about it."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parvis.directory.models import User
from parvis.portfolio.actions.people import set_muted, set_public_name
from parvis.portfolio.forms.life import NoticesForm, PublicNameForm
from parvis.portfolio.models import Mute, PersonCard
from parvis.portfolio.queries.people import Work, work_of
from parvis.portfolio.views.fetching import sent, signed_in
from parvis.web import charts

MARGIN = timedelta(days=45)
FAR = timedelta(days=500)


def draw_products(request: HttpRequest, person: User) -> str:
    """Return the section of a person's page that shows their products; nothing for who has none."""
    works, card = work_of(person, request.user), PersonCard.objects.filter(user=person).first()
    is_me = request.user.pk == person.pk
    if not works and card is None and not is_me:
        return ""
    context = {"works": works, "picture": _timeline(works), "card": card, "is_me": is_me}
    return render_to_string("portfolio/parts/person_products.html", context, request=request)


def _timeline(works: list[Work]) -> charts.Chart | None:
    """Draw the person's products over time, those of today first."""
    if not works:
        return None
    today = timezone.localdate()
    limit = today + FAR
    rows = [
        charts.Row(
            work.product.name,
            [
                charts.Span(
                    start, min(end, limit) if end else None, work.product.current_phase or "neutral", _("In the team")
                )
                for start, end in work.stays
            ],
            href=work.product.get_absolute_url(),
        )
        for work in works
    ]
    starts = [start for work in works for start, _end in work.stays]
    ends = [min(end, limit) for work in works for _start, end in work.stays if end]
    period = charts.Period(min(starts), max([*ends, today]) + MARGIN, today)
    title = ngettext("%(count)s product", "%(count)s products", len(works)) % {"count": len(works)}
    frame = charts.Frame("products", title, _("In the colour of the phase in which each product is today"))
    return charts.timeline(frame, rows, period, label=_("Product"), names_spans=False)


@require_http_methods(["GET", "HEAD", "POST"])
def my_public_name(request: HttpRequest) -> HttpResponseBase:
    """Let a person stay off public pages, at once."""
    person = signed_in(request)
    card = PersonCard.objects.filter(user=person).first()
    form = PublicNameForm(sent(request), initial={"hide_from_public": card is None or card.hide_from_public})
    if request.method == "POST" and form.is_valid():
        set_public_name(by=person, person=person, is_hidden=form.cleaned_data["hide_from_public"])
        messages.success(request, _("Your choice is in force."))
        return redirect(person)
    context = {
        "form": form,
        "title": _("My name on public pages"),
        "lead": _("The pages of products name the people of their teams. Contact details are never shown there."),
        "back": person.get_absolute_url(),
    }
    return render(request, "portfolio/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def my_notices(request: HttpRequest) -> HttpResponse | HttpResponseBase:
    """Let a person choose which mails about products they receive."""
    person = signed_in(request)
    muted = set(Mute.objects.filter(user=person).values_list("kind", flat=True))
    form = NoticesForm(sent(request), initial={"wanted": [kind for kind in Mute.Kind.values if kind not in muted]})
    if request.method == "POST" and form.is_valid():
        set_muted(by=person, kinds=set(Mute.Kind.values) - set(form.cleaned_data["wanted"]))
        messages.success(request, _("Your choice is in force."))
        return redirect("portfolio:my-notices")
    context = {"form": form, "title": _("My mails about products"), "back": person.get_absolute_url()}
    return render(request, "portfolio/form.html", context)
