"""Organisations, their people and their domains."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from parvis.audit.models import Event
from parvis.audit.tags import Tag
from parvis.directory import actions
from parvis.directory.exceptions import DirectoryError, ProofMissingError
from parvis.directory.models import EmailDomain, Organization, OrganizationMembership
from parvis.lib import dns as our_dns
from tests.factories.directory import EmailDomainFactory, OrganizationFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_organisation_is_created_with_its_number_once() -> None:
    by = UserFactory(operator=True)
    organization = actions.create_organization(
        by=by, name="Ministère de la Mer", acronym="MMer", identifiers=[("siret", "732 829 320 00074")]
    )
    assert organization.slug == "ministere-de-la-mer"
    assert organization.siret == "73282932000074"
    assert Event.objects.get().organization_id == organization.pk
    with pytest.raises(ValidationError):
        actions.create_organization(by=by, name="Other", identifiers=[("siret", "73282932000074")])
    with pytest.raises(ValidationError):
        actions.create_organization(by=by, name="Wrong", identifiers=[("siret", "73282932000075")])
    assert Organization.objects.count() == 1


def test_an_edit_tells_the_fields_and_replaces_the_number() -> None:
    organization = actions.create_organization(by=None, name="A", identifiers=[("siret", "73282932000074")])
    actions.edit_organization(by=None, organization=organization, acronym="B", identifiers=[("siret", "")])
    event = Event.objects.get(tag=Tag.ORGANIZATION_EDITED)
    assert event.data == {"fields": ["acronym", "identifiers"]}
    assert Organization.objects.get().siret == ""


def test_an_organisation_is_never_a_part_of_itself() -> None:
    top = OrganizationFactory()
    child = OrganizationFactory(parent=top)
    with pytest.raises(ValidationError):
        actions.edit_organization(by=None, organization=top, parent=child)


def test_people_are_added_changed_and_ended() -> None:
    organization, user, by = OrganizationFactory(), UserFactory(), UserFactory()
    place = actions.add_organization_member(by=by, organization=organization, user=user, job_title="Designer")
    assert actions.add_organization_member(by=by, organization=organization, user=user) == place
    with pytest.raises(DirectoryError):
        actions.add_organization_member(by=by, organization=organization, user=user, role="manager")
    actions.change_organization_member(
        by=by, membership=place, job_title="Lead", role="manager", starts_on=place.starts_on, ends_on=None
    )
    OrganizationMembership.objects.update(starts_on=timezone.localdate() - timedelta(days=9))
    place.refresh_from_db()
    assert (place.job_title, place.is_manager) == ("Lead", True)
    actions.end_organization_member(by=by, membership=place)
    assert not OrganizationMembership.objects.current().exists()
    tags = [Tag.ORGANIZATION_MEMBER_ADDED, Tag.ORGANIZATION_MEMBER_CHANGED, Tag.ORGANIZATION_MEMBER_REMOVED]
    events = Event.objects.about(user.pk).within(organization.pk).order_by("id")
    assert list(events.values_list("tag", flat=True)) == tags


# --- Domains ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("domain", ["gmail.com", "GMAIL.com.", "mail.orange.fr", "laposte.net", "fr", "", "a b.fr"])
def test_a_free_mail_domain_or_nonsense_never_belongs_to_an_organisation(domain: str) -> None:
    for change in (actions.claim_domain, actions.set_domain):
        with pytest.raises(ValidationError):
            change(by=UserFactory(), organization=OrganizationFactory(), domain=domain)
    assert not EmailDomain.objects.exists()


def test_a_domain_matches_exactly() -> None:
    domain = EmailDomainFactory(domain="gouv.fr")
    find = EmailDomain.objects.organization_for
    assert find("lea@gouv.fr") == domain.organization
    assert find("lea@GOUV.FR") == domain.organization
    for address in ("lea@x.gouv.fr", "lea@notgouv.fr", "lea@gouv.fr.example.org", "gouv.fr@example.org"):
        assert find(address) is None


def test_an_unproven_domain_counts_for_nothing() -> None:
    EmailDomainFactory(domain="ministry.example", verified_at=None, proof="none")
    assert EmailDomain.objects.organization_for("lea@ministry.example") is None


def test_a_free_mail_domain_counts_for_nothing_even_if_a_row_says_so() -> None:
    EmailDomainFactory(domain="gmail.com")
    assert EmailDomain.objects.organization_for("lea@gmail.com") is None


def test_a_domain_has_one_owner() -> None:
    owner = EmailDomainFactory(domain="ministry.example")
    with pytest.raises(DirectoryError):
        actions.set_domain(by=None, organization=OrganizationFactory(), domain="ministry.example")
    assert EmailDomain.objects.filter(verified_at__isnull=False).get() == owner
    with pytest.raises(IntegrityError), transaction.atomic():
        EmailDomainFactory(domain="ministry.example")


def test_an_operator_sets_a_domain() -> None:
    organization, by = OrganizationFactory(), UserFactory(operator=True)
    domain = actions.set_domain(by=by, organization=organization, domain="Mër.example")
    assert (domain.domain, domain.proof) == ("xn--mr-hja.example", EmailDomain.Proof.OPERATOR)
    assert EmailDomain.objects.organization_for("lea@xn--mr-hja.example") == organization
    tags = list(Event.objects.within(organization.pk).order_by("id").values_list("tag", flat=True))
    assert tags == [Tag.DOMAIN_ADDED, Tag.DOMAIN_VERIFIED]


class NameServer(socketserver.UDPServer):
    """A name server on the loopback: it answers TXT questions from a table, or not at all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Question)
        self.records: dict[str, list[str]] = {}
        self.behaviour = "answer"


