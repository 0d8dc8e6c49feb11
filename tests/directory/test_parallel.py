"""Eight processes at once: nothing is locked, nothing is made twice, nothing is sent twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.directory.parallel_writers import ROUNDS, WRITERS

ROOT = Path(__file__).parents[2]


def test_eight_writers_at_once(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")} | {
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PARVIS_DATA_DIR": str(tmp_path),
        "PARVIS_DATABASE_URL": os.environ.get("PARVIS_TEST_DATABASE_URL", ""),
        "PARVIS_SECRET_KEY": "only-for-the-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
        "PYTHONPATH": str(ROOT),
    }
    result = subprocess.run(
        [sys.executable, "-m", "tests.directory.parallel_writers"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    found = json.loads(result.stdout.splitlines()[-1])
    assert found.pop("errors") == []
    assert found.pop("mails") == found.pop("deliveries") > 0
    assert found == {
        "groups": 1,
        "memberships": 1,
        "invitations": 1,
        "domains": 1,
        "addresses": 1,
        "holders": 1,
        "places": WRITERS * ROUNDS,
    }
