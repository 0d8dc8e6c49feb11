"""Legal pages, open to all."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.home.models import LegalPage
from parvis.web.language import known
from parvis.web.markdown import to_html
from parvis.web.nav import Link


@login_not_required
@require_safe
def legal(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one legal page in the reader's language."""
    titles = LegalPage.titles()
    if slug not in titles:
        raise Http404
    page = LegalPage.text_of(slug, known(get_language() or "") or "en")
    return render(
        request,
        "home/legal.html",
        {
            "legal_page": page,
            "title": titles[slug],
            "body": to_html(page.body),
            "trail": [Link(_("Home"), "/"), Link(titles[slug])],
            "edit_url": _edit_url(page) if getattr(request.user, "is_staff", False) else "",
        },
    )


def _edit_url(page: LegalPage) -> str:
    """Return where an operator edits this text, or writes their own in the place of the shipped one."""
    if page.is_own:
        return reverse("admin:home_legalpage_change", args=[page.pk])
    return reverse("admin:home_legalpage_add") + "?" + urlencode({"slug": page.slug, "language": page.language})
