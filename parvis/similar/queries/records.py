"""Products and services of other directories as the engine reads them."""

import hashlib
from collections.abc import Iterable, Iterator

from django.db.models import Prefetch

from parvis.portfolio.models import Product, ProductTerm, Term
from parvis.portfolio.models.product import ProductQuerySet
from parvis.similar.engine import evidence
from parvis.similar.engine.records import Record
from parvis.similar.models import Listing

_TERMS = (Term.Kind.THEME, Term.Kind.USER_TYPE)
_CHUNK = 300


def with_terms(products: ProductQuerySet) -> ProductQuerySet:
    """Return the products with their themes and kinds of users at hand."""
    links = ProductTerm.objects.filter(term__kind__in=_TERMS).select_related("term")
    return products.prefetch_related(Prefetch("term_links", links, to_attr="similar_links"))


def product_key(product: Product) -> str:
    """Return the product's key among all services."""
    return f"product/{product.pk}"


def service_key(service: Listing) -> str:
    """Return the key among all services of one of another directory."""
    return f"service/{service.pk}"


def of_product(product: Product) -> Record:
    """Return what the engine reads of a product fetched by `with_terms`."""
    terms: list[Term] = [link.term for link in getattr(product, "similar_links", ())]
    return Record(
        product_key(product),
        product.name,
        product.mission,
        product.description,
        product.problem_original or product.problem_en,
        product.solution_original or product.solution_en,
        evidence.areas(term.label_fr for term in terms if term.kind == Term.Kind.THEME),
        evidence.users(term.key for term in terms if term.kind == Term.Kind.USER_TYPE),
    )


def of_service(service: Listing) -> Record:
    """Return what the engine reads of a service: its texts in one language, French or English where it has them."""
    code = next((code for code in ("en", "fr") if service.pitches.get(code) or service.descriptions.get(code)), "")
    pitch = service.pitches.get(code) or next(iter(service.pitches.values()), "")
    body = service.descriptions.get(code) or next(iter(service.descriptions.values()), "")
    return Record(
        service_key(service),
        " / ".join([service.name, *service.synonyms]),
        pitch,
        body,
        service.problem,
        service.solution,
        frozenset(service.areas),
        frozenset(service.users),
        code,
    )


def everything() -> Iterator[Record]:
    """Yield every service that anybody may read, products first."""
    for product in with_terms(Product.objects.listed()).iterator(_CHUNK):
        yield of_product(product)
    for service in Listing.objects.listed().iterator(_CHUNK):
        yield of_service(service)


def digest(record: Record) -> str:
    """Return what changes when anything that the engine reads of a service changes."""
    parts: Iterable[str] = [
        record.name, record.pitch, record.body, record.problem, record.solution,
        *sorted(record.areas), *sorted(record.users), record.language,
    ]  # fmt: skip
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
