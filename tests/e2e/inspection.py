"""What must be true of any page: axe finds nothing, nothing scrolls sideways, nothing fails in the console."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 390, 1280)
HEIGHT = 900
_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""


class Watch:
    """Notes everything that a page complains about in its console."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.add_init_script(_VIOLATIONS)
        page.on("console", lambda message: self._note(message.text) if message.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self._note(str(error)))

    def _note(self, text: str) -> None:
        self.complaints.append(text[:300])

    def take(self) -> list[str]:
        """Return the complaints since the last time."""
        taken, self.complaints = self.complaints, []
        return taken


def none(found: list[str]) -> None:
    """Fail with one line for each problem."""
    assert not found, "\n".join([f"{len(found)} problems", *found])


def problems(page: Page, watch: Watch, *, shape: str = "") -> list[str]:
    """Inspect the page that is open, in light and dark and at three widths; `shape` says which page in the report."""
    where = shape or page.url
    found = [f"{where}: console: {text}" for text in watch.take()]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if culprit := _overflow(page):
            found.append(f"{where}: scrolls sideways at {width}: {culprit}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours alone change in the dark; at 1280 and at 320 the header is another one.
        page.set_viewport_size({"width": 1280 if scheme == "light" else 320, "height": HEIGHT})
        rules = None if scheme == "light" else ["color-contrast", "target-size", "link-in-text-block"]
        found += [f"{where}: axe, {scheme}: {told}" for told in _axe(page, rules)]
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    return found


def _overflow(page: Page) -> str:
    """Return the widest element that sticks out of the page, if the page scrolls sideways."""
    return str(
        page.evaluate(
            """() => {
                const root = document.documentElement;
                if (root.scrollWidth <= root.clientWidth) return "";
                const out = [...document.body.querySelectorAll("*")]
                  .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
                  .map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
                return `${root.scrollWidth} px, ${out.slice(-3).join(" ")}`;
            }"""
        )
    )


def _axe(page: Page, rules: list[str] | None) -> list[str]:
    """Return what axe finds, one line for each rule."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    answer = page.evaluate("options => axe.run(document, options)", json.loads(json.dumps(options)))
    return [
        f"{rule['id']} ({len(rule['nodes'])}): {rule['nodes'][0]['html'][:160]} "
        f"{rule['nodes'][0].get('failureSummary', '')[:240]}".replace("\n", " ")
        for rule in answer["violations"]
    ]
