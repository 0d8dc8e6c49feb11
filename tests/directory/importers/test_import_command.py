"""`parvis import betagouv`: what the terminal says, and the report."""

import fcntl
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from parvis.directory import cli
from parvis.directory.importers import run
from parvis.directory.models import SourceRecord, User
from tests.directory.importers.tree import write

pytestmark = pytest.mark.django_db


def call(*arguments: object) -> Result:
    return CliRunner().invoke(cli.import_group, ["betagouv", *map(str, arguments)])


def test_it_tells_what_was_done_and_names_each_finding_in_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    result = call(write(tmp_path, {"_startups/bad.md": "title: 'x"}), "--report", report)
    assert result.exit_code == 0, result.output
    assert "people                   2" in result.stdout
    assert "1  invalid-yaml" in result.stdout
    content = json.loads(report.read_text())
    assert content["counts"]["created"]["people"] == 2
    assert content["kinds"] == {"invalid-yaml": 1}
    assert [(item["kind"], item["outcome"], item["file"]) for item in content["findings"]] == [
        ("invalid-yaml", "skipped", "_startups/bad.md")
    ]


def test_a_dry_run_says_so_and_writes_nothing(tmp_path: Path) -> None:
    result = call(write(tmp_path, {}), "--dry-run")
    assert "Nothing was written" in result.stdout
    assert "to create" in result.stdout
    assert not User.objects.exists()
    assert not SourceRecord.objects.exists()


def test_a_second_run_says_that_nothing_had_changed(tmp_path: Path) -> None:
    call(write(tmp_path, {}))
    assert "Nothing had changed" in call(tmp_path).stdout


def test_progress_is_plain_lines_where_there_is_no_terminal(tmp_path: Path) -> None:
    result = call(write(tmp_path, {}))
    assert result.stderr.splitlines() == ["Reading: 8 of 8", "Writing: 8 of 8"]


@pytest.mark.parametrize(("path", "words"), [("nothing", "does not exist"), ("", "holds none of the folders")])
def test_a_wrong_path_is_refused_in_words(path: str, words: str, tmp_path: Path) -> None:
    result = call(tmp_path / path)
    assert result.exit_code != 0
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_report_that_cannot_be_written_is_refused_before_the_import(tmp_path: Path) -> None:
    result = call(write(tmp_path, {}), "--report", tmp_path / "missing" / "report.json")
    assert result.exit_code == 1
    assert "folder of the report does not exist" in result.stderr
    assert not User.objects.exists()


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {})
    with (Path(settings.DATA_DIR) / "import.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = call(tmp_path)
    assert result.exit_code == 1
    assert "Another import is running" in result.stderr


def test_an_interruption_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "apply", interrupt)
    result = call(write(tmp_path, {}))
    assert result.exit_code == 130
    assert "Run the same command to go on" in result.stderr
