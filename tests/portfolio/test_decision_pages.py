"""What needs a look, why, for whom; and one message to the owner, once a day."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from parvis.audit.models import Event as JournalEvent
from parvis.audit.tags import Tag
from parvis.mail.models import Message
from parvis.portfolio.models import Product
from parvis.portfolio.queries.census import Standing, census
from parvis.portfolio.queries.decisions import GROUPS, findings, why
from parvis.portfolio.statistics import compute
from tests.factories.directory import EmailFactory, MembershipFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    DecisionFactory,
    EventFactory,
    IncubatorFactory,
    MissionFactory,
    PersonCardFactory,
    ProductFactory,
    SponsorshipFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 8, 20)


def standing(**more: Any) -> Standing:
    """Return a product that is well, but for what a test changes."""
    well: dict[str, Any] = {
        "id": None, "key": "x", "name": "X", "phase": "acceleration", "since": TODAY - timedelta(days=200),
        "incubators": ("nord",), "team": 4, "developers": 2, "intrapreneurs": 1, "all_leave": False,
        "last_end": TODAY + timedelta(days=400), "sponsors": 1, "touched_on": TODAY - timedelta(days=20),
        "looked_at": TODAY - timedelta(days=30), "undecided": None,
    }  # fmt: skip
    return Standing(**{**well, **more})


def told(**more: Any) -> list[tuple[str, str]]:
    with translation.override("en"):
        return [(one.group, one.kind) for one in findings(standing(**more), TODAY)]


def test_a_product_that_is_well_needs_no_look() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"since": TODAY - timedelta(days=1096)}, ("stale", "phase")),
        ({"touched_on": TODAY - timedelta(days=366)}, ("stale", "page")),
        ({"team": 0}, ("orphaned", "nobody")),
        ({"sponsors": 0}, ("orphaned", "sponsor")),
        ({"incubators": ()}, ("orphaned", "incubator")),
        ({"developers": 0}, ("fragile", "developer")),
        ({"developers": 1}, ("fragile", "one-developer")),
        ({"intrapreneurs": 0}, ("fragile", "intrapreneur")),
        ({"all_leave": True}, ("fragile", "leaving")),
        ({"undecided": TODAY - timedelta(days=3)}, ("overdue", "undecided")),
        ({"phase": "investigation", "since": TODAY - timedelta(days=271)}, ("overdue", "investigation")),
        ({"phase": "construction", "since": TODAY - timedelta(days=366), "looked_at": None}, ("overdue", "unseen")),
        (
            {"phase": "construction", "since": TODAY - timedelta(days=366), "looked_at": TODAY - timedelta(days=900)},
            ("overdue", "unseen"),
        ),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else "",
)
def test_each_reason_is_found(change: dict[str, Any], expected: tuple[str, str]) -> None:
    assert told(**change) == [expected]


@pytest.mark.parametrize(
    "change",
    [
        {"since": TODAY - timedelta(days=1095)},
        {"touched_on": TODAY - timedelta(days=365)},
        {"phase": "investigation", "developers": 0, "sponsors": 0},
        {"phase": "investigation", "since": TODAY - timedelta(days=270)},
        {"phase": "construction", "since": TODAY - timedelta(days=365), "looked_at": None},
    ],
)
def test_limits_are_included(change: dict[str, Any]) -> None:
    assert told(**change) == []


def test_a_team_of_nobody_is_orphaned_and_not_fragile_too() -> None:
    assert told(team=0, developers=0, intrapreneurs=0) == [("orphaned", "nobody")]


def test_ends_are_said_to_be_those_of_contracts() -> None:
    with translation.override("en"):
        words = why(standing(all_leave=True, team=3, last_end=date(2026, 9, 30)), "leaving", TODAY)
    assert words.startswith("All of its 3 people leave by 30")
    assert words.endswith("on paper")
    with translation.override("en"):
        from parvis.portfolio.queries.decisions import EXPLAINED

        assert "usually renewed" in str(EXPLAINED["fragile"])


@pytest.fixture
def nord() -> Any:
    return IncubatorFactory(name="Fabrique du Nord", key="nord")


@pytest.fixture
def manager(nord: Any) -> Any:
    person = UserFactory(given_name="Ana", family_name="Ruiz")
    MembershipFactory(user=person, group=nord.group, role="manager")
    return person


def page(client: Client, query: str = "") -> str:
    response = client.get(f"/portfolio/decisions/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_it_is_for_those_in_charge(client: Client, manager: Any) -> None:
    assert client.get("/portfolio/decisions/").status_code == 302
    client.force_login(UserFactory())
    assert client.get("/portfolio/decisions/").status_code == 403
    client.force_login(manager)
    assert client.get("/portfolio/decisions/").status_code == 200
    client.force_login(UserFactory(is_operator=True))
    assert client.get("/portfolio/decisions/").status_code == 200


def test_a_manager_sees_their_products_and_an_operator_all(client: Client, nord: Any, manager: Any) -> None:
    ProductFactory(name="Le nôtre", incubator=nord, phase="construction")
    ProductFactory(name="Le leur", incubator=IncubatorFactory(key="sud"), phase="construction")
    ProductFactory(name="Arrêté", incubator=nord, phase="abandon")
    client.force_login(manager)
    html = page(client)
    assert "Le nôtre" in html
    assert "Le leur" not in html
    assert "Arrêté" not in html
    client.force_login(UserFactory(is_operator=True))
    html = page(client)
    assert "Le nôtre" in html
    assert "Le leur" in html
    assert "Le nôtre" not in page(client, "?incubator=sud")


def test_groups_narrow_the_list_and_nonsense_does_not_break_it(client: Client, nord: Any, manager: Any) -> None:
    product = ProductFactory(name="Le nôtre", incubator=nord, phase="construction")
    SponsorshipFactory(product=product)
    client.force_login(manager)
    assert "Le nôtre" in page(client, "?group=orphaned")
    assert "Le nôtre" not in page(client, "?group=stale")
    for query in ("?group=nonsense", "?incubator=nowhere", "?page=99999999", "?page=-1", "?format=xml"):
        assert "Le nôtre" in page(client, query)


def test_the_list_is_a_file_too(client: Client, nord: Any, manager: Any) -> None:
    ProductFactory(name="Le nôtre", incubator=nord, phase="construction")
    client.force_login(manager)
    response = client.get("/portfolio/decisions/?format=csv&group=orphaned")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["Le nôtre", "Le nôtre"]
    assert len(rows[0]) == 6


def test_one_product_or_three_cost_the_same(client: Client, nord: Any, manager: Any) -> None:
    client.force_login(manager)

    def cost() -> int:
        page(client)
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    ProductFactory(incubator=nord, phase="construction")
    one = cost()
    for _number in range(2):
        ProductFactory(incubator=nord, phase="construction")
    assert cost() == one


def test_counts_agree_with_the_statistics(nord: Any) -> None:
    for domains, days in ((("Développement",), 30), (("Développement", "Intraprenariat"), 300), ((), 0)):
        product = ProductFactory(incubator=nord, phase="construction")
        for domain in domains:
            MissionFactory(user=PersonCardFactory(domain=domain).user, product=product, end_on=days_ago(-days))
    kinds = [finding.kind for one in census().standings for finding in findings(one, timezone.localdate())]
    expected = compute([
        "active_products_whole_team_leaves_within_90_days", "active_products_without_team_total",
        "active_products_without_intrapreneur", "developers_per_active_product",
    ])  # fmt: skip
    assert kinds.count("leaving") == expected["active_products_whole_team_leaves_within_90_days"] == 1
    assert kinds.count("nobody") == expected["active_products_without_team_total"] == 1
    assert kinds.count("intrapreneur") == expected["active_products_without_intrapreneur"] == 1
    assert kinds.count("one-developer") == expected["developers_per_active_product"]["1"] == 2


def test_a_committee_without_a_decision_is_overdue_until_one_is_recorded(nord: Any) -> None:
    product = ProductFactory(incubator=nord, phase="construction")
    committee = CommitteeFactory(incubator=nord, on=days_ago(4))
    committee.products.add(product)

    def kinds() -> list[str]:
        return [one.kind for one in findings(census().standings[0], timezone.localdate())]

    assert "undecided" in kinds()
    DecisionFactory(product=product, incubator=nord, committee=committee, on=days_ago(4))
    assert "undecided" not in kinds()


def test_a_committee_in_the_events_counts_as_a_look(nord: Any) -> None:
    product = ProductFactory(incubator=nord, phase="construction")
    EventFactory(product=product, on=days_ago(50))
    EventFactory(product=product, on=days_ago(-50))
    assert census().standings[0].looked_at == days_ago(50)


# --- One click to ask the owner --------------------------------------------------------------------------------------
@pytest.fixture
def product(nord: Any) -> Any:
    return ProductFactory(name="Le nôtre", key="notre", incubator=nord, phase="construction")


def owner_of(product: Any, language: str = "fr") -> Any:
    person = EmailFactory(user__language=language).user
    MembershipFactory(user=person, group=product.group, role="manager")
    return person


def ask(client: Client, key: str = "notre", **data: str) -> Any:
    return client.post(f"/portfolio/decisions/{key}/ask/", data)


def test_it_writes_to_the_managers_of_the_team_in_their_language(client: Client, product: Any, manager: Any) -> None:
    first, second = owner_of(product), owner_of(product, "en")
    client.force_login(manager)
    response = ask(client, back="group=orphaned")
    assert (response.status_code, response["Location"]) == (302, "/portfolio/decisions/?group=orphaned")
    mails = {mail.to: mail for mail in Message.objects.filter(template="portfolio/mail/ask_owner")}
    assert set(mails) == {first.emails.get().address, second.emails.get().address}
    english = mails[second.emails.get().address]
    assert english.subject == "Le nôtre needs your attention"
    assert "No organisation backs it" in english.text
    assert "Ana Ruiz" in english.text
    assert "/portfolio/products/notre/" in english.text
    assert manager.get_absolute_url() in english.text
    assert "Aucune organisation ne le porte" in mails[first.emails.get().address].text
    event = JournalEvent.objects.get(tag=Tag.PRODUCT_OWNER_ASKED)
    assert (event.by_id, event.target_id, event.data) == (manager.pk, product.pk, {"readers": 2})


def test_it_confirms_and_does_not_offer_it_again_today(client: Client, product: Any, manager: Any) -> None:
    owner_of(product)
    client.force_login(manager)
    assert 'action="/portfolio/decisions/notre/ask/"' in page(client)
    html = client.post("/portfolio/decisions/notre/ask/", follow=True).content.decode()
    assert "Le nôtre" in html
    assert 'class="message message-success"' in html
    assert 'action="/portfolio/decisions/notre/ask/"' not in html


def test_it_is_not_sent_twice_the_same_day(client: Client, product: Any, manager: Any) -> None:
    owner_of(product)
    client.force_login(manager)
    ask(client)
    html = client.post("/portfolio/decisions/notre/ask/", follow=True).content.decode()
    assert 'class="message message-warning"' in html
    assert Message.objects.filter(template="portfolio/mail/ask_owner").count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=1, hours=1)):
        client.force_login(manager)
        ask(client)
    assert Message.objects.filter(template="portfolio/mail/ask_owner").count() == 2


def test_without_a_manager_it_writes_to_the_mailbox(client: Client, product: Any, manager: Any) -> None:
    Product.objects.filter(pk=product.pk).update(contact="contact@notre.example")
    client.force_login(manager)
    ask(client)
    assert Message.objects.get(template="portfolio/mail/ask_owner").to == "contact@notre.example"


def test_without_a_mailbox_it_writes_to_who_carries_the_product(client: Client, product: Any, manager: Any) -> None:
    carrier = PersonCardFactory(domain="Intraprenariat", user=EmailFactory().user).user
    MissionFactory(user=carrier, product=product)
    MissionFactory(user=PersonCardFactory(domain="Développement").user, product=product)
    client.force_login(manager)
    ask(client)
    assert Message.objects.get(template="portfolio/mail/ask_owner").to == carrier.emails.get().address


def test_when_nobody_can_be_reached_it_says_so(client: Client, product: Any, manager: Any) -> None:
    client.force_login(manager)
    html = client.post("/portfolio/decisions/notre/ask/", follow=True).content.decode()
    assert 'class="message message-warning"' in html
    assert not Message.objects.filter(template="portfolio/mail/ask_owner").exists()
    assert not JournalEvent.objects.filter(tag=Tag.PRODUCT_OWNER_ASKED).exists()


def test_only_those_in_charge_may_ask(client: Client, product: Any) -> None:
    owner = owner_of(product)
    assert ask(client).status_code == 302
    client.force_login(UserFactory())
    assert ask(client).status_code == 403
    client.force_login(owner)
    assert ask(client).status_code == 403
    assert client.get("/portfolio/decisions/notre/ask/").status_code == 405
    assert not Message.objects.filter(template="portfolio/mail/ask_owner").exists()


def test_there_is_nothing_to_ask_about_a_stopped_or_unknown_product(client: Client, nord: Any, manager: Any) -> None:
    stopped = ProductFactory(key="fini", incubator=nord, phase="abandon")
    owner_of(stopped)
    client.force_login(manager)
    assert ask(client, "fini").status_code == 302
    assert ask(client, "nowhere").status_code == 404
    assert not Message.objects.filter(template="portfolio/mail/ask_owner").exists()


def test_a_flood_is_slowed_down(client: Client, nord: Any, product: Any, manager: Any) -> None:
    owner_of(product)
    for _index in range(40):
        JournalEvent.objects.create(tag=Tag.PRODUCT_OWNER_ASKED, by_id=manager.pk)
    client.force_login(manager)
    assert ask(client).status_code == 429
    assert not Message.objects.filter(template="portfolio/mail/ask_owner").exists()


def test_the_way_back_stays_here(client: Client, product: Any, manager: Any) -> None:
    owner_of(product)
    client.force_login(manager)
    for back in ("//evil.example", "https://evil.example", "a\r\nSet-Cookie: x=1"):
        response = ask(client, back=back)
        assert response.status_code in {302, 400}
        if response.status_code == 302:
            assert response["Location"].startswith("/portfolio/decisions/?")
    assert list(GROUPS) == ["overdue", "orphaned", "fragile", "stale"]
