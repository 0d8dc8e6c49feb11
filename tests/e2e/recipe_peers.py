"""Applications made of what Parvis prints for their team to paste, used as it is, with the library that it is for."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from tests.e2e import peers
from tests.e2e.peers import PEERS, Peer
from tests.e2e.product import Product, free_port

MODULES = Path("/usr/lib/apache2/modules")
# The recipe's own file of the machine's secret, which a test may not write.
_PASSPHRASE = "/etc/apache2/oidc-passphrase"
_WANTED = ("mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "headers", "proxy", "proxy_http")
_SHOWN = """<!doctype html><title>Peer</title><h1>Signed in</h1>
<pre id="told">{"sub": "<!--#echo var="REMOTE_USER" -->", "email": "<!--#echo var="OIDC_CLAIM_email" -->"}</pre>
"""


@contextmanager
def authlib(product: Product, folder: Path) -> Iterator[Peer]:
    """Run an application made with Authlib in Flask."""
    port = free_port()
    told = peers.register(product, port, callback="/callback", logged_out="/")
    recipe = folder / "sign_in.py"
    recipe.write_text(peers.printed(product, "authlib", told), encoding="utf-8")
    variables = {"PEER_PORT": str(port), "PEER_RECIPE": str(recipe)}
    command = [str(peers.python_of_the_lasuite_app()), str(PEERS / "authlib_app")]
    with peers.serving(command, folder, port, variables) as url:
        yield Peer(url, told)


@contextmanager
def mozilla(product: Product, folder: Path) -> Iterator[Peer]:
    """Run an application made with mozilla-django-oidc."""
    port = free_port()
    told = peers.register(product, port, callback="/oidc/callback/", logged_out="/")
    recipe = folder / "settings_of_parvis.py"
    recipe.write_text(peers.printed(product, "mozilla_django_oidc", told), encoding="utf-8")
    variables = {"PEER_PORT": str(port), "PEER_RECIPE": str(recipe), "PEER_DATA": str(folder)}
    command = [str(peers.python_of_the_lasuite_app()), str(PEERS / "mozilla_app.py")]
    with peers.serving(command, folder, port, variables) as url:
        yield Peer(url, told)


@contextmanager
def openid_client(product: Product, folder: Path) -> Iterator[Peer]:
    """Run an application made with npm openid-client."""
    port = free_port()
    told = peers.register(product, port, callback="/callback", logged_out="/bye")
    packages = peers.folder_of_the_openid_client()
    recipe = folder / "sign-in.mjs"
    recipe.write_text(peers.printed(product, "openid_client", told), encoding="utf-8")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    variables = {"PEER_PORT": str(port), "PEER_RECIPE": str(recipe)}
    with peers.serving([peers.node(), str(packages / "with_recipe.js")], folder, port, variables) as url:
        yield Peer(url, told)


@contextmanager
def in_the_browser(product: Product, folder: Path, *, trusted: str = "yes") -> Iterator[Peer]:
    """Serve an application without a server: a page, the recipe, and the packages that it imports."""
    port = free_port()
    told = peers.register(product, port, callback="/", logged_out="/", trusted=trusted, type="public")
    (folder / "sign-in.js").write_text(peers.printed(product, "browser", told), encoding="utf-8")
    (folder / "index.html").write_bytes((PEERS / "browser_recipe.html").read_bytes())
    (folder / "node_modules").symlink_to(peers.folder_of_the_openid_client() / "node_modules")
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with peers.serving(command, folder, port, {}) as url:
        yield Peer(url, told)


def apache_program() -> str:
    """Return Apache; the tests that need it are skipped where it is not installed."""
    found = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
    if not found or not (MODULES / "mod_auth_openidc.so").exists():
        pytest.skip("needs Debian's Apache: apt install apache2 libapache2-mod-auth-openidc")
    return found


@contextmanager
def apache(product: Product, folder: Path, slug: str) -> Iterator[Peer]:
    """Run Debian's Apache with mod_auth_openidc and the recipe `apache` or `headers`."""
    program = apache_program()
    port, behind = free_port(), free_port()
    # Apache gives up the rights of root, and then must still reach its pages.
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(parent.stat().st_mode | 0o055)
    told = peers.register(product, port, callback="/oidc-callback", logged_out="/")
    (folder / "passphrase").write_text("0123456789abcdef0123456789abcdef\n", encoding="ascii")
    site = folder / "site"
    site.mkdir()
    (site / "index.shtml").write_text(_SHOWN, encoding="ascii")
    recipe = peers.printed(product, slug, told).replace(_PASSPHRASE, str(folder / "passphrase"))
    (folder / "parvis.conf").write_text(recipe.replace("127.0.0.1:8080", f"127.0.0.1:{behind}"), encoding="utf-8")
    (folder / "httpd.conf").write_text(_configuration(folder, port), encoding="ascii")
    headers = [sys.executable, str(PEERS / "headers_app.py")]
    needed = peers.serving(headers, folder, behind, {"PEER_PORT": str(behind)}) if slug == "headers" else nullcontext()
    command = [program, "-f", str(folder / "httpd.conf"), "-DFOREGROUND"]
    with needed, peers.serving(command, folder, port, {}) as url:
        yield Peer(url, told)


def _configuration(folder: Path, port: int) -> str:
    """Return a server of its own, for whoever runs the tests: root must name somebody else."""
    known = [*_WANTED, "include", "mime", "dir"]
    loaded = [name for name in known if (MODULES / f"mod_{name}.so").exists()]
    lines = [f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in loaded]
    lines += [
        f'ServerRoot "{folder}"',
        f"Listen 127.0.0.1:{port}",
        f"ServerName 127.0.0.1:{port}",
        f'PidFile "{folder}/httpd.pid"',
        f'ErrorLog "{folder}/error.log"',
        "TypesConfig /dev/null",
        f'DocumentRoot "{folder}/site"',
        "DirectoryIndex index.shtml",
        "AddType text/html .shtml",
        "AddOutputFilter INCLUDES .shtml",
        f'<Directory "{folder}/site">',
        "Options +Includes",
        "</Directory>",
        # The product under test speaks plain http on the loopback, and so does this server.
        f"OIDCCookie peer_{port}",
        "OIDCCookieSameSite On",
        "User www-data",
        "Group www-data",
        f'Include "{folder}/parvis.conf"',
    ]
    return "\n".join(lines) + "\n"
