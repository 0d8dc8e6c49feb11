"""What must be true of any page: axe finds nothing, nothing scrolls sideways, nothing fails in the console."""

import hashlib
import json
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 390, 1280)
HEIGHT = 900
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
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


# The header and the footer are the same on every page: what differs is inside `main`.
_ANATOMY = """() => {
  const words = new Set(["href", "src", "id", "value", "title", "d", "for", "action", "datetime"]);
  const kept = (one) => one.getAttributeNames().filter((name) => !words.has(name));
  const named = (one) => `${one.tagName}.${one.className} ${kept(one)}`;
  const all = [...document.querySelectorAll("main *")];
  const pairs = new Set(all.map((one) => `${named(one.parentElement)} > ${named(one)}`));
  const levels = all.filter((one) => /^H[1-6]$/.test(one.tagName)).map((one) => one.tagName);
  return [...[...pairs].sort(), ...levels.filter((level, index) => level !== levels[index - 1])].join();
}"""


def anatomy(page: Page) -> str:
    """Return what the page is made of, without its words: two pages of one anatomy have the same faults."""
    return hashlib.sha256(str(page.evaluate(_ANATOMY)).encode()).hexdigest()


def none(found: list[str]) -> None:
    """Fail with one line for each problem."""
    assert not found, "\n".join([f"{len(found)} problems", *found])


def problems(page: Page, watch: Watch, *, shape: str = "", schemes: tuple[Scheme, ...] = SCHEMES) -> list[str]:
    """Inspect the page that is open, at three widths, in light and dark; `shape` says which page in the report.

    Without `schemes`, only what depends on the words is looked at: whether they fit on the narrowest screen.
    """
    where = shape or page.url
    found = [f"{where}: console: {text}" for text in watch.take()]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in WIDTHS if schemes else WIDTHS[:1]:
        _show(page, width)
        if culprit := _overflow(page):
            found.append(f"{where}: scrolls sideways at {width}: {culprit}")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        # Colours alone change in the dark; at 1280 and at 320 the header is another one.
        _show(page, WIDTHS[-1] if scheme == "light" else WIDTHS[0])
        rules = None if scheme == "light" else ["color-contrast", "target-size", "link-in-text-block"]
        found += [f"{where}: axe, {scheme}: {told}" for told in _axe(page, rules)]
    return found


_SETTLED = """async (width) => {
  const frame = () => new Promise(requestAnimationFrame);
  while (innerWidth !== width) await frame();
  await frame();
  await frame();
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
}"""


def _show(page: Page, width: int) -> None:
    """Give the page a width, and wait until it has been drawn so: media queries follow a frame or two later."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.evaluate(_SETTLED, width)


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
