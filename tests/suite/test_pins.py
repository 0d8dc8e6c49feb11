import pytest

from parvis.directory.models import User
from parvis.suite.actions import pins
from parvis.suite.exceptions import TooManyPinsError
from parvis.suite.models import Application, Pin
from tests.factories.directory import UserFactory
from tests.factories.suite import ApplicationFactory, PinFactory, browser_of

pytestmark = pytest.mark.django_db


def order(user: User) -> list[str]:
    return [pin.application.name_fr for pin in user.pins.select_related("application")]


def three(user: User) -> dict[str, Application]:
    found: dict[str, Application] = {name: ApplicationFactory(name_fr=name) for name in "ABC"}
    for application in found.values():
        pins.pin(by=user, application=application)
    return found


def test_pins_keep_the_order_in_which_they_were_made_and_pinning_twice_changes_nothing() -> None:
    person = UserFactory()
    found = three(person)
    pins.pin(by=person, application=found["A"])
    assert order(person) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("name", "step", "after"), [("B", -1, "BAC"), ("B", 1, "ACB"), ("A", -1, "ABC"), ("C", 1, "ABC"), ("C", -1, "ACB")]
)
def test_moving_one_place(name: str, step: int, after: str) -> None:
    person = UserFactory()
    found = three(person)
    pins.move(by=person, application=found[name], step=step)
    assert "".join(order(person)) == after


def test_unpinning_closes_the_gap() -> None:
    person = UserFactory()
    found = three(person)
    pins.unpin(by=person, application=found["B"])
    assert list(person.pins.values_list("position", flat=True)) == [0, 1]


def test_there_is_a_limit() -> None:
    person = UserFactory()
    for _number in range(Pin.MAX):
        PinFactory(user=person)
    with pytest.raises(TooManyPinsError):
        pins.pin(by=person, application=ApplicationFactory())


def test_buttons_pin_move_and_unpin() -> None:
    person = UserFactory()
    first, second = ApplicationFactory(name_fr="A"), ApplicationFactory(name_fr="B")
    browser = browser_of(person)
    for application in (first, second):
        assert browser.post(f"/apps/{application.slug}/pin/").status_code == 302
    browser.post(f"/apps/{second.slug}/move/", {"to": "up"})
    assert order(person) == ["B", "A"]
    browser.post(f"/apps/{second.slug}/move/", {"to": "sideways"})
    browser.post(f"/apps/{second.slug}/unpin/")
    assert order(person) == ["A"]


def test_what_one_may_not_use_cannot_be_pinned_nor_discovered() -> None:
    hidden = ApplicationFactory(chosen=True)
    listed = ApplicationFactory(chosen=True, public=True)
    browser = browser_of(UserFactory())
    assert browser.post(f"/apps/{hidden.slug}/pin/").status_code == 404
    assert browser.post(f"/apps/{listed.slug}/pin/").status_code == 404
    assert browser.get(f"/apps/{listed.slug}/pin/").status_code == 405
    assert not Pin.objects.exists()
