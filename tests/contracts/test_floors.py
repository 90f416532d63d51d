"""The import contracts, and that they bite: each planted violation is caught by name."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import guanxi
from tests.requirements import CHECKOUT

FLOORS = "Floors: arrows point down"
SIBLINGS = "No cycles between siblings, at any depth"
CHANNELS = "Inside channels"
NOUN = "Files of a noun, in order"

PLANTED = {
    "a floor imports a higher one": (
        FLOORS,
        {"channels/gate/rules.py": "import guanxi.service", "service/__init__.py": ""},
    ),
    "an import for types alone counts": (
        FLOORS,
        {
            "channels/gate/rules.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import guanxi.service",
            "service/__init__.py": "",
        },
    ),
    "the kernel imports a domain": (FLOORS, {"kernel/time.py": "import guanxi.workspace"}),
    "neighbours know each other": (
        FLOORS,
        {"sales/__init__.py": "", "service/__init__.py": "import guanxi.sales"},
    ),
    "a folder that no floor names": (FLOORS, {"extras/__init__.py": ""}),
    "models import operations": (
        NOUN,
        {"workspace/users/models.py": "import guanxi.workspace.users.operations"},
    ),
    "rules import models": (NOUN, {"workspace/users/rules.py": "import guanxi.workspace.users.models"}),
    "queries import the record": (
        NOUN,
        {"workspace/teams/queries.py": "import guanxi.workspace.teams.record", "workspace/teams/record.py": ""},
    ),
    "conversations → gate → email → conversations": (
        SIBLINGS,
        {
            "channels/conversations/__init__.py": "import guanxi.channels.gate",
            "channels/gate/__init__.py": "import guanxi.channels.email",
            "channels/email/__init__.py": "import guanxi.channels.conversations",
        },
    ),
    "records → access → users → records": (
        SIBLINGS,
        {
            "kernel/records.py": "import guanxi.kernel.access",
            "kernel/access.py": "import guanxi.kernel.users",
            "kernel/users.py": "import guanxi.kernel.records",
        },
    ),
    "the wire knows the gate": (
        CHANNELS,
        {"channels/wire/__init__.py": "import guanxi.channels.gate", "channels/gate/__init__.py": ""},
    ),
}


def broken(folder: Path, planted: Mapping[str, str]) -> list[str]:
    """The contracts that a copy of the package breaks after something was planted in it."""
    shutil.copy(CHECKOUT / ".importlinter", folder)
    shutil.copytree(
        Path(guanxi.__file__).parent, folder / "guanxi", ignore=shutil.ignore_patterns("__pycache__", "client")
    )
    for name, line in planted.items():
        path = folder / "guanxi" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in path.relative_to(folder).parents[:-2]:
            (folder / package / "__init__.py").touch()
        with path.open("a") as file:
            file.write(f"\n{line}\n")
    linter = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as c; c()"
    done = subprocess.run(
        [sys.executable, "-P", "-c", linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )
    said = " ".join(done.stdout.split())
    names = [name for name in (FLOORS, SIBLINGS, CHANNELS, NOUN) if f"{name} BROKEN" in said]
    if CHANNELS not in names and "goes through it BROKEN" in said:
        names.append(CHANNELS)
    assert names or done.returncode == 0, said
    return names


def test_the_house_keeps_its_contracts(tmp_path):
    assert broken(tmp_path, {}) == []


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_violation_is_caught(tmp_path, name):
    contract, planted = PLANTED[name]

    assert contract in broken(tmp_path, planted)
