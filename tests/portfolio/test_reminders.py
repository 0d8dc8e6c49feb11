"""Reminders, each once; and links looked at a few at a time."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from parvis.lib import safe_fetch
from parvis.mail.models import Message
from parvis.portfolio import tasks
from parvis.portfolio.actions import links, reminders
from parvis.portfolio.models import LinkCheck, Mute, Notice, Product
from tests.factories.directory import EmailFactory, MembershipFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    IncubatorFactory,
    MissionFactory,
    PersonCardFactory,
    ProductFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Any:
    return ProductFactory(key="nid", name="Nid", incubator=IncubatorFactory(), phase="construction")


@pytest.fixture
def member(product: Any) -> Any:
    user = MembershipFactory(group=product.group).user
    EmailFactory(user=user, address="membre@example.org")
    return user


def told(template: str) -> list[str]:
    return sorted(Message.objects.filter(template=f"portfolio/mail/{template}").values_list("to", flat=True))


def test_a_committee_is_reminded_of_once_a_week_before(product: Any, member: Any) -> None:
    committee = CommitteeFactory(incubator=product.incubators.get(), on=days_ago(-6), title="Comité")
    CommitteeFactory(incubator=committee.incubator, on=days_ago(-9))
    CommitteeFactory(incubator=committee.incubator, on=days_ago(1))
    committee.products.add(product)
    for _time in range(2):
        tasks.give_reminders()
    assert told("committee_soon") == ["membre@example.org"]
    assert "Nid" in Message.objects.get(template="portfolio/mail/committee_soon").text


def test_people_who_leave_within_a_month_are_told_once_unless_a_mission_follows(product: Any, member: Any) -> None:
    leaver = PersonCardFactory(user__given_name="Zoé").user
    MissionFactory(user=leaver, product=product, end_on=days_ago(-20))
    renewed = PersonCardFactory(user__given_name="Renouvelée").user
    MissionFactory(user=renewed, product=product, end_on=days_ago(-20))
    MissionFactory(user=renewed, product=product, start_on=days_ago(-15), end_on=days_ago(-300))
    MissionFactory(user=PersonCardFactory(user__given_name="Plus tard").user, product=product, end_on=days_ago(-40))
    stopped = ProductFactory(phase="abandon")
    MissionFactory(product=stopped, end_on=days_ago(-20))
    for _time in range(2):
        tasks.give_reminders()
    assert told("departures") == ["membre@example.org"]
    text = Message.objects.get(template="portfolio/mail/departures").text
    assert "Zoé" in text
    assert "Renouvelée" not in text
    assert "Plus tard" not in text
    assert "usually renewed" in text


def test_a_page_that_nobody_confirmed_for_a_year_is_asked_about_once(product: Any, member: Any) -> None:
    long_ago = timezone.now() - timedelta(days=366)
    ProductFactory(phase="construction")
    Product.objects.filter(pk=product.pk).update(updated_at=long_ago, confirmed_at=None)
    for _time in range(2):
        tasks.give_reminders()
    assert told("stale_page") == ["membre@example.org"]
    Notice.objects.all().delete()
    Product.objects.filter(pk=product.pk).update(confirmed_at=timezone.now())
    tasks.give_reminders()
    assert told("stale_page") == ["membre@example.org"]


def test_muted_reminders_are_not_sent(product: Any, member: Any) -> None:
    for kind in Mute.Kind.values:
        Mute.objects.create(user=member, kind=kind)
    CommitteeFactory(incubator=product.incubators.get(), on=days_ago(-6)).products.add(product)
    MissionFactory(user=PersonCardFactory().user, product=product, end_on=days_ago(-20))
    reminders.remind()
    assert not Message.objects.filter(template__startswith="portfolio/").exists()


# --- Links -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Answer with these statuses; an address that is not there does not answer."""
    answers: dict[str, Any] = {}

    def look(url: str, **_named: Any) -> int:
        if url not in answers:
            raise safe_fetch.FetchError("no connection")
        return int(answers[url])

    monkeypatch.setattr(safe_fetch, "look", look)
    return answers


@pytest.mark.parametrize(
    ("url", "status", "result"),
    [
        ("https://a.example", 200, "fine"),
        ("https://a.example", 301, "moved"),
        ("https://a.example", 404, "broken"),
        ("https://a.example", 500, "broken"),
        ("https://a.example", 403, "fine"),
        ("https://a.example", 429, "fine"),
        ("https://a.example", None, "broken"),
        ("http://a.example", 200, "refused"),
        ("https://user:secret@a.example", 200, "refused"),
    ],
)
def test_what_is_found_behind_a_link(web: dict[str, Any], url: str, status: int | None, result: str) -> None:
    if status:
        web[url] = status
    product = ProductFactory(website=url)
    assert links.look_at_links() == 1
    check = LinkCheck.objects.get()
    assert (check.product, check.field, check.url, check.result) == (product, "website", url, result)
    assert links.look_at_links() == 0


def test_failures_add_up_and_a_change_starts_anew(web: dict[str, Any]) -> None:
    product = ProductFactory(website="https://gone.example")
    for expected in (1, 2, 3):
        assert tasks.check_links() == 1
        assert LinkCheck.objects.get().failures == expected
        LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=2))
    Product.objects.filter(pk=product.pk).update(website="https://new.example")
    web["https://new.example"] = 200
    tasks.check_links()
    check = LinkCheck.objects.get()
    assert (check.url, check.result, check.failures) == ("https://new.example", "fine", 0)
    Product.objects.filter(pk=product.pk).update(website="")
    LinkCheck.objects.update(checked_at=timezone.now() - timedelta(days=9))
    tasks.check_links()
    assert not LinkCheck.objects.exists()


def test_a_site_is_asked_once_a_turn_and_a_turn_is_short(web: dict[str, Any]) -> None:
    for number in range(15):
        ProductFactory(website=f"https://one.example/{number}", repository=f"https://{number}.example")
    due = links.due_links(10)
    assert len(due) == 10
    assert len({link.url.split("/")[2] for link in due}) == 10
