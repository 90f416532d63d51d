"""The real command, beside a running house and without one: what scripts rely on, and what they are told otherwise."""

import json
import os
import re
import shlex
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.house import House, living
from tests.requirements import CHECKOUT

pytestmark = pytest.mark.xdist_group("up")
SAID = CHECKOUT / "docs" / "how-to" / "scripts.md"
ORDERS = """InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID
1,A,2,2026-01-02,10,K1
2,B,1,2026-01-03,5.50,K2
3,A,1,2026-02-03,20,K1
"""
DEBIAN = Path("/usr/lib/postgresql/15/bin")


def guanxi(home: Path | str, *words: str, piped: str = "", **environment: str) -> tuple[int, str, str]:
    """Run the command as a script does: exit code, what it printed, what it complained of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GUANXI_", "DATABASE_"))}
    done = subprocess.run(
        [CHECKOUT / "guanxi", *words], cwd="/", env={**kept, "GUANXI_HOME": str(home), **environment},
        input=piped, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def files(tmp_path) -> dict[str, str]:
    """The files that the examples of the page name."""
    mapped, condition, cases, *_ = re.findall(r"```json\n(.*?)```", SAID.read_text(), re.DOTALL)
    texts = {"MAP.json": mapped, "CONDITION.json": condition, "CASES.json": cases, "FILE": ORDERS}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: str(tmp_path / name) for name in (*texts, "FOLDER")}


def keys(printed: str) -> set[str]:
    """The names that one document has, or that each in a list of them has."""
    found = json.loads(printed)
    return set(found[0] if isinstance(found, list) else found)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A running house with an owner."""
    first = {
        "company": "Leeds Tea", "language": "en", "zone": "Europe/London", "currency": "GBP", "line_of_work": "trade",
        "name": "Olive Owner", "email": "owner@company.test", "password": "correct horse battery",
    }  # fmt: skip
    with living() as running:
        headers = {"X-Guanxi": "1", "Content-Type": "application/json"}
        asked = urllib.request.Request(f"{running.url}/api/first-run", json.dumps(first).encode(), headers)
        assert urllib.request.urlopen(asked, timeout=60).status == 200
        yield running


def test_every_command_of_the_page_does_and_prints_what_the_page_says(house, files):
    given = {
        **files, "NOUN": "orders", "TIME": "2026-12-31T00:00:00Z", "DIMENSION": "month",
        "DAY": "2026-12-01", "DAY_AFTER": "2026-12-31",
        "LANGUAGE": "zh-Hans", "EMAIL": "owner@company.test", "N": "30", "HOURS": "workdays",
    }  # fmt: skip
    rows = re.findall(r"^\| `\./guanxi (.+?)` \| (.*) \|$", SAID.read_text(), re.MULTILINE)
    ran = []
    for command, prints in rows:
        nouns = {"NAME": "commerce.revenue", "NOUN": "customers"} if command.startswith(("measures", "seg")) else {}
        words = shlex.split(re.sub(r"\[--dry-run\]|[\[\]]", "", command))
        said = ({**given, **nouns}.get(word, word) for word in words)
        code, printed, complained = guanxi(house.home, *said, piped="correct horse battery\n")
        assert code == 0 or words[0] == "doctor", (command, complained)
        if named := set(re.findall(r"`(\w+)`", prints)):
            assert keys(printed) == named, command
        if words[0] == "import":
            given["CHANGE_SET"] = json.loads(printed)["change_set"]
        ran.append(words[0])
    assert ran == [
        "import", "measures", "measures", "segments", "protocol", "token", "password", "undo", "backup", "verify",
        "doctor", "openapi", "reference",
    ]  # fmt: skip
    assert "It runs" in guanxi(house.home, "doctor")[1]


def test_a_password_from_the_machine_lets_in_and_the_old_one_no_more(house):
    def signs_in(password: str) -> int:
        sent = json.dumps({"email": "owner@company.test", "password": password}).encode()
        headers = {"X-Guanxi": "1", "Content-Type": "application/json"}
        try:
            return urllib.request.urlopen(
                urllib.request.Request(f"{house.url}/api/sign-in", sent, headers), timeout=60
            ).status
        except urllib.error.HTTPError as refused:
            return refused.code

    guanxi(house.home, "password", "--email", "owner@company.test", piped="another horse\n")
    assert (signs_in("correct horse battery"), signs_in("another horse")) == (401, 200)
    code, printed, said = guanxi(house.home, "password", "--email", "owner@company.test", piped="short\n")
    assert (code, printed, "user.password_too_short" in said) == (1, "", True)
    guanxi(house.home, "password", "--email", "owner@company.test", piped="correct horse battery\n")


