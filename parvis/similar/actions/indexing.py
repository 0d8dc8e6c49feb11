"""Keeping the index true: all of it anew, or only what changed since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.portfolio.models import Product
from parvis.portfolio.models.product import ProductQuerySet
from parvis.similar.engine import storage, trust
from parvis.similar.engine.lexicon import Lexicon
from parvis.similar.engine.profiles import profile, readable
from parvis.similar.engine.ranking import Index, posted
from parvis.similar.engine.reasons import analysed, short
from parvis.similar.engine.records import Record
from parvis.similar.engine.weights import Weighed, weigh
from parvis.similar.models import Judgement, LexiconRecord, Listing, Neighbour, Posting, ProfileRecord, Verdict
from parvis.similar.models.listing import ListingQuerySet
from parvis.similar.queries import records
from parvis.similar.queries.nearest import Near, near, told

NEIGHBOURS = 20
"""Kept for each product: some may be hidden from who reads, or refused."""
_BATCH = 300
_READABLE = 10
STALE = timedelta(days=1)
"""A lexicon older than this is learnt again when anything changed."""
MANY = 0.1
"""So is one of which this part of the services changed."""


@transaction.atomic
def rebuild() -> int:
    """Compute the whole index anew; return how many services it holds. Readers see the old one until the end."""
    lexicon_row = _lock()
    kept = list(records.everything())
    taught = learnt_trust()
    index = Index(kept, taught)
    _clear()
    sentences = {record.key: _sentences(record, index.lexicon) for record in kept}
    numbers = _store_profiles(kept, index, sentences)
    _store_postings(index, numbers)
    _store_neighbours(index, numbers, sentences)
    lexicon_row.content, lexicon_row.trust, lexicon_row.built_at = index.lexicon.as_json(), taught, timezone.now()
    lexicon_row.save()
    return len(kept)


@transaction.atomic
def refresh(limit: int = _BATCH) -> int:
    """Bring the services that changed into the index, at most `limit` of them; return how many.

    Much that changed at once, or a lexicon of yesterday, makes it a rebuild: what is common has changed too.
    """
    lexicon_row = _lock()
    if lexicon_row.built_at is None:
        return rebuild()
    gone = _drop_gone()
    changed = _changed_products(), _changed_services()
    number = sum(found.count() for found in changed)
    if not number:
        return gone
    is_stale = timezone.now() - lexicon_row.built_at > STALE
    if is_stale or number > min(MANY * ProfileRecord.objects.count(), limit):
        return rebuild()
    lexicon = Lexicon.from_json(lexicon_row.content)
    for product in records.with_terms(changed[0])[:limit]:
        _put(records.of_product(product), lexicon, lexicon_row.trust, product=product)
    for service in changed[1][:limit]:
        _put(records.of_service(service), lexicon, lexicon_row.trust, service=service)
    return number + gone


def learnt_trust() -> dict[str, float]:
    """Return what judgements teach about terms."""
    said = Judgement.objects.values_list("verdict", "terms")
    return trust.trust((verdict == Verdict.CONFIRM, terms) for verdict, terms in said)


def renew_neighbours(product: Product, lexicon: Lexicon, taught: Mapping[str, float]) -> None:
    """Find a product's neighbours again."""
    row = ProfileRecord.objects.filter(product=product).first()
    if row is None:
        return
    record = records.of_product(records.with_terms(Product.objects.filter(pk=product.pk)).get())
    one = weigh(profile(record, lexicon), lexicon, taught)
    Neighbour.objects.filter(product=product).delete()
    found = near(one, skip=row.pk, most=NEIGHBOURS)
    Neighbour.objects.bulk_create(_neighbour(product, item) for item in found)


def _lock() -> LexiconRecord:
    """Return the lexicon's row, locked: one writer of the index at a time."""
    LexiconRecord.objects.get_or_create(pk=1)
    return LexiconRecord.objects.select_for_update().get(pk=1)


def _clear() -> None:
    for model in (Neighbour, Posting, ProfileRecord):
        model.objects.all().delete()


def _store_profiles(kept: list[Record], index: Index, sentences: Mapping[str, list[str]]) -> dict[str, int]:
    _create(
        ProfileRecord(
            product_id=_pk_of(record, "product"),
            service_id=_pk_of(record, "service"),
            content=storage.to_json(index.weighed[record.key]),
            sentences=sentences[record.key],
            digest=records.digest(record),
        )
        for record in kept
    )
    products = ProfileRecord.objects.filter(product__isnull=False).values_list("product_id", "pk")
    services = ProfileRecord.objects.filter(service__isnull=False).values_list("service_id", "pk")
    return {f"product/{of}": pk for of, pk in products} | {f"service/{of}": pk for of, pk in services}


def _store_postings(index: Index, numbers: Mapping[str, int]) -> None:
    _create(
        Posting(term=term, holders=storage.pack((numbers[key], weight) for key, weight in holders))
        for term, holders in index.postings.items()
        if len(term) <= 120  # noqa: PLR2004 - the column's length; no word is so long
    )


