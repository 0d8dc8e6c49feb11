"""Who may see and change what in the portfolio: `can_*` answers for one object, the plural forms for a set.

The rules in words, which `tests/portfolio/test_policies.py` holds for each role:

- The portfolio is public: everyone sees listed products, their phases, events, decisions and changes.
- What is only proposed, declined or withdrawn is seen by who proposed it, its team, its incubators and operators.
- A hidden incubator is seen by its own people and operators, and is named nowhere; its products stay public.
- A team edits its own page (any member). Its incubators' managers and operators do too, and they alone decide about
  phases and answer what a team asks them to review.
- Papers are seen by the committee's incubator (its managers and its own members), by the team of the product that a
  paper is about, and by operators.
- A person is named in teams to the signed-in as the directory lets them, and to everyone else only when they have a
  card, open to the network, that does not ask to stay off public pages.

A product's incubators are those of its links: with two of them, the managers of both look after it.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from parvis.directory.policies import can_see_user, is_member, visible_users

if TYPE_CHECKING:
    from parvis.directory.models import User
    from parvis.directory.models.user import UserQuerySet
    from parvis.portfolio.models import Committee, CommitteePaper, Incubator, PersonCard, Product
    from parvis.portfolio.models.incubator import IncubatorQuerySet
    from parvis.portfolio.models.life import CommitteePaperQuerySet, CommitteeQuerySet
    from parvis.portfolio.models.mission import PersonCardQuerySet
    from parvis.portfolio.models.product import ProductQuerySet

# A user of the directory, or Django's anonymous user, or nobody.
Viewer = Any


# --- Incubators ------------------------------------------------------------------------------------------------------
def can_see_incubator(viewer: Viewer, incubator: "Incubator") -> bool:
    """Say whether the viewer may open the incubator's page and read its name anywhere."""
    if not incubator.is_hidden:
        return True
    if not is_member(viewer):
        return False
    return viewer.is_staff or incubator.group_id in _circle(viewer)


def visible_incubators(incubators: "IncubatorQuerySet", viewer: Viewer) -> "IncubatorQuerySet":
    """Return the incubators whose page and name the viewer may read."""
    if not is_member(viewer):
        return incubators.filter(is_hidden=False)
    return incubators if viewer.is_staff else incubators.filter(Q(is_hidden=False) | Q(group__in=_circle(viewer)))


def _circle(viewer: "User") -> set[UUID]:
    """Return the groups to which the viewer belongs, by themselves or through a team below, and those they manage."""
    return viewer.standing.group_ids_with_those_above | viewer.standing.managed_group_ids


def can_manage_incubator(by: Viewer, incubator: "Incubator") -> bool:
    """Say whether `by` looks after the incubator: its managers, those of its organisation, operators."""
    return is_member(by) and (by.is_staff or incubator.group_id in by.standing.managed_group_ids)


def managed_incubators(incubators: "IncubatorQuerySet", by: Viewer) -> "IncubatorQuerySet":
    """Return the incubators that the person looks after."""
    if not is_member(by):
        return incubators.none()
    return incubators if by.is_staff else incubators.filter(group__in=by.standing.managed_group_ids)


# --- Products --------------------------------------------------------------------------------------------------------
def can_see_product(viewer: Viewer, product: "Product") -> bool:
    """Say whether the viewer may open the product's page."""
    if product.state == product.State.LISTED:
        return True
    return is_member(viewer) and (product.created_by_id == viewer.pk or can_edit_product(viewer, product))


def visible_products(products: "ProductQuerySet", viewer: Viewer) -> "ProductQuerySet":
    """Return the products whose page the viewer may open."""
    if not is_member(viewer):
        return products.filter(state="listed")
    if viewer.is_staff:
        return products
    return products.filter(Q(state="listed") | Q(created_by=viewer) | _in_team(viewer) | _in_managed(products, viewer))


def can_propose_product(by: Viewer) -> bool:
    """Say whether `by` may propose an investigation: everyone who is signed in."""
    return is_member(by)


def is_in_team(viewer: Viewer, product: "Product") -> bool:
    """Say whether the viewer belongs to the product's team today, or looks after it."""
    if not is_member(viewer) or product.group_id is None:
        return False
    return product.group_id in viewer.standing.group_ids or product.group_id in viewer.standing.managed_group_ids


def _in_team(viewer: "User") -> Q:
    return Q(group__in=viewer.standing.group_ids | viewer.standing.managed_group_ids)


def can_edit_product(by: Viewer, product: "Product") -> bool:
    """Say whether `by` may change the product's page: its team, its incubators' managers, operators."""
    return is_in_team(by, product) or can_review_product(by, product)


def editable_products(products: "ProductQuerySet", by: Viewer) -> "ProductQuerySet":
    """Return the products whose page the person may change."""
    if not is_member(by):
        return products.none()
    return products if by.is_staff else products.filter(_in_team(by) | _in_managed(products, by))


