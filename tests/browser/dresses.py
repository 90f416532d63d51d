"""What is grave for those who cannot see, point or hear, in the two dresses of a page: axe looks at it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.pictures import SIZES, THEMES, settled
from tests.requirements import CHECKOUT

AXE = CHECKOUT / "web" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
RUN = "axe.run({resultTypes: ['violations']}).then(({violations}) => violations)"
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime)).map((one) => one.finished))"""


def violations(page: Page) -> list[str]:
    """What axe finds grave here, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    page.evaluate(STILL)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{rule['id']} {node['html'][:160]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
    ]


def in_both_dresses(page: Page, name: str) -> dict[str, list[str]]:
    """Grave findings of what is shown now: light at a desk, dark on a phone."""
    found = {}
    for size, theme in zip(SIZES, THEMES, strict=True):
        page.set_viewport_size(SIZES[size])
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        settled(page)
        if wrong := violations(page):
            found[f"{name}.{theme}.{size}"] = wrong
    page.set_viewport_size(SIZES["desk"])
    return found
