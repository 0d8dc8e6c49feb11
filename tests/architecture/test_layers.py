"""Which way things depend (the contracts are in pyproject.toml)."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.repository import PACKAGE, ROOT


def test_imports_go_downwards_and_every_app_is_declared() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_commands_are_listed_without_starting_django() -> None:
    """`parvis --help` is quick: an app's `cli` imports models inside its functions."""
    modules = [
        f"parvis.{app.name}.cli" for app in PACKAGE.iterdir() if (app / "cli.py").exists() or (app / "cli").is_dir()
    ]
    code = "\n".join(
        [
            "import sys",
            *[f"import {module}" for module in ["parvis.cli", *modules]],
            "from django.apps import apps",
            "sys.exit(apps.ready or 'django.db.models' in sys.modules)",
        ]
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
