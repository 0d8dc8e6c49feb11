"""Writing to the owner of a product from a decision page: one click, one message, once a day."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parvis.audit import journal
from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory.models import GroupMembership, User
from parvis.directory.models.dated import DatedMembership
from parvis.directory.models.user import UserQuerySet, primary_addresses
from parvis.lib.urls import absolute
from parvis.mail.outbox import enqueue
from parvis.portfolio.exceptions import PortfolioError
from parvis.portfolio.models import Mission, PersonCard, Product
from parvis.portfolio.queries.census import Census
from parvis.portfolio.queries.decisions import asked_today, findings, why
from parvis.portfolio.statistics.teams import INTRAPRENEUR
from parvis.web.exceptions import TooManyRequestsError

MOST_AN_HOUR = 40
MOST_READERS = 5


class NobodyToAskError(PortfolioError):
    """The product has no owner who can be reached."""


class AlreadyAskedError(PortfolioError):
    """The owner has had a message today."""


class NothingToAskError(PortfolioError):
    """The product has nothing to look at any more."""


@transaction.atomic
def ask_owner(*, product: Product, census: Census, by: User) -> int:
    """Write to who owns the product why it needs a look; return how many are written to.

    Raises AlreadyAskedError, NobodyToAskError, NothingToAskError, TooManyRequestsError.
    """
    locked = Product.objects.select_for_update().get(pk=product.pk)
    _slow_down(by)
    if asked_today([locked.pk]):
        raise AlreadyAskedError(_("The owner of this product has already had a message today."))
    standing = next((one for one in census.standings if one.id == locked.pk), None)
    if standing is None or not findings(standing, census.as_of):
        raise NothingToAskError(_("There is nothing to ask about this product any more."))
    readers = owners(locked, by)
    if not readers:
        raise NobodyToAskError(_("Nobody can be reached: the team has no manager and the product no mailbox."))
    for address, language in readers.items():
        with translation.override(language):
            reasons = [why(standing, finding.kind, census.as_of) for finding in findings(standing, census.as_of)]
        context = {
            "product": locked,
            "by": by,
            "reasons": reasons,
            "url": absolute("portfolio:product-detail", locked.key),
            "by_url": absolute("directory:person-detail", by.pk),
        }
        enqueue(template="portfolio/mail/ask_owner", to=address, language=language, context=context)
    journal.record(tag=Tag.PRODUCT_OWNER_ASKED, by=by, target=locked, readers=len(readers))
    return len(readers)


def _slow_down(by: User) -> None:
    """Refuse more than a morning's work in an hour: a click is so easily done that a list is soon a flood."""
    since = timezone.now() - timedelta(hours=1)
    sent = Event.objects.filter(by_id=by.pk, tag=Tag.PRODUCT_OWNER_ASKED, at__gte=since).count()
    if sent >= MOST_AN_HOUR:
        raise TooManyRequestsError(_("You have written to many teams within an hour. Please go on later."))


def owners(product: Product, by: User) -> dict[str, str]:
    """Return the addresses to write to with their languages: the team's managers, else its mailbox, else its carriers.

    Whoever asks is left out: nobody writes to themselves.
    """
    current = GroupMembership.objects.current().filter(group=product.group_id, user__state=User.State.ACTIVE)
    managers = current.filter(role=DatedMembership.Role.MANAGER).exclude(user=by).values("user")
    if product.group_id and (found := _addresses(User.objects.filter(pk__in=managers))):
        return found
    if product.contact:
        return {product.contact: settings.LANGUAGE_CODE}
    today = Mission.objects.active().filter(links__product=product).values("user")
    carriers = PersonCard.objects.filter(domain=INTRAPRENEUR, user__in=today).exclude(user=by).values("user")
    return _addresses(User.objects.active().filter(pk__in=carriers))


def _addresses(people: UserQuerySet) -> dict[str, str]:
    languages = dict(people.order_by("pk").values_list("pk", "language")[:MOST_READERS])
    return {address: languages[pk] for pk, address in primary_addresses(list(languages)).items()}
