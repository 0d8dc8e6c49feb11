"""Signing out with two applications open, one of them dead: what the person sees, and what becomes true."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import browsing
from tests.e2e.product import ROOT, Product, free_port, stop, wait_until_it_answers
from tests.patience import PATIENCE

OpenProfile = Callable[..., BrowserContext]
PERSON = "julien.petit"
"""Who reads French, also once they are signed out."""


@dataclass
class PlainApp:
    """An application of its own process, which can be killed and started again on its port."""

    product: Product
    folder: Path
    name: str
    uses: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    registered: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "PlainApp":
        if not self.registered:
            channel = ["--backchannel-logout-uri", f"{self.url}/back"]
            if self.uses == "front":
                channel = ["--frontchannel-logout-uri", f"{self.url}/front"]
            self.registered = self.product.json(
                "app", "create", "--name", self.name, "--redirect-uri", f"{self.url}/callback",
                "--post-logout-redirect-uri", f"{self.url}/bye", "--trusted", *channel,
            )  # fmt: skip
        own = {
            "PEER_ISSUER": self.product.url,
            "PEER_CLIENT_ID": self.registered["client_id"],
            "PEER_CLIENT_SECRET": self.registered["client_secret"],
        }
        log = self.folder / f"plain-{self.port}.log"
        with log.open("ab") as stream:
            command = [sys.executable, str(ROOT / "tests" / "peers" / "plain_app.py"), str(self.port)]
            self.process = subprocess.Popen(command, env=os.environ | own, stdout=stream, stderr=subprocess.STDOUT)
        wait_until_it_answers(self.url, self.process, log)
        return self

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def received(self) -> str:
        with closing(urlopen(f"{self.url}/received", timeout=60)) as answer:
            return str(answer.read().decode())

    def open_in(self, page: Page) -> None:
        page.goto(f"{self.url}/login")
        expect(page.get_by_role("heading", level=1)).to_have_text("Signed in")


@pytest.fixture
def make_app(product: Product, tmp_path: Path) -> Iterator[Callable[..., PlainApp]]:
    made: list[PlainApp] = []

    def make(name: str, uses: str = "back") -> PlainApp:
        made.append(PlainApp(product, tmp_path, name, uses).start())
        return made[-1]

    yield make
    for app in made:
        if app.process is not None:
            stop(app.process)


def follow(page: Page, *, has_script: bool, until: str) -> None:
    """Look again, where no script does, until the page says so."""
    shown = page.get_by_role("main")
    for _second in range(0 if has_script else PATIENCE):
        if until in shown.inner_text():
            return
        page.wait_for_timeout(1000)
        page.get_by_role("link", name="Actualiser").click()
    expect(shown).to_contain_text(until, timeout=PATIENCE * 1000)


def standing(page: Page, app: PlainApp) -> Any:
    return page.get_by_role("main").get_by_role("listitem").filter(has_text=app.name)


def fresh(open_profile: OpenProfile, product: Product, **options: Any) -> Page:
    """Sign in anew: this test ends the session that it uses."""
    page = open_profile(**options).new_page()
    browsing.sign_in(page, product, product.people[PERSON])
    return page


@pytest.mark.parametrize("has_script", [True, False])
def test_the_live_application_is_out_at_once_and_the_dead_one_later(
    open_profile: OpenProfile, product: Product, make_app: Callable[..., PlainApp], *, has_script: bool
) -> None:
    page = fresh(open_profile, product, java_script_enabled=has_script)
    alive, dead = make_app(f"Alive {has_script}"), make_app(f"Dead {has_script}")
    for app in (alive, dead):
        app.open_in(page)
    dead.kill()
    browsing.sign_out(page, product)
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre session est fermée")
    # With a script the page follows by itself; without one, a button looks again.
    follow(page, has_script=has_script, until="Déconnectée")
    expect(standing(page, alive)).to_contain_text("Déconnectée")
    expect(page.get_by_role("main")).to_contain_text("1 application n’a pas encore confirmé")
    expect(standing(page, dead)).to_contain_text("Pas encore confirmé")
    other = page.context.new_page()
    other.goto(alive.url)
    expect(other.get_by_role("heading", level=1)).to_have_text("Signed out")
    dead.start()
    follow(page, has_script=has_script, until="Vos applications sont fermées")
    assert '["back"]' in dead.received()
    assert '["back"]' in alive.received()


@pytest.mark.parametrize("has_script", [True, False])
def test_frames_tell_in_the_browser_before_it_goes_back_with_the_state(
    open_profile: OpenProfile, product: Product, make_app: Callable[..., PlainApp], *, has_script: bool
) -> None:
    page = fresh(open_profile, product, java_script_enabled=has_script)
    framed, asking = make_app(f"Framed {has_script}", "front"), make_app(f"Asking {has_script}")
    for app in (framed, asking):
        app.open_in(page)
    page.goto(f"{asking.url}/logout")
    expect(page.get_by_role("heading", level=1)).to_have_text("back with s-1")
    assert '["front"]' in framed.received()
    page.goto(framed.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Signed out")
    assert not product.errors()
