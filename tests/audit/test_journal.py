"""The journal: append-only, read in sentences, forgotten after the retention period."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from parvis.audit import journal
from parvis.audit.cli import audit as audit_command
from parvis.audit.models import Event, JournalIsAppendOnlyError
from parvis.audit.queries import readable
from parvis.audit.registry import sentences
from parvis.audit.sentences import BECAUSE, SENTENCES
from parvis.audit.tags import Tag
from parvis.audit.tasks import first_id_at, purge_old
from parvis.directory import actions
from parvis.directory.models import User
from tests.factories.directory import GroupFactory, MembershipFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_events_are_never_changed() -> None:
    event = journal.record(tag=Tag.GROUP_CREATED, by=None)
    event.tag = Tag.GROUP_CLOSED
    with pytest.raises(JournalIsAppendOnlyError):
        event.save()
    with pytest.raises(JournalIsAppendOnlyError):
        Event.objects.update(tag=Tag.GROUP_CLOSED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET tag = 'group.closed'")
    assert Event.objects.get().tag == Tag.GROUP_CREATED


def test_events_read_as_sentences_with_links_and_todays_names() -> None:
    by, person = UserFactory(given_name="Ada", family_name=""), UserFactory(given_name="<Léa>", family_name="")
    group = GroupFactory(name="Team & co")
    actions.add_membership(by=by, group=group, user=person)
    [line] = readable(Event.objects.all())
    assert line.text == (
        f'<a href="/people/{by.pk}/">Ada</a> added <a href="/people/{person.pk}/">&lt;Léa&gt;</a> '
        f'to <a href="/groups/{group.slug}/">Team &amp; co</a>'
    )


def test_an_erased_person_is_named_no_more() -> None:
    person = UserFactory(given_name="Léa")
    membership = MembershipFactory(user=person)
    actions.end_membership(by=person, membership=membership, because="left")
    actions.anonymise_user(by=person, user=person)
    assert User.objects.get().state == "anonymised"
    texts = [line.text for line in readable(Event.objects.all())]
    assert all("Léa" not in text and "Former member" in text for text in texts)


def test_what_is_gone_or_unknown_is_said() -> None:
    group = GroupFactory(name="Gone")
    journal.record(tag=Tag.GROUP_CREATED, by=None, target=group, name="Gone")
    journal.record(tag=Tag.DOMAIN_ADDED, by=None, organization=uuid4(), domain="<i>.example")
    journal.record(tag=Tag.LEGAL_PAGE_EDITED, by=None)
    group.delete()
    texts = [line.text for line in readable(Event.objects.order_by("id"))]
    assert texts[0] == "<strong>Parvis</strong> created the group <strong>Gone</strong>"
    assert "&lt;i&gt;.example" in texts[1]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_tag_can_be_told_in_both_languages(language: str) -> None:
    for tag in Tag:
        journal.record(tag=tag, by=None)
    for name, because in BECAUSE:
        journal.record(tag=Tag(name), by=None, because=because)
    with translation.override(language):
        for line in readable(Event.objects.all()):
            assert line.text
            assert "{" not in line.text


def test_directory_tags_have_sentences() -> None:
    prefixes = {"user", "operator", "email", "organization", "domain", "group", "membership", "invitation"}
    missing = [
        tag for tag in Tag if tag.value.partition(".")[0] in prefixes and tag.value not in {**SENTENCES, **sentences}
    ]
    assert missing == []


def test_many_events_cost_as_many_queries_as_one(django_assert_num_queries: Any) -> None:
    organization = OrganizationFactory()
    for _ in range(5):
        group = GroupFactory(organization=organization)
        actions.add_membership(by=UserFactory(), group=group, user=UserFactory())
    events = list(Event.objects.all())
    for some in (events[:1], events):
        with django_assert_num_queries(3):
            readable(some)


def test_old_events_are_forgotten() -> None:
    old_moment = timezone.now() - timedelta(days=40)
    old = journal.entry(tag=Tag.GROUP_CREATED, by=None)
    old.pk, old.at = first_id_at(old_moment), old_moment
    old.save(force_insert=True)
    recent = journal.record(tag=Tag.GROUP_CREATED, by=None)
    assert purge_old() == 0
    assert CliRunner().invoke(audit_command, ["purge", "--days", "41"]).output == "0 events deleted\n"
    assert CliRunner().invoke(audit_command, ["purge", "--days", "39"]).output == "1 events deleted\n"
    assert Event.objects.get() == recent
