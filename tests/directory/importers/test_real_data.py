"""The real repository, when a copy of it lies beside this one (it is never a part of it)."""

from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parvis.directory.importers.betagouv import reader
from parvis.directory.importers.betagouv.importing import import_folder
from parvis.directory.importers.betagouv.reader import Already
from parvis.directory.importers.findings import Kind, Outcome
from parvis.directory.models import Group, GroupMembership, Organization, SourceRecord, User

REAL = Path(__file__).resolve().parents[4] / "shared" / "betagouv"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not REAL.is_dir(), reason="no copy of the beta.gouv.fr repository in ../shared/betagouv"),
]
ON = date(2026, 8, 20)


def test_the_whole_network_is_imported_and_a_second_run_changes_nothing() -> None:
    result = import_folder(REAL, today=ON)
    assert User.objects.count() == 3484
    assert Organization.objects.count() == 145
    assert Group.objects.filter(kind="incubator").count() == 23
    assert Group.objects.filter(kind="team").count() == 662
    assert Group.objects.filter(kind="team", closed_on__isnull=False).count() == 326
    assert SourceRecord.objects.count() == 3484 + 145 + 23 + 662
    assert not Group.objects.filter(kind="team", parent=None).exists()
    assert GroupMembership.objects.count() > 4_000
    assert [item.file for item in result.findings.items if item.kind.outcome is Outcome.SKIPPED] == []
    with CaptureQueriesContext(connection) as queries:
        assert not import_folder(REAL, today=ON).counts.anything
    assert len(queries) <= 24


def test_the_known_defects_are_all_found() -> None:
    counts = reader.read(reader.content_folder(REAL), Already(), ON).findings.counts()
    assert counts[Kind.PHASE_GAP] + counts[Kind.PHASE_OVERLAP] == 138
    known = {
        Kind.PHASE_END_MISSING: 768,
        Kind.PHASE_SAME_START: 58,
        Kind.PHASE_FUTURE: 4,
        Kind.PHASE_LAST_ENDED: 5,
        Kind.REPOSITORY_SHARED: 4,
        Kind.UNKNOWN_OWNER: 1,
        Kind.KEYS_ALIKE: 1,
        Kind.SUFFIX_MISSING: 2,
        Kind.BODY_HTML: 25,
        Kind.NOT_NFC: 16,
    }
    assert {kind: counts.get(kind, 0) for kind in known} == known