def _store_neighbours(index: Index, numbers: Mapping[str, int], sentences: Mapping[str, list[str]]) -> None:
    told_by = {key: analysed(texts, index.weighed[key].profile.language) for key, texts in sentences.items()}
    _create(
        _neighbour(
            Product(pk=key.partition("/")[2]), told(one, index.weighed[other], told_by[other], match, numbers[other])
        )
        for key, one in index.weighed.items()
        if key.startswith("product/")
        for other, match in index.nearest(one, NEIGHBOURS)
    )


def _pk_of(record: Record, wanted: str) -> str | None:
    kind, _, pk = record.key.partition("/")
    return pk if kind == wanted else None


def _create(rows: Iterator[Any]) -> None:
    """Insert rows as they are made, so that thousands of them never stand in memory together."""
    while batch := list(islice(rows, _BATCH)):
        type(batch[0]).objects.bulk_create(batch)


def _neighbour(product: Product, item: Near) -> Neighbour:
    reasons = {**item.reasons, "sentence": item.sentence}
    return Neighbour(product=product, other_id=item.number, score=round(item.score, 4), reasons=reasons)


def _sentences(record: Record, lexicon: Lexicon) -> list[str]:
    result = []
    for sentence in readable(record, lexicon):
        result.append(short(sentence))
        if len(result) == _READABLE:
            break
    return result


def _changed_products() -> ProductQuerySet:
    missing = Q(similar_profile__isnull=True) | Q(updated_at__gt=F("similar_profile__at"))
    return Product.objects.listed().filter(missing)


def _changed_services() -> ListingQuerySet:
    missing = Q(similar_profile__isnull=True) | Q(updated_at__gt=F("similar_profile__at"))
    return Listing.objects.listed().filter(missing)


def _drop_gone() -> int:
    """Take out of the index what nobody should find any more."""
    gone = ProfileRecord.objects.filter(Q(service__is_gone=True) | ~Q(product__state="listed", service__isnull=True))
    gone = gone.exclude(service__is_gone=False)
    rows = list(gone)
    for row in rows:
        _unpost(row)
        row.delete()
    return len(rows)


def _put(
    record: Record,
    lexicon: Lexicon,
    taught: Mapping[str, float],
    *,
    product: Product | None = None,
    service: Listing | None = None,
) -> None:
    """Bring one service into the index, and its neighbours."""
    row = ProfileRecord.objects.filter(product=product, service=service).first()
    digest = records.digest(record)
    if row is not None and row.digest == digest:
        ProfileRecord.objects.filter(pk=row.pk).update(at=timezone.now())
        return
    one = weigh(profile(record, lexicon), lexicon, taught)
    content, sentences = storage.to_json(one), _sentences(record, lexicon)
    if row is None:
        row = ProfileRecord(product=product, service=service)
    else:
        _unpost(row)
        Neighbour.objects.filter(Q(other=row) | Q(product=product)).delete()
    row.content, row.sentences, row.digest, row.at = content, sentences, digest, timezone.now()
    row.save()
    _post(row.pk, one)
    found = near(one, skip=row.pk, most=NEIGHBOURS)
    _introduce(row, found, product)


def _introduce(row: ProfileRecord, found: Iterable[Near], product: Product | None) -> None:
    """Write the service's neighbours, and write it among theirs: nearness goes both ways."""
    listed = {item.number: item for item in found}
    rows = [_neighbour(product, item) for item in listed.values()] if product else []
    sides = ProfileRecord.objects.filter(pk__in=listed, product__isnull=False).select_related("product")
    for side in sides:
        reasons = {**listed[side.pk].reasons, "sentence": next(iter(row.sentences), "")}
        score = round(listed[side.pk].score, 4)
        rows.append(Neighbour(product=side.product, other=row, score=score, reasons=reasons))
    Neighbour.objects.bulk_create(rows, batch_size=_BATCH)


def _post(number: int, one: Weighed) -> None:
    mine = {term: (number, weight) for term, weight in posted(one)}
    present = {row.term: row for row in Posting.objects.filter(term__in=mine)}
    for term, row in present.items():
        row.holders = bytes(row.holders) + storage.pack([mine[term]])
    Posting.objects.bulk_update(present.values(), ["holders"], batch_size=_BATCH)
    new = [Posting(term=term, holders=storage.pack([pair])) for term, pair in mine.items() if term not in present]
    Posting.objects.bulk_create(new, batch_size=_BATCH)


def _unpost(row: ProfileRecord) -> None:
    terms = row.content["vectors"]["whole"]
    left = defaultdict[bool, list[Posting]](list)
    for posting in Posting.objects.filter(term__in=terms):
        posting.holders = storage.pack(pair for pair in storage.unpack(bytes(posting.holders)) if pair[0] != row.pk)
        left[bool(posting.holders)].append(posting)
    Posting.objects.bulk_update(left[True], ["holders"], batch_size=_BATCH)
    Posting.objects.filter(pk__in=[posting.pk for posting in left[False]]).delete()
