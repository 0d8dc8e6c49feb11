"""What hatchling cannot know: dependencies come from requirements/base.in, and the wheel carries styles and messages.

Both are made when the wheel is built, so that who installs it needs neither Node nor GNU gettext.
"""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

STYLES = "parvis/web/static/vendor"


def dependencies(root: Path) -> list[str]:
    """Return the requirements of base.in without their comments."""
    lines = (root / "requirements" / "base.in").read_text(encoding="utf-8").splitlines()
    return [text for line in lines if (text := line.partition("#")[0].strip())]


def compile_messages(root: Path) -> list[Path]:
    """Write a `.mo` beside each `django.po` that is newer, and return them all."""
    compiled = []
    for source in sorted(root.glob("parvis/*/locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            polib.pofile(str(source)).save_as_mofile(str(target))
        compiled.append(target)
    return compiled


def build_styles(root: Path) -> None:
    """Run `parvis.web.assets.build` without importing the package, which would need Django."""
    load(root / "parvis" / "web" / "assets.py").build(root)


def load(file: Path) -> ModuleType:
    """Import one file by its path."""
    specification = importlib.util.spec_from_file_location(file.stem, file)
    if specification is None or specification.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class DependenciesHook(MetadataHookInterface):
    """Fills `project.dependencies`."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the dependencies to the metadata."""
        metadata["dependencies"] = dependencies(Path(self.root))


class ArtifactsHook(BuildHookInterface[Any]):
    """Makes what git does not keep."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build styles and messages, and add them to the wheel although git ignores them."""
        if version == "editable":
            return
        root = Path(self.root)
        build_styles(root)
        compile_messages(root)
        build_data["artifacts"] += [f"/{STYLES}/**", "/parvis/**/*.mo"]


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    build_styles(here)
    compile_messages(here)