def test_without_a_running_house_the_figures_are_the_same(tmp_path, files):
    home = tmp_path / "home"
    code, printed, complained = guanxi(home, "measures", "show", "commerce.revenue", "--json")
    assert (code, printed) == (2, "")
    assert (
        complained
        == "The database is not at this version of Guanxi. Run: guanxi migrate [database.not_at_this_version]\n"
    )
    assert guanxi(home, "migrate")[0] == 0
    tried = document(home, "import", "orders", files["FILE"], "--dry-run")
    done = document(home, "import", "orders", files["FILE"], "--map", files["MAP.json"])
    assert [(one["created"], one["failed"], one["change_set"] is None) for one in (tried, done)] == [
        (3, 0, True), (3, 0, False),
    ]  # fmt: skip
    shown = document(home, "measures", "show", "commerce.revenue", "--by", "month")
    assert [(group["cases"], float(group["sum"])) for group in shown["groups"]] == [(2, 25.5), (1, 20)]
    code, printed, _ = guanxi(home, "measures", "show", "commerce.revenue", "--by", "month")
    lines = dict(line.split(maxsplit=1) for line in printed.splitlines())
    assert (code, lines["total.cases"], lines["groups.2.cases"]) == (0, "3", "1")
    assert document(home, "segments", "count", files["CONDITION.json"], "--as-of", "2026-02-28")["count"] == 1
    code, printed, complained = guanxi(home, "protocol", "show", "--json")
    assert (code, printed, complained.endswith("[protocol.none_in_force]\n")) == (1, "", True)  # nobody set it up yet
    taken = document(home, "undo", done["change_set"])
    assert (taken["removed"]["commerce.order"], taken["kept"]) == (3, [])


def document(home: Path, *words: str) -> Any:
    """The one JSON document of a command that went well."""
    code, printed, complained = guanxi(home, *words, "--json")
    assert (code, complained) == (0, ""), (words, complained)
    return json.loads(printed)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("", 2, "required: COMMAND"),
        ("rivers", 2, "invalid choice: 'rivers'"),
        ("undo nonsense", 2, "“nonsense” is no id; one looks like"),
        ("measures show commerce.revenue --from yesterday", 2, "“yesterday” is no moment; one is written 2026-11-26"),
        ("protocol show --to 2026-13-01", 2, "“2026-13-01” is no day"),
        ("measures show --json", 1, "[measure.unknown]"),
        ("import orders nowhere.csv --json", 1, "[file.missing]"),
        ("token create --email nobody@company.test --days 0 --json", 1, "[token.wrong_days]"),
    ],
)
def test_wrong_usage_is_a_sentence_and_prints_nothing(house, words, code, said):
    ended, printed, complained = guanxi(house.home, *words.split())
    assert (ended, printed) == (code, "")
    assert said in complained


@contextmanager
def debian(folder: Path) -> Iterator[str]:
    """A PostgreSQL 15 of the distribution's own in a folder; its address."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder.mkdir()
    if as_postgres:
        subprocess.run(["chown", "postgres", folder], check=True)

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [*as_postgres, DEBIAN / program, "-D", folder / "data", *words],
            cwd="/",
            check=True,
            capture_output=True,
            text=True,
        )

    run("initdb", "-U", "guanxi", "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust")
    run(
        "pg_ctl", "-w", "-s", "-l", str(folder / "log"), "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start"
    )
    try:
        run_sql = [*as_postgres, DEBIAN / "createdb", "-h", folder, "-U", "guanxi", "crm"]
        subprocess.run(run_sql, cwd="/", check=True, capture_output=True)
        yield f"postgresql://guanxi@/crm?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")


@pytest.mark.skipif(not DEBIAN.exists(), reason="no PostgreSQL 15: `apt-get install postgresql-15`")
def test_a_postgresql_15_of_ones_own_serves_up_and_the_commands(files):
    with tempfile.TemporaryDirectory(prefix="pg-") as place:
        Path(place).chmod(0o755)
        with debian(Path(place) / "15") as address, living(DATABASE_URL=address) as house:
            assert not (house.home / "postgres").exists()
            code, printed, _ = guanxi(house.home, "import", "orders", files["FILE"], "--json", DATABASE_URL=address)
            assert (code, json.loads(printed)["created"]) == (0, 3)
            code, printed, _ = guanxi(house.home, "doctor", "--json", DATABASE_URL=address)
            said = {one["about"]: one["said"] for one in json.loads(printed)}
            assert said["database"] == "PostgreSQL 15 answers."
            assert said["worker"].startswith("The worker lives")


def test_a_database_that_does_not_answer_is_said(tmp_path):
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    for words in (("measures", "show", "commerce.revenue", "--json"), ("up",)):
        code, printed, complained = guanxi(tmp_path, *words, DATABASE_URL=nowhere, PORT="0")
        assert (code, printed) == (2, "")
        assert complained.startswith("The database is not answering right now.")
        assert "[database.away]" in complained


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda home: (home / "key").write_text(""), "key is empty. Restore it from your backup."),
        (lambda home: (home / "key").write_text("钥匙"), "key is no file of keys. Restore it from your backup."),
        (lambda home: (home / "key").mkdir(), "key: Is a directory. Guanxi must be able to read and write there."),
        (lambda home: (home / "postgres" / "data").mkdir(parents=True), "key is missing, but there are data. Restore"),
        (lambda home: (home / "postgres").write_text(""), "postgres cannot be made: File exists."),
    ],
    ids=["empty key", "garbage", "a folder", "key gone", "in the way"],
)
def test_a_home_that_is_not_as_it_should_be_is_said_and_left_alone(tmp_path, prepare, said):
    prepare(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    code, printed, complained = guanxi(tmp_path, "measures", "list", "--json")
    assert (code, printed) == (2, "")
    assert said in complained
    assert [path for path in sorted(tmp_path.rglob("*")) if path.name != "key"] == [
        path for path in before if path.name != "key"
    ]


def test_a_folder_nobody_can_write_to_is_said():
    code, printed, complained = guanxi("/proc", "measures", "list", "--json")
    assert (code, printed) == (2, "")
    assert complained.startswith("/proc/key.")
    assert complained.endswith("Guanxi must be able to read and write there.\n")
