"""`parvis demo`: the same network everywhere, once, and only where it belongs."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.demo import apps, queries
from parvis.demo.actions import tell
from parvis.demo.cli import demo
from parvis.demo.story.people import NEWCOMER, OPERATOR, PEOPLE
from parvis.directory.models import (
    Email,
    EmailDomain,
    Group,
    GroupMembership,
    Invitation,
    Organization,
    OrganizationMembership,
    RegistryIdentifier,
    User,
)
from parvis.oidc.models import ClientDay, Mishap
from parvis.portfolio.models import (
    BudgetLine,
    Committee,
    Decision,
    Deployment,
    Funding,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Incubator,
    Indicator,
    Measure,
    Mission,
    MissionProduct,
    Operator,
    PersonCard,
    Phase,
    PhaseName,
    Product,
    ProductIncubator,
    ProductTerm,
    Review,
    Revision,
    Sponsorship,
)
from parvis.portfolio.models import Event as ProductEvent
from parvis.suite.models import Application, Entitlement, Pin

pytestmark = pytest.mark.django_db
TOLD: tuple[Any, ...] = (
    User,
    Organization,
    Group,
    Email,
    EmailDomain,
    RegistryIdentifier,
    GroupMembership,
    OrganizationMembership,
    Invitation,
)


def dump() -> list[Any]:
    """Return every row; of what the catalogue's own actions write, all but identifiers and moments."""
    rows: list[Any] = [list(model.objects.order_by("pk").values()) for model in TOLD]
    for row in [*rows[0], *rows[1], *rows[2]]:
        del row["updated_at"]
    told = Event.objects.exclude(Q(tag__startswith="client.") | Q(tag__startswith="key."))
    rows.append(list(told.exclude(tag__startswith="application.").order_by("pk").values()))
    rows.append(sorted(map(str, told.values_list("tag", "by_id", "person_id", "target_id", "data"))))
    rows.append(list(ClientDay.objects.order_by("day").values_list("client__client_id", "day", "sign_ins", "refusals")))
    rows.append(list(Mishap.objects.order_by("code").values_list("client__client_id", "code", "received")))
    rows.append(list(Application.objects.order_by("pk").values_list("pk", "slug", "name_fr", "owner_id", "audience")))
    rows.append(sorted(map(str, Entitlement.objects.values_list("application__slug", "group__slug"))))
    rows.append(list(Pin.objects.order_by("user", "position").values_list("user_id", "application__slug")))
    return rows


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo, list(arguments))


def person(key: str) -> User:
    found: User = User.objects.get(emails__address__startswith=f"{key}@")
    return found


def test_two_tellings_give_the_same_rows() -> None:
    with transaction.atomic():
        tell()
        first = dump()
        transaction.set_rollback(True)
    assert not User.objects.exists()
    tell()
    assert dump() == first


def test_telling_it_again_changes_nothing() -> None:
    assert tell()
    before = dump()
    assert not tell()
    assert dump() == before


def test_it_is_a_small_believable_network() -> None:
    tell()
    assert User.objects.count() == 60
    assert Organization.objects.count() == 8
    kinds = list(Group.objects.values_list("kind", flat=True))
    assert [kinds.count(kind) for kind in ("incubator", "team", "jury", "cohort")] == [4, 14, 1, 1]
    assert Application.objects.count() == 3
    assert Invitation.objects.count() == 4
    assert all(invitation.is_pending for invitation in Invitation.objects.all())


def test_some_memberships_end_soon_some_are_over_and_some_are_to_come() -> None:
    tell()
    today = timezone.localdate()
    soon = GroupMembership.objects.current().filter(ends_on__lte=today + timedelta(days=30))
    assert soon.count() >= 8
    assert GroupMembership.objects.past().count() >= 5
    assert GroupMembership.objects.upcoming().count() == 3
    assert not GroupMembership.objects.current().filter(group__closed_on__isnull=False).exists()


def test_people_of_each_sort_are_there() -> None:
    tell()
    assert person(OPERATOR).is_staff
    assert person("julien.petit").memberships.filter(group__kind="incubator", role="manager").exists()
    assert person("aicha.benali").organization_memberships.current().count() == 2
    newcomer = person(NEWCOMER)
    assert not newcomer.memberships.exists()
    assert not newcomer.organization_memberships.exists()
    assert User.objects.filter(state="suspended").count() == User.objects.filter(state="anonymised").count() == 1
    assert User.objects.filter(language="en").count() == 6


def test_every_row_would_pass_the_forms() -> None:
    tell()
    for model in (Organization, Group, RegistryIdentifier, EmailDomain, GroupMembership, Application):
        for row in model.objects.all():
            row.full_clean()
    for user in User.objects.exclude(state="anonymised"):
        user.full_clean(exclude=["family_name"])


def test_nothing_that_is_told_is_in_the_future() -> None:
    tell()
    assert not Event.objects.filter(at__gt=timezone.now()).exists()
    assert not User.objects.filter(created_at__gt=timezone.now()).exists()