def can_review_product(by: Viewer, product: "Product") -> bool:
    """Say whether `by` may accept what a team asks for, and change what matters at once: incubators and operators."""
    if not is_member(by):
        return False
    return by.is_staff or product.incubators.filter(group__in=by.standing.managed_group_ids).exists()


def reviewable_products(products: "ProductQuerySet", by: Viewer) -> "ProductQuerySet":
    """Return the products for which the person's incubators answer; all of them for an operator."""
    if not is_member(by):
        return products.none()
    return products if by.is_staff else products.filter(_in_managed(products, by))


def _in_managed(products: "ProductQuerySet", by: "User") -> Q:
    """Return the condition "the person manages an incubator of the product", as a sub-query: no row is doubled."""
    mine = products.model.objects.filter(incubators__group__in=by.standing.managed_group_ids)
    return Q(pk__in=mine.values("pk"))


def can_decide(by: Viewer, product: "Product") -> bool:
    """Say whether `by` may record a decision about the product: whoever may review it."""
    return can_review_product(by, product)


# --- Committees and papers -------------------------------------------------------------------------------------------
def can_see_committee(viewer: Viewer, committee: "Committee") -> bool:
    """Say whether the viewer may read the day and title of a committee."""
    if committee.is_public and can_see_incubator(viewer, committee.incubator):
        return True
    return is_member(viewer) and (viewer.is_staff or committee.incubator.group_id in _circle(viewer))


def visible_committees(committees: "CommitteeQuerySet", viewer: Viewer) -> "CommitteeQuerySet":
    """Return the committees whose day and title the viewer may read."""
    public = Q(is_public=True, incubator__is_hidden=False)
    if not is_member(viewer):
        return committees.filter(public)
    return committees if viewer.is_staff else committees.filter(public | Q(incubator__group__in=_circle(viewer)))


def _committee_groups(viewer: "User") -> set[UUID]:
    """Return the groups whose papers are the viewer's: those they manage, and their own; not those above."""
    return viewer.standing.group_ids | viewer.standing.managed_group_ids


def can_see_papers(viewer: Viewer, paper: "CommitteePaper") -> bool:
    """Say whether the viewer may know of the paper and read it."""
    if not is_member(viewer):
        return False
    if viewer.is_staff:
        return True
    own = _committee_groups(viewer)
    if paper.product and paper.product.group_id in own:
        return True
    return bool(paper.concerned_incubator_group_ids() & own)


def visible_papers(papers: "CommitteePaperQuerySet", viewer: Viewer) -> "CommitteePaperQuerySet":
    """Return the papers that the viewer may read."""
    if not is_member(viewer):
        return papers.none()
    if viewer.is_staff:
        return papers
    own = _committee_groups(viewer)
    concerned = Q(committee__incubator__group__in=own) | Q(product__group__in=own)
    through_product = papers.model.objects.filter(product__incubators__group__in=own)
    return papers.filter(concerned | Q(pk__in=through_product.values("pk")))


def can_add_papers(by: Viewer, product: "Product") -> bool:
    """Say whether `by` may add a paper about the product: whoever may edit its page."""
    return can_edit_product(by, product)


# --- People in teams -------------------------------------------------------------------------------------------------
def can_see_in_team(viewer: Viewer, person: "User", card: "PersonCard | None") -> bool:
    """Say whether the viewer may read the person's name in a team."""
    if is_member(viewer):
        return can_see_user(viewer, person)
    return (
        card is not None
        and not card.hide_from_public
        and person.state == "active"
        and person.card_audience == "network"
    )


def visible_team_people(people: "UserQuerySet", viewer: Viewer) -> "UserQuerySet":
    """Return the people whose names the viewer may read in teams."""
    if is_member(viewer):
        return visible_users(people, viewer)
    return people.filter(state="active", card_audience="network", card__hide_from_public=False)


def visible_cards(cards: "PersonCardQuerySet", viewer: Viewer) -> "PersonCardQuerySet":
    """Return the cards of the people whose names the viewer may read in teams."""
    from parvis.directory.models import User  # a policy of the directory answers for a set of people

    if not is_member(viewer):
        # Asked card by card, so that a page of cards in order reads no more than a page.
        seen = User.objects.filter(pk=OuterRef("user"), state="active", card_audience="network")
        return cards.filter(Exists(seen), hide_from_public=False)
    if viewer.is_staff:
        return cards.exclude(user__state="anonymised")
    return cards.filter(user__in=visible_users(User.objects.all(), viewer))


def can_edit_card(by: Viewer, card: "PersonCard") -> bool:
    """Say whether `by` may change the card, and ask to stay off public pages: oneself, or an operator."""
    return is_member(by) and (by.is_staff or by.pk == card.user_id)