class _Question(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        data, socket = self.request
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        name = question.question[0].name.to_text(omit_final_dot=True)
        if self.server.behaviour == "silent":
            return
        if self.server.behaviour == "broken":
            socket.sendto(struct.pack("!H", question.id) + b"\xff\xff garbage", self.client_address)
            return
        if self.server.behaviour == "refuse":
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self.server.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := self.server.records[name]:
            answer.answer.append(dns.rrset.from_text_list(question.question[0].name, 60, "IN", "TXT", texts))
        socket.sendto(answer.to_wire(), self.client_address)


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with NameServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()

        def resolver() -> dns.resolver.Resolver:
            made = dns.resolver.Resolver(configure=False)
            made.nameservers, made.port = ["127.0.0.1"], server.server_address[1]
            return made

        monkeypatch.setattr(our_dns, "make_resolver", resolver)
        monkeypatch.setattr(our_dns, "LIFETIME", 0.5)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def claimed() -> EmailDomain:
    return actions.claim_domain(by=UserFactory(), organization=OrganizationFactory(), domain="ministry.example")


def test_a_domain_is_proven_by_its_record(name_server: NameServer, claimed: EmailDomain) -> None:
    name_server.records["_parvis.ministry.example"] = ['"v=spf1 -all"', f'"{claimed.dns_record}"']
    proven = actions.prove_domain(by=None, domain=claimed)
    assert proven.proof == EmailDomain.Proof.DNS
    assert EmailDomain.objects.organization_for("lea@ministry.example") == claimed.organization
    assert Event.objects.filter(tag=Tag.DOMAIN_VERIFIED).count() == 1
    actions.prove_domain(by=None, domain=proven)
    assert Event.objects.filter(tag=Tag.DOMAIN_VERIFIED).count() == 1


def test_a_long_record_may_come_in_pieces(name_server: NameServer, claimed: EmailDomain) -> None:
    record = claimed.dns_record
    name_server.records["_parvis.ministry.example"] = [f'"{record[:10]}" "{record[10:]}"']
    assert actions.prove_domain(by=None, domain=claimed).verified_at


@pytest.mark.parametrize(
    ("behaviour", "records", "words"),
    [
        ("answer", None, "does not know this name"),
        ("answer", [], "does not show the record yet"),
        ("answer", ['"parvis-domain-verification=other"'], "another value"),
        ("silent", [], "did not answer in time"),
        ("refuse", [], "do not answer properly"),
        ("broken", [], "did not answer in time"),
    ],
)
def test_a_missing_proof_is_explained(
    name_server: NameServer, claimed: EmailDomain, behaviour: str, records: list[str] | None, words: str
) -> None:
    name_server.behaviour = behaviour
    if records is not None:
        name_server.records["_parvis.ministry.example"] = records
    with pytest.raises(ProofMissingError, match=words):
        actions.prove_domain(by=None, domain=claimed)
    claimed.refresh_from_db()
    assert claimed.verified_at is None


def test_a_record_of_another_organisation_proves_nothing(name_server: NameServer, claimed: EmailDomain) -> None:
    other = actions.claim_domain(by=UserFactory(), organization=OrganizationFactory(), domain="ministry.example")
    name_server.records["_parvis.ministry.example"] = [f'"{other.dns_record}"']
    with pytest.raises(ProofMissingError):
        actions.prove_domain(by=None, domain=claimed)


# --- Joining by an address -------------------------------------------------------------------------------------------
def test_a_confirmed_address_joins_the_organisation_of_its_domain_once() -> None:
    domain = EmailDomainFactory(domain="ministry.example")
    user = UserFactory(address="lea@ministry.example")
    place = actions.join_organization_by_domain(by=user, user=user, address="LEA@ministry.example")
    assert place is not None
    assert (place.organization, place.role) == (domain.organization, "member")
    again = actions.join_organization_by_domain(by=user, user=user, address="lea@ministry.example")
    assert again == place
    assert Event.objects.get(tag=Tag.ORGANIZATION_MEMBER_ADDED).data["because"] == "domain"


def test_an_address_that_is_not_confirmed_joins_nothing() -> None:
    EmailDomainFactory(domain="ministry.example")
    UserFactory(address="lea@ministry.example")
    with pytest.raises(DirectoryError):
        actions.join_organization_by_domain(by=None, user=UserFactory(), address="lea@ministry.example")
    assert not OrganizationMembership.objects.exists()


def test_an_address_of_no_organisation_joins_nothing() -> None:
    user = UserFactory(address="lea@gmail.com")
    assert actions.join_organization_by_domain(by=user, user=user, address="lea@gmail.com") is None


def test_a_past_place_does_not_keep_from_joining_again() -> None:
    domain = EmailDomainFactory(domain="ministry.example")
    user = UserFactory(address="lea@ministry.example")
    PlaceFactory(organization=domain.organization, user=user, ended=True)
    assert actions.join_organization_by_domain(by=user, user=user, address="lea@ministry.example")
