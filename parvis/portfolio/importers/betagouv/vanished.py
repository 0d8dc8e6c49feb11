"""What left the source: the portfolio stops showing what nobody publishes any more, and keeps what people made of it.

The directory decides what is gone for good (a file that cannot be read today is not, nor is most of a broken copy) and
keeps memberships as history. Here a product is withdrawn, and a person's card and missions, which only ever repeated
the source, go with it.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from parvis.directory.importers.betagouv import reader
from parvis.directory.importers.betagouv.importing import Imported
from parvis.portfolio.models import (
    Committee,
    Decision,
    Incubator,
    Mission,
    PersonCard,
    Product,
    ProductIncubator,
    Revision,
)

SOURCE = reader.SOURCE


@transaction.atomic
def let_go(imported: Imported) -> None:
    """Follow what left the source, unless it is a dry run."""
    vanished = imported.reading.vanished
    ended = imported.counts.ended
    ended["products"] = _withdraw(vanished.get("startups", set()), dry_run=imported.dry_run)
    entries = (imported.known.entries.get(f"authors/{key}") for key in vanished.get("authors", ()))
    people = [entry.target_id for entry in entries if entry and entry.target_id]
    cards = PersonCard.objects.filter(user__in=people, source=SOURCE, hide_from_public=False)
    ended["cards"] = cards.count() if people else 0
    if people and not imported.dry_run:
        Mission.objects.filter(user__in=people, source=SOURCE).delete()
        cards.delete()
    if gone := vanished.get("incubators"):
        # A committee or a decision is the network's own memory: its incubator stays.
        # A withdrawn product needs none, and finds its own again if its file comes back.
        living = ProductIncubator.objects.exclude(product__state=Product.State.WITHDRAWN)
        unused = Incubator.objects.filter(~Exists(living.filter(incubator=OuterRef("pk"))), key__in=gone)
        kept = Q(Exists(Committee.objects.filter(incubator=OuterRef("pk")))) | Q(decisions__isnull=False)
        if not imported.dry_run:
            unused.exclude(kept).delete()


def _withdraw(keys: set[str], *, dry_run: bool) -> int:
    """Withdraw the products of files that are gone; one that people decided about or edited here stays."""
    if not keys:
        return 0
    edited = Revision.objects.filter(product=OuterRef("pk"), by__isnull=False)
    decided = Decision.objects.filter(product=OuterRef("pk"))
    found = Product.objects.listed().filter(~Exists(edited), ~Exists(decided), key__in=keys)
    if dry_run:
        return found.count()
    return found.update(state=Product.State.WITHDRAWN)
