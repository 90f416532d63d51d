"""What browser and system somebody sits at, as far as it says so itself: names that are the same in every language."""

import re

BROWSERS = (
    ("WeChat", r"MicroMessenger/"),
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Version/[\d.]+ (?:Mobile/\w+ )?Safari/"),
)
SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("Windows", r"Windows NT"),
    ("macOS", r"Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
"""The more special ones first: most say of themselves that they are several others, too."""
LONGEST = 1_000


def browser_of(said: str) -> str:
    """`Firefox · Windows` of what a browser says of itself; nothing of one that says nothing known."""
    heard = said[:LONGEST]
    found = [next((name for name, sign in known if re.search(sign, heard)), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found))
