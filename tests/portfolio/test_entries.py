"""What the data never held: forms that say what to do, files all or nothing, and the history of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from parvis.portfolio.models import (
    BudgetLine,
    Committee,
    CommitteePaper,
    Deployment,
    HandOff,
    HandOffItem,
    HandOffSignal,
    Indicator,
    Measure,
    Operator,
    Revision,
)
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.portfolio import (
    CommitteeFactory,
    DeploymentFactory,
    IncubatorFactory,
    IndicatorFactory,
    ProductFactory,
    TerritoryFactory,
    days_ago,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incubator() -> Any:
    return IncubatorFactory(key="nord")


@pytest.fixture
def product(incubator: Any) -> Any:
    return ProductFactory(key="nid", incubator=incubator, phase="construction")


@pytest.fixture
def member(product: Any, client: Client) -> Any:
    user = MembershipFactory(group=product.group).user
    client.force_login(user)
    return user


def data_url(kind: str, rest: str = "") -> str:
    return f"/portfolio/products/nid/data/{kind}/{rest}"


ROWS: dict[str, tuple[dict[str, str], type[Any]]] = {
    "deployments": ({"territory": "FR-75", "from_on": "2024-01-01", "source_url": "https://s.example"}, Deployment),
    "indicators": ({"name": "Familles", "unit": "people", "direction": "up"}, Indicator),
    "measures": ({"indicator": "Usagers", "on": "2024-01-01", "value": "12.5"}, Measure),
    "budget": ({"year": "2024", "funder": "dgx", "amount": "1000"}, BudgetLine),
    "signals": ({"kind": "releases", "on": "2024-01-01", "value": "yes"}, HandOffSignal),
    "operators": ({"organization": "dgx", "from_on": "2024-01-01"}, Operator),
}


@pytest.fixture
def choices(product: Any) -> None:
    TerritoryFactory(code="FR-75", name_fr="Paris")
    OrganizationFactory(slug="dgx")
    IndicatorFactory(product=product, name="Usagers")


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_is_added_changed_and_removed_and_the_history_tells(
    client: Client, member: Any, choices: None, kind: str
) -> None:
    data, model = ROWS[kind]
    before = model.objects.count()
    assert client.post(data_url(kind, "add/"), data).status_code == 302
    row = model.objects.order_by("-pk").first()
    assert model.objects.count() == before + 1
    assert client.get(data_url(kind)).status_code == 200
    assert client.get(data_url(kind, f"{row.pk}/")).status_code == 200
    assert client.post(data_url(kind, f"{row.pk}/"), {**data, "note": "Vu"}).status_code == 302
    assert "the history remembers" in client.get(data_url(kind, f"{row.pk}/remove/")).content.decode()
    assert model.objects.filter(pk=row.pk).exists()
    assert client.post(data_url(kind, f"{row.pk}/remove/")).status_code == 302
    assert model.objects.count() == before
    told = [next(iter(one.changes.items())) for one in Revision.objects.order_by("at")]
    assert {name for name, _pair in told} == {kind}
    assert told[0][1][0] is None
    assert told[-1][1][1] is None
    assert Revision.objects.filter(by=member).count() == len(told)


@pytest.mark.parametrize(
    ("kind", "changes", "field", "words"),
    [
        ("deployments", {"territory": "XX"}, "territory", ""),
        ("deployments", {"to_on": "2020-01-01"}, "", "The end cannot come before the start"),
        ("deployments", {"source_url": "javascript:x"}, "source_url", ""),
        ("indicators", {"target_value": "3"}, "", "Give the target and the day"),
        ("indicators", {"name": "Usagers"}, "", "already exists"),
        ("measures", {"indicator": "Autre"}, "indicator", ""),
        ("measures", {"value": "NaN"}, "value", ""),
        ("budget", {"funder": ""}, "funder", "Choose the funder"),
        ("budget", {"amount": "-1"}, "", "cannot be negative"),
        ("budget", {"year": "20"}, "year", ""),
        ("signals", {"value": "maybe"}, "value", ""),
        ("operators", {"from_on": "31/02/2024"}, "from_on", ""),
    ],
)
def test_a_mistake_is_told_at_its_place_and_nothing_is_written(
    client: Client, member: Any, choices: None, kind: str, changes: dict[str, str], field: str, words: str
) -> None:
    data, model = ROWS[kind]
    before = model.objects.count()
    answer = client.post(data_url(kind, "add/"), {**data, **changes})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert model.objects.count() == before
    assert words in html
    assert not field or f'href="#id_{field}"' in html


def test_the_same_row_twice_is_refused_in_words(client: Client, member: Any, product: Any, choices: None) -> None:
    DeploymentFactory(product=product, territory=TerritoryFactory(code="FR-75"), from_on="2024-01-01")
    answer = client.post(data_url("deployments", "add/"), ROWS["deployments"][0])
    assert "This territory is already there from that day" in answer.content.decode()


def test_rows_of_another_product_are_not_found(client: Client, member: Any) -> None:
    other = DeploymentFactory()
    for rest in (f"{other.pk}/", f"{other.pk}/remove/"):
        assert client.get(data_url("deployments", rest)).status_code == 404
    assert client.get(data_url("nonsense")).status_code == 404
    assert client.get("/portfolio/products/nid/edit/nonsense/").status_code == 404


# --- Files -----------------------------------------------------------------------------------------------------------
def send(client: Client, kind: str, text: str | bytes, **more: str) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("data.csv", content, content_type="text/csv")
    answer = client.post(data_url(kind, "import/"), {"file": file, **more})
    assert answer.status_code == 200
    return str(answer.content.decode())


GOOD = "territory,from_on,to_on,source_url\nFR-75,2024-01-01,,https://s.example\n13,2024-02-01,2024-03-01,\n"


def test_a_file_is_looked_at_first_and_then_added_whole(client: Client, member: Any, product: Any) -> None:
    TerritoryFactory(code="FR-75")
    TerritoryFactory(code="FR-13")
    html = send(client, "deployments", GOOD)
    assert "2 lines can be added" in html
    assert not Deployment.objects.exists()
    answer = client.post(data_url("deployments", "import/"), {"text": GOOD, "confirm": "yes"})
    assert answer.status_code == 302
    assert set(Deployment.objects.values_list("territory__code", flat=True)) == {"FR-75", "FR-13"}
    assert len(Revision.objects.get().changes["deployments"][1]) == 2
    again = client.post(data_url("deployments", "import/"), {"text": GOOD, "confirm": "yes"})
    assert "already there" in again.content.decode()
    assert Deployment.objects.count() == 2


def test_one_wrong_line_and_nothing_is_written(client: Client, member: Any) -> None:
    TerritoryFactory(code="FR-75")
    text = "territory;from_on\nFR-75;2024-01-01\nFR-99;hier\n"
    html = send(client, "deployments", text)
    assert "1 line has to be corrected" in html
    assert "Line 3:" in html
    client.post(data_url("deployments", "import/"), {"text": text, "confirm": "yes"})
    assert not Deployment.objects.exists()


def test_two_lines_that_say_the_same_are_refused_together(client: Client, member: Any) -> None:
    TerritoryFactory(code="FR-75")
    text = "territory,from_on\nFR-75,2024-01-01\nFR-75,2024-01-01\n"
    answer = client.post(data_url("deployments", "import/"), {"text": text, "confirm": "yes"})
    assert "Two rows say the same thing" in answer.content.decode()
    assert not Deployment.objects.exists()


def test_amounts_are_read_as_people_write_them(client: Client, member: Any) -> None:
    text = "Année;year;funder_name;amount\n;2024;Ministère;1 234 567,50 €\n"
    client.post(data_url("budget", "import/"), {"text": text, "confirm": "yes"})
    assert BudgetLine.objects.get().amount == Decimal("1234567.50")


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a,b\x00,c\n1,2,3", b"nothing,known\n1,2", b"territory\n" + b"FR-75\n" * 1500,
     b"x" * 400_000,
     b'territory,from_on\n"FR-75,2024', b",,,\n,,,", "territory\n🦄\n".encode()],
    ids=range(9),
)  # fmt: skip
def test_hostile_files_are_answered_and_write_nothing(client: Client, member: Any, content: bytes) -> None:
    TerritoryFactory(code="FR-75")
    file = SimpleUploadedFile("data.csv", content)
    answer = client.post(data_url("deployments", "import/"), {"file": file, "confirm": "yes"})
    assert answer.status_code in {200, 400}
    assert not Deployment.objects.exists()


def test_an_empty_file_to_fill_names_the_columns(client: Client, member: Any) -> None:
    answer = client.get(data_url("measures", "template.csv"))
    assert answer.content.decode("utf-8-sig").strip() == "indicator,on,value,source_url,note"
    assert "attachment" in answer["Content-Disposition"]


# --- Hand-off --------------------------------------------------------------------------------------------------------
def test_a_hand_off_has_a_path_a_checklist_and_evidence(client: Client, member: Any, product: Any) -> None:
    url = "/portfolio/products/nid/hand-off/"
    assert client.post(url, {"path": "maintenance", "started_on": "2024-01-01"}).status_code == 302
    hand_off = HandOff.objects.get()
    assert hand_off.items.count() == len(HandOffItem.Item)
    assert set(hand_off.items.filter(is_needed=False).values_list("item", flat=True)) == {"governance", "product-lead"}
    client.post(url, {"path": "integrated", "started_on": "2024-01-01"})
    assert not hand_off.items.filter(is_needed=False).exists()
    item = hand_off.items.get(item="open-code")
    data = {"is_needed": "on", "done_on": "2024-05-01", "evidence": "Dépôt public", "owner": member.pk}
    assert client.post(f"{url}{item.pk}/", data).status_code == 302
    item.refresh_from_db()
    assert (str(item.done_on), item.owner) == ("2024-05-01", member)
    html = client.get(product.get_absolute_url()).content.decode()
    assert "1 of 15 things are done" in html
    assert "Dépôt public" in html
    assert Revision.objects.filter(changes__has_key="hand-off").count() == 3
    stranger = client.post(f"{url}{item.pk}/", {**data, "owner": UserFactory().pk})
    assert 'href="#id_owner"' in stranger.content.decode()


def test_a_hand_off_cannot_be_done_before_it_is_prepared(client: Client, member: Any) -> None:
    data = {"path": "integrated", "started_on": "2024-01-01", "transferred_on": "2023-01-01"}
    answer = client.post("/portfolio/products/nid/hand-off/", data)
    assert "cannot be done before it is prepared" in answer.content.decode()
    assert not HandOff.objects.exists()


# --- Committees and papers -------------------------------------------------------------------------------------------
@pytest.fixture
def chief(incubator: Any) -> Client:
    browser = Client()
    browser.force_login(MembershipFactory(group=incubator.group, manager=True).user)
    return browser


def test_a_committee_is_announced_filled_changed_and_cancelled(chief: Client, incubator: Any, product: Any) -> None:
    data = {"title": "Comité", "incubator": str(incubator.pk), "on": str(days_ago(-30)), "is_public": "on"}
    answer = chief.post("/portfolio/committees/new/", data)
    committee = Committee.objects.get()
    assert answer["Location"] == f"/portfolio/committees/{committee.pk}/edit/"
    ProductFactory(name="Ailleurs", phase="construction")
    html = chief.get(answer["Location"]).content.decode()
    assert product.name in html
    assert "Ailleurs" not in html
    chief.post(answer["Location"], {**data, "products": [str(product.pk)]})
    assert list(committee.products.all()) == [product]
    visitor = Client().get(f"/portfolio/committees/{committee.pk}/").content.decode()
    assert product.name in visitor
    assert chief.post(f"/portfolio/committees/{committee.pk}/remove/").status_code == 302
    assert not Committee.objects.exists()


def pdf(name: str = "note.pdf", content: bytes = b"%PDF-1.7 x") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_a_paper_is_kept_apart_and_given_to_those_concerned_only(
    client: Client, chief: Client, member: Any, product: Any, incubator: Any
) -> None:
    committee = CommitteeFactory(incubator=incubator)
    committee.products.add(product)
    assert (
        client.post("/portfolio/products/nid/papers/add/", {"title": "Bilan", "file": pdf("../é.pdf")}).status_code
        == 302
    )
    paper = CommitteePaper.objects.get()
    assert paper.committee == committee
    assert paper.file.name.startswith("papers/")
    assert "pdf" not in paper.file.name
    url = f"/portfolio/papers/{paper.pk}/"
    for browser in (client, chief):
        answer: Any = browser.get(url)
        assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"
        assert "Bilan" in browser.get(product.get_absolute_url()).content.decode()
    stranger = Client()
    assert stranger.get(url).status_code == 302
    stranger.force_login(UserFactory())
    assert stranger.get(url).status_code == 404
    assert stranger.post(f"{url}remove/").status_code == 404
    for page in (product.get_absolute_url(), f"/portfolio/committees/{committee.pk}/"):
        assert "Bilan" not in stranger.get(page).content.decode()
    assert client.post(f"{url}remove/").status_code == 302
    assert not CommitteePaper.objects.exists()


@pytest.mark.parametrize(
    "file",
    [pdf("page.html"), pdf("note.pdf", b"<html>"), pdf("note.pdf.exe"), pdf("x.docx", b"%PDF-"), pdf("note.pdf", b"")],
    ids=lambda file: file.name,
)
def test_files_that_are_not_what_they_say_are_refused(client: Client, member: Any, file: Any) -> None:
    answer = client.post("/portfolio/products/nid/papers/add/", {"title": "Bilan", "file": file})
    assert 'href="#id_file"' in answer.content.decode()
    assert not CommitteePaper.objects.exists()


def test_a_paper_too_large_is_refused(client: Client, member: Any) -> None:
    answer = client.post(
        "/portfolio/products/nid/papers/add/", {"title": "x", "file": pdf(content=b"%PDF-" + b"x" * 5_300_000)}
    )
    assert "at most 5 MB" in answer.content.decode()
