"""Feeds, calendars and the documents of one product."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from parvis.lib.urls import absolute
from parvis.opendata import addresses, atom, icalendar, linked_data, publiccode
from parvis.opendata.betagouv.reading import EVERYBODY
from parvis.opendata.serving import attachment, json_text, public
from parvis.portfolio.models import Committee, Incubator, Product
from parvis.portfolio.queries.explore import Explorer
from parvis.portfolio.queries.filters import Filters

MOST_COMMITTEES = 500


def _product(key: str) -> Product:
    row = Product.objects.visible_to(EVERYBODY).listed().filter(key=key).first()
    if row is None:
        raise Http404
    return row


@public
def changes(request: HttpRequest) -> HttpResponse:
    """Return what is new in the products that the filters of the explore page find, in all by default."""
    filters = Filters.parse(request.GET)
    query = filters.query()
    page = absolute("portfolio:explore", query=query)
    title = _("Changes of the portfolio")
    found = Explorer(EVERYBODY, filters).unordered()
    text = atom.feed(found, title=title, page=page, address=addresses.changes_feed(query))
    return HttpResponse(text, content_type=atom.CONTENT_TYPE)


@public
def product_changes(_request: HttpRequest, key: str) -> HttpResponse:
    """Return what is new about one product."""
    row = _product(key)
    title = _("%(product)s – changes") % {"product": row.name}
    address = absolute("opendata:product-changes", row.key)
    text = atom.feed(Product.objects.filter(pk=row.pk), title=title, page=addresses.product_page(row), address=address)
    return HttpResponse(text, content_type=atom.CONTENT_TYPE)


@public
def committees(request: HttpRequest) -> HttpResponse:
    """Return the committees announced to all, or those of one incubator; the latest when there are too many."""
    rows = Committee.objects.visible_to(EVERYBODY).select_related("incubator")
    name = _("Committees")
    if key := request.GET.get("incubator", ""):
        incubator = Incubator.objects.visible_to(EVERYBODY).filter(key=key[:200]).first()
        if incubator is None:
            raise Http404
        rows = rows.filter(incubator=incubator)
        name = _("Committees of %(incubator)s") % {"incubator": incubator.name}
    text = icalendar.calendar(rows.order_by("-on", "id")[:MOST_COMMITTEES], name=name)
    return attachment(HttpResponse(text, content_type=icalendar.CONTENT_TYPE), "committees.ics")


@public
def product_linked_data(_request: HttpRequest, key: str) -> HttpResponse:
    """Return what the page of a product says to search engines."""
    document = linked_data.product(_product(key), EVERYBODY)
    return HttpResponse(json_text(document), content_type=linked_data.CONTENT_TYPE)


@public
def product_publiccode(_request: HttpRequest, key: str) -> HttpResponse:
    """Return the `publiccode.yml` of a product whose code is open."""
    row = _product(key)
    if not row.repository:
        raise Http404
    return HttpResponse(publiccode.document(row, EVERYBODY), content_type=publiccode.CONTENT_TYPE)
