"""What we depend on: free licences only, pinned with hashes and without download addresses."""

import json
import re
import subprocess
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import guanxi
from tests.requirements import CHECKOUT

LOCKS = ("requirements.txt", "requirements-dev.txt")
ALLOWED = re.compile(
    r"^(MIT(-0|-CMU)?|BSD|BSD-[23]-Clause|0BSD|Apache-2\.0|PSF-2\.0|Python-2\.0|ISC|Unlicense|HPND|Zlib|MPL-2\.0|"
    r"LGPL-3\.0-only|LGPL-3\.0-or-later|CC0-1\.0|PostgreSQL)$"
)
# How older packages write them, in their own words.
SPOKEN = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "bsd 3-clause": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "mit license": "MIT",
    "the mit license (mit)": "MIT",
    "isc license (iscl)": "ISC",
    "python software foundation license": "PSF-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "gnu library or lesser general public license (lgpl)": "LGPL-3.0-or-later",
    "dual license": "Apache-2.0 OR BSD-3-Clause",
}

# Packages that say it only in the text that comes with them.
READ = {"imapclient": "BSD-3-Clause"}


def pinned(lock: str) -> list[Requirement]:
    """Every requirement of a lock that this machine needs."""
    lines = (CHECKOUT / lock).read_text().splitlines()
    found = [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"^[A-Za-z0-9]", line)]
    return [each for each in found if each.marker is None or each.marker.evaluate()]


def licences(name: str) -> list[str]:
    """What a package says of its licence, most exact first."""
    said = metadata(name)
    expression = said.get("License-Expression")
    if expression:
        return [expression]
    classified = [
        each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License ::")
    ]
    written = said.get("License") or ""
    short = [written] if 0 < len(written) < 60 else []
    read = [READ[name.lower()]] if name.lower() in READ else []
    return [SPOKEN.get(each.lower(), each) for each in (*classified, *short, *read)]


def allowed(expression: str) -> bool:
    """Whether one of the alternatives, with all its parts, is on the list."""
    alternatives = [part.strip("() ") for part in expression.split(" OR ")]
    return any(
        all(ALLOWED.match(each.strip("() ").partition(" WITH ")[0]) for each in part.split(" AND "))
        for part in alternatives
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_licence_we_can_live_with(lock):
    refused = {}
    for requirement in pinned(lock):
        try:
            said = licences(requirement.name)
        except PackageNotFoundError:
            assert lock != LOCKS[1], f"{requirement.name} is pinned but not installed"
            continue
        if not any(allowed(each) for each in said):
            refused[requirement.name] = said

    assert refused == {}


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("Proprietary", False),
        ("(Apache-2.0 OR MIT)", True),
    ],
)
def test_a_licence_that_binds_us_is_refused(expression, verdict):
    assert allowed(expression) is verdict


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_address(lock):
    text = (CHECKOUT / lock).read_text()
    blocks = [block for block in re.split(r"\n(?=[A-Za-z0-9])", text) if block.strip()]

    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links| @ ", text)
    assert [block.split()[0] for block in blocks if not re.search(r"==\S+[^\n]*\\\n\s+--hash=sha256:", block)] == []


def test_the_client_s_lock_has_no_address_either():
    path = CHECKOUT / "web" / "package-lock.json"
    if not path.exists():
        pytest.skip("there is no client yet")
    packages = json.loads(path.read_text())["packages"]
    foreign = [name for name, package in packages.items() if "resolved" in package and not package.get("link")]
    unhashed = [
        name for name, package in packages.items() if name and not package.get("link") and "integrity" not in package
    ]

    assert (foreign, unhashed) == ([], [])


def test_nothing_is_vendored():
    vendored = [
        path for path in Path(guanxi.__file__).parent.glob("**/*") if path.name in ("vendor", "_vendor", "third_party")
    ]

    assert vendored == []


def test_nothing_of_one_machine_is_tracked():
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    links = [line.split("\t")[1] for line in listed.splitlines() if line.startswith("120000")]
    paths = [line.split("\t")[1] for line in listed.splitlines()]
    built = [
        path
        for path in paths
        if path.startswith((".venv", ".home")) or "node_modules" in path or "/app/client/" in path
    ]

    assert (links, built) == ([], [])


@pytest.mark.xdist_group("one")
def test_a_group_of_tests_is_handed_to_one_worker(request):
    """It is written into the name of the test, by one package where the other reads it; nobody tells when it is not."""
    assert request.node.nodeid.endswith("@one") == request.config.getoption("loadgroup", False)
