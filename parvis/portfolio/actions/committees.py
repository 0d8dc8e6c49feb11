"""Committees and their papers, which only those concerned may read."""

from collections.abc import Iterable
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from parvis.audit.journal import record
from parvis.audit.tags import Tag
from parvis.directory.models import User
from parvis.lib.text import one_line
from parvis.portfolio.models import Committee, CommitteePaper, Product


@transaction.atomic
def save_committee(*, by: User, committee: Committee, products: Iterable[Product] | None = None) -> Committee:
    """Announce a committee or change it; a new day is reminded of anew."""
    known = Committee.objects.select_for_update().filter(pk=committee.pk).first()
    if known is None:
        committee.created_by = by
    elif known.on != committee.on:
        committee.reminded_at = None
    committee.full_clean(exclude=["id"])
    committee.save()
    if products is not None:
        committee.products.set(products)
    record(tag=Tag.COMMITTEE_SAVED, by=by, target=committee, on=str(committee.on), title=committee.title)
    return committee


@transaction.atomic
def remove_committee(*, by: User, committee: Committee) -> None:
    """Cancel a committee; its decisions stay, its papers go."""
    for paper in committee.papers.all():
        remove_paper(by=by, paper=paper)
    record(tag=Tag.COMMITTEE_REMOVED, by=by, target=committee, on=str(committee.on), title=committee.title)
    committee.delete()


@transaction.atomic
def add_paper(
    *, by: User, title: str, file: UploadedFile, content_type: str, product: Product | None, committee: Committee | None
) -> CommitteePaper:
    """Keep a paper outside of what the web server serves, under a name that says nothing."""
    paper = CommitteePaper(
        title=title,
        product=product,
        committee=committee,
        file_name=_safe_name(file.name or ""),
        content_type=content_type,
        size=file.size or 0,
        added_by=by,
    )
    paper.file.save(paper.file_name, file, save=False)
    paper.save(force_insert=True)
    record(tag=Tag.PAPER_ADDED, by=by, target=product or committee, title=title)
    return paper


@transaction.atomic
def remove_paper(*, by: User, paper: CommitteePaper) -> None:
    """Delete a paper and, once that is sure, its file."""
    record(tag=Tag.PAPER_REMOVED, by=by, target=paper.product or paper.committee, title=paper.title)
    storage, name = paper.file.storage, paper.file.name
    paper.delete()
    transaction.on_commit(partial(storage.delete, name), robust=True)


def _safe_name(name: str) -> str:
    """Return a file's own name without any path or control character."""
    last = one_line(name).replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char not in '"<>|:*?')[-180:] or "paper"
