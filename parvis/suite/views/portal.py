"""What developers of an application look at: the values to paste, how sign-ins go, and what was refused."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.oidc.models import Client, Mishap
from parvis.suite.explanations import explain_all
from parvis.suite.recipes import integration
from parvis.suite.views.desk import context, with_client
from parvis.web.charts import Chart, Column, Frame, standing_bars

DAYS = 30
_SHOWN = 20


@require_safe
def application_connect(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the exact values to paste, and a recipe for each library."""
    application, client = with_client(request, slug)
    shown = context(application, "application-connect", client=client, integration=integration(client))
    return render(request, "suite/application_connect.html", shown)


@require_safe
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the sign-ins of a month, and the last refused requests with what to change."""
    application, client = with_client(request, slug)
    chart = _sign_ins(client, slug)
    if request.GET.get("format") == "csv":
        return chart.csv()
    mishaps = client.mishaps.all()[: Mishap.MOST_KEPT]
    explanations = explain_all(mishaps, application, client, _SHOWN)
    more = {"client": client, "chart": chart, "has_figures": _has_figures(client), "explanations": explanations}
    return render(request, "suite/activity.html", context(application, "activity", **more))


def _has_figures(client: Client) -> bool:
    """Say whether there is anything to draw."""
    since = timezone.localdate() - timedelta(days=DAYS - 1)
    return client.days.filter(day__gte=since).exclude(sign_ins=0, refusals=0).exists()


def _sign_ins(client: Client, slug: str) -> Chart:
    today = timezone.localdate()
    days = [today - timedelta(days=number) for number in range(DAYS - 1, -1, -1)]
    known = {one.day: one for one in client.days.filter(day__gte=days[0])}
    sign_ins = [known[day].sign_ins if day in known else 0 for day in days]
    refusals = [known[day].refusals if day in known else 0 for day in days]
    total = {"sign_ins": sum(sign_ins), "refusals": sum(refusals)}
    frame = Frame(
        key="sign-ins",
        title=_("In thirty days, sign-ins: %(sign_ins)s; refused requests: %(refusals)s") % total,
        csv_url=f"{reverse('suite:activity', args=[slug])}?format=csv",
    )
    columns = [
        Column(_("Sign-ins"), "accent", sign_ins),
        Column(_("Refused requests"), "stopped", refusals, hatched=True),
    ]
    labels = [date_format(day, "j/m") for day in days]
    return standing_bars(frame, labels, columns, label=_("Day"))
