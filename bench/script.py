"""How much script a browser fetches from sign-in to the first list, as it is transferred (brotli)."""

import re
from pathlib import Path

CLIENT = Path(__file__).parent.parent / "src" / "guanxi" / "app" / "client"
LIMIT_KB = 450
PARTS = ("sign-in", "signed-in", "today-page", "about-to-break", "list-page", "import-button")
"""What is loaded on the way, each with all that it needs; what opens later by a click is not."""


def run(*, rows: int) -> bool:  # noqa: ARG001  the script does not depend on rows
    """Measure and print; True when the promise is kept."""
    entry = re.findall(r'(?:src|href)="/?(assets/[^"]+\.js)"', (CLIENT / "index.html").read_text("utf-8"))
    wanted = set(entry) | {f"assets/{path.name}" for part in PARTS for path in (CLIENT / "assets").glob(f"{part}-*.js")}
    pending = list(wanted)
    while pending:
        text = (CLIENT / pending.pop()).read_text("utf-8")
        static = re.findall(r'(?:from|import)\s*"\./([\w.-]+\.js)"', text)
        new = {f"assets/{name}" for name in static} - wanted
        wanted |= new
        pending += new
    total = sum((CLIENT / f"{name}.br").stat().st_size for name in wanted) / 1000
    print(f"\nScript from sign-in to the first list: {total:.0f} kB brotli in {len(wanted)} files (limit {LIMIT_KB})")
    return total <= LIMIT_KB
