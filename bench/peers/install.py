"""Install the benchmark's peers into var/bench, outside git, from their locks.

    python -m bench.peers.install [NAME...]

Nothing of them reaches the product or its environment: each Python peer has an environment of its own.
"""

import argparse
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench.peers.base import CACHE, SITES

ROOT = Path(__file__).resolve().parents[2]
PYTHON_PEERS = ("dot", "canaille")
PEERS = ("node", *PYTHON_PEERS)


def install(name: str) -> None:
    """Install one peer."""
    folder = CACHE / name
    folder.mkdir(parents=True, exist_ok=True)
    if name in PYTHON_PEERS:
        if not (folder / "bin" / "python").exists():
            venv.create(folder, with_pip=True)
        pip: list[str | Path] = [folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
        lock = ROOT / "requirements" / f"bench-{name}.txt"
        subprocess.run([*pip, "install", "--require-hashes", "--no-deps", "-r", lock], check=True)
        return
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("The node peers need npm: Debian's nodejs and npm.")
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SITES / "node" / file, folder / file)
    subprocess.run([npm, "ci", "--silent", "--ignore-scripts"], cwd=folder, check=True)


def main() -> None:
    """Install what the command line names, or everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*PEERS, []], metavar="NAME", help=", ".join(PEERS))
    for name in parser.parse_args().names or PEERS:
        print(f"Installing {name}", flush=True)
        install(name)


if __name__ == "__main__":
    main()