def test_the_journal_reads_in_the_order_of_what_happened() -> None:
    tell()
    past = Event.objects.exclude(tag__startswith="application.")
    moments = list(past.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert set(past.values_list("tag", flat=True)) >= {
        Tag.USER_CREATED, Tag.DOMAIN_VERIFIED, Tag.GROUP_CLOSED, Tag.MEMBERSHIP_STARTED, Tag.MEMBERSHIP_ENDED,
        Tag.INVITATION_SENT, Tag.USER_SUSPENDED,
    }  # fmt: skip


def test_no_address_can_receive_mail() -> None:
    tell()
    addresses = [
        *Email.objects.values_list("address", flat=True),
        *Invitation.objects.values_list("address", flat=True),
    ]
    assert {address.rpartition(".")[2] for address in addresses} == {"example"}
    assert all(
        address.split("/")[2].endswith(".example.org") for address in Application.objects.values_list("url", flat=True)
    )


def test_people_have_different_names_and_keys() -> None:
    assert len({story.key for story in PEOPLE}) == len(PEOPLE)
    assert len({(story.given_name, story.family_name) for story in PEOPLE}) == len(PEOPLE)


def test_the_command_says_who_to_sign_in_as() -> None:
    result = run()
    assert result.exit_code == 0, result.output
    assert "claire.moreau@numerique.example" in result.stdout
    assert "was here already" in run().stdout
    assert run("--if-empty").output == ""
    printed = json.loads(run("--json").stdout)
    assert printed["created"] is False
    addresses = [one["email"] for one in printed["sign_in_as"]]
    assert Email.objects.filter(address__in=addresses, verified_at__isnull=False).count() == len(addresses) == 7


def test_a_directory_with_people_is_left_alone_unless_forced() -> None:
    User.objects.create(given_name="Ada")
    result = run()
    assert (result.exit_code, User.objects.count()) == (1, 1)
    assert "--force" in result.stderr
    quiet = run("--if-empty")
    assert (quiet.exit_code, quiet.output, User.objects.count()) == (0, "", 1)
    assert run("--force").exit_code == 0
    assert User.objects.count() == 61


def test_production_refuses_it_unless_told(settings: Any) -> None:
    settings.IS_PRODUCTION = True
    result = run("--force")
    assert result.exit_code == 1
    assert "--in-production" in result.stderr
    assert not User.objects.exists()
    assert run("--in-production").exit_code == 0


def test_a_development_server_says_who_to_sign_in_as() -> None:
    assert apps._welcome() == []
    tell()
    assert any("noe.lambert@messagerie.example" in line for line in apps._welcome())


def test_names_are_found_by_the_search() -> None:
    tell()
    assert [user.family_name for user in User.objects.search("quere rozenn")] == ["Quéré"]
    assert queries.visitors()[0].name == "Claire Moreau"


PORTFOLIO: tuple[Any, ...] = (
    Incubator, Product, ProductIncubator, Sponsorship, Phase, ProductEvent, Funding, ProductTerm, Decision, PersonCard,
    Mission, MissionProduct, Deployment, Indicator, Measure, BudgetLine, HandOff, HandOffItem, HandOffSignal, Operator,
    Committee, Review, Revision,
)  # fmt: skip


def portfolio() -> list[Any]:
    rows = [list(model.objects.order_by("pk").values()) for model in PORTFOLIO]
    for row in (one for table in rows for one in table):
        for column in ("updated_at", "term_id", "territory_id", "created_at", "asked_at"):
            row.pop(column, None)
    return rows


def test_the_portfolio_is_the_same_each_time() -> None:
    with transaction.atomic():
        tell()
        first = portfolio()
        transaction.set_rollback(True)
    tell()
    assert portfolio() == first


def test_the_portfolio_shows_every_stage_of_a_life() -> None:
    tell()
    assert Product.objects.listed().count() == 25
    assert Product.objects.filter(state="proposed").count() == 1
    phases = set(Product.objects.values_list("current_phase", flat=True))
    assert phases == {"", *PhaseName.values}
    assert Product.objects.stopped().exclude(lessons="").exclude(lessons_en="").count() == 6
    assert Product.objects.filter(incubator_links__position=1).count() == 1
    assert Incubator.objects.count() == 4
    today = timezone.localdate()
    assert Committee.objects.filter(on__gt=today).count() == 8
    assert Mission.objects.active().filter(end_on__lte=today + timedelta(days=30)).count() >= 5
    assert Deployment.objects.filter(territory__scheme="fr-dep").count() >= 20
    assert Deployment.objects.filter(territory__scheme="fr-reg").exists()
    assert Measure.objects.count() > 150
    assert HandOffItem.objects.filter(done_on=None).exists()
    assert not Phase.objects.filter(rank=0).exists()


def test_every_row_of_the_portfolio_would_pass_the_forms() -> None:
    tell()
    of_programs = {Review: ["answered_by", "answered_at"], Decision: ["by"]}  # No form ever fills them.
    for model in PORTFOLIO:
        for row in model.objects.all():
            row.full_clean(exclude=of_programs.get(model, []))
    assert not Measure.objects.filter(on__gt=timezone.localdate()).exists()


def test_each_page_of_the_portfolio_shows_what_was_told(client: Client) -> None:
    tell()
    incubators = [one.get_absolute_url() for one in Incubator.objects.all()]
    pages = ["/portfolio/", "/portfolio/explore/", *incubators]
    pages += [one.get_absolute_url() for one in Product.objects.listed()]
    answers = {page: client.get(page).status_code for page in pages}
    assert {page: status for page, status in answers.items() if status != 200} == {}
    proposed = Product.objects.get(state="proposed")
    assert client.get(proposed.get_absolute_url()).status_code == 404
