"""The reference names everything that is declared, and says what is declared now."""

import re
import subprocess
import sys
from collections.abc import Iterable

import pytest

from guanxi.app.cli import COMMANDS
from guanxi.app.reference import refusals
from guanxi.kernel.events import events
from guanxi.kernel.limits import limits
from guanxi.kernel.measures import measures
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records
from guanxi.kernel.settings import settings
from tests.requirements import CHECKOUT

REFERENCE = CHECKOUT / "docs" / "reference"
DECLARED = {
    "records.md": [*records(), *(field for one in records().values() for field in one.fields)],
    "operations.md": list(operations()),
    "events.md": list(events()),
    "measures.md": list(measures()),
    "settings.md": list(settings()),
    "limits.md": list(limits()),
    "errors.md": refusals.codes(),
}
READ = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs" / "how-to").glob("*.md"))]


def missing(text: str, names: Iterable[str]) -> set[str]:
    """What a page does not name; what tests declare is no part of the house."""
    named = set(re.findall(r"^\| `([^`]+)`|^`([^`]+)` at ", text, re.MULTILINE))
    return {name for name in names if not name.startswith("test.")} - {one for pair in named for one in pair}


@pytest.mark.parametrize("page", DECLARED)
def test_everything_that_is_declared_stands_in_the_reference(page):
    text = (REFERENCE / page).read_text("utf-8")
    assert missing(text, DECLARED[page]) == set()
    assert missing(text, [*DECLARED[page], "planted.boat"]) == {"planted.boat"}


def test_every_command_stands_in_the_reference():
    said = re.findall(r"^## (\S+)$", (REFERENCE / "commands.md").read_text("utf-8"), re.MULTILINE)
    assert said == [command.name for command in COMMANDS]


def test_the_reference_is_as_it_would_be_written_now(tmp_path):
    """When it is not: run scripts/reference."""
    subprocess.run([sys.executable, "-m", "guanxi", "reference", str(tmp_path)], check=True, timeout=120)
    written = {page.name: page.read_text("utf-8") for page in tmp_path.iterdir()}
    kept = {page.name: page.read_text("utf-8") for page in REFERENCE.iterdir()}
    assert sorted(kept) == sorted(written)
    assert [name for name in kept if kept[name] != written[name]] == []


def test_a_page_leads_to_the_reference_and_the_reference_to_its_pages():
    assert any("docs/reference/README.md" in page.read_text("utf-8") for page in READ)
    overview = (REFERENCE / "README.md").read_text("utf-8")
    assert set(re.findall(r"\((\w+\.md)\)", overview)) == {page.name for page in REFERENCE.iterdir()} - {"README.md"}
