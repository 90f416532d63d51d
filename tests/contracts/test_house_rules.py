"""The house rules that a machine can see; each rule is shown to bite on a planted line."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import guanxi

PACKAGE = Path(guanxi.__file__).parent
TESTS = Path(__file__).parents[1]
BANNED = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "managers", "misc"}
UNFINISHED = re.compile(r"#\s*(TODO|FIXME|XXX|STUB)\b|\bNotImplementedError\b", re.IGNORECASE)
PURE = ("django", "psycopg", "procrastinate", "guanxi.kernel.time", "guanxi.kernel.settings", "guanxi.kernel.writes")
HOOKS = {"deconstruct", "db_type", "get_placeholder", "get_prep_lookup", "get_prep_value", "from_db_value", "as_sql"}
SKIPPING = re.compile(r"(skip|ignore|bypass|no|without)_(right|access|permission|visib|scop)|^unsafe|^force$|^sudo")
SERVING = re.compile(r"(\wService|Repository|Manager|Helper|Utils?|Misc)$")
AMBIENT = {
    "kernel/time.py": "the one clock, which tests stop",
    "kernel/change_sets.py": "which change-set of this transaction is still to be written",
    "kernel/jobs.py": "into which queue a whole import defers its work",
    "kernel/settings.py": "the settings that one page has read at once",
}
"""What holds for as long as a block of one request or job, and why it is not handed on."""
SEEN_BY_NOBODY = "a table of its own, which is no noun: no rights, no history"
UNTOLD = {
    "analytics/rfm/queries.py": {"write_scores": "derived: worked out, not written by anybody"},
    "app/sealed.py": {"_put_anew": "a value sealed by another key is the same value"},
    "channels/conversations/attachments.py": {"keep": SEEN_BY_NOBODY},
    "channels/drafts/enclosures.py": {"put_in": SEEN_BY_NOBODY, "take_out": SEEN_BY_NOBODY},
    "channels/drafts/operations.py": {"keep_draft": "half sentences, while they are typed"},
    "channels/email/operations.py": {
        "lease": "who reads a mailbox just now", "release": "who reads a mailbox just now",
        "note_place": "how far it has been read", "note_sent_place": "how far it has been read",
        "works": "when it was last read", "note_past": "how far the past has been read",
    },
    "channels/gate/moves.py": {"withdraw": SEEN_BY_NOBODY},
    "channels/gate/operations.py": {
        "_reserved": SEEN_BY_NOBODY, "_lock_budgets": SEEN_BY_NOBODY,
        "count_contact": SEEN_BY_NOBODY, "_let_rest": "the text lives on in its conversation, not in history",
        "leaving": "for a moment: what became of it is history",
        "doubt_those_due": "for a moment: what became of them is history",
        "note": "until it is settled, which is history",
    },
    "commerce/purchases/queries.py": {"write_down": "derived: counted, not written by anybody"},
    "customers/segments/operations.py": {
        "recount": "derived: counted, not written by anybody", "_apply": "derived: when it was counted",
        "_write": "derived: who is in a segment, with an event for each",
        "_write_on_customers": "derived: who is in a segment, with an event for each",
    },
    "journeys/runs/operations.py": {
        "stop_runs": "a run has its own receipts of each step", "_save": "a run has its own receipts of each step",
        "_receipt": SEEN_BY_NOBODY,
    },
    "journeys/starts/operations.py": {"became_true": SEEN_BY_NOBODY, "_newly_held": SEEN_BY_NOBODY},
    "workspace/imports/operations.py": {"_started": "its change-set is open for as long as it runs"},
    "workspace/imports/running.py": {
        "check": "how far it has come, by the batch", "_write_batch": "how far it has come, by the batch",
        "_end": "how it ended",
    },
}  # fmt: skip
"""Who writes rows around the write path, and why that is right."""
WRITES = re.compile(r"\b(INSERT INTO|UPDATE [a-z_{]|DELETE FROM)")
FILE_LINES, FUNCTION_LINES = 400, 40
Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[str, ast.Module, str], Iterator[str]]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, wherever it stands."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def calls_in(function: Function) -> Iterator[ast.Call]:
    """Every call of a function."""
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def imported(node: ast.AST) -> list[str]:
    """The modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
    return []


def no_import_inside_a_function(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """What a file needs stands at its top; only apps.py, which runs before all else is loaded, may wait."""
    if path.endswith("apps.py"):
        return
    for function in functions(tree):
        yield from (
            f"line {node.lineno}" for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
        )


def no_banned_name(path: str, _tree: ast.Module, _text: str) -> Iterator[str]:
    """A name that says nothing collects everything; one file has the name that Django looks for."""
    if path == "app/database/base.py":
        return
    yield from (part for part in Path(path).with_suffix("").parts if part in BANNED)


def no_save_override(_path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """Writes go through `create` and `change` alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from (
                f"{node.name}.{f.name}" for f in node.body if isinstance(f, Function) and f.name in ("save", "delete")
            )


def no_signal(_path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """Whoever wants to hear of something declares a handler of an event."""
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name.startswith(("django.dispatch", "django.db.models.signals")))


def no_ambient_state(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """What somebody needs is handed to them; nothing is fetched out of the air."""
    if path not in AMBIENT:
        for node in ast.walk(tree):
            yield from (name for name in imported(node) if name in ("contextvars.ContextVar", "_thread._local"))
            if isinstance(node, ast.Attribute) and node.attr in ("local", "ContextVar"):
                yield f"line {node.lineno}: {node.attr}"


def one_write_path(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """Rows are written by `create`, `change` and their like: with rights, history, events, or not at all."""
    if not path.startswith("kernel/"):
        for function in functions(tree):
            written = {ast.unparse(call.func).rpartition(".")[2] for call in calls_in(function) if _writes(call, tree)}
            if function.name not in UNTOLD.get(path, {}):
                yield from (f"{function.name}: {name}" for name in sorted(written))


def _writes(call: ast.Call, tree: ast.AST) -> bool:
    """Whether a call writes rows: by the ORM, where dictionaries are changed by one value, rows by names; or in SQL."""
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "execute" and call.args:
        kept = (one.value for one in ast.walk(tree) if isinstance(one, ast.Assign) and _named(one, call.args[0]))
        return bool(WRITES.search("".join(map(ast.unparse, (call.args[0], *kept)))))
    name, rows = call.func.attr, "objects" in ast.dump(call.func) or "_default_manager" in ast.dump(call.func)
    if name in ("create", "get_or_create", "update_or_create"):
        return rows
    if name in ("update", "delete"):
        return rows or (not call.args and (name == "delete" or bool(call.keywords)))
    return name in ("save", "bulk_create", "bulk_update", "_raw_delete")


def _named(assigned: ast.Assign, text: ast.expr) -> bool:
    return ast.unparse(assigned.targets[0]) in {one.id for one in ast.walk(text) if isinstance(one, ast.Name)}


def the_actor_is_first(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """Who acts stands before everything else where something is done, in a verb always."""
    for function in functions(tree):
        if not path.endswith("/operations.py") or function.name.startswith("_"):
            continue
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
        plain = [name for name in names if name not in ("self", "cls", "request")]
        if ("actor" in names or _is_verb(function)) and plain[:1] != ["actor"]:
            yield function.name


def a_verb_names_what_it_is_told(_path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """The actor, the record, then every value by its name: that is what routes, journeys and pages are made from.

    Only of the fields that the company added nobody knows the names: they are `**added`.
    """
    for function in filter(_is_verb, functions(tree)):
        unnamed = function.args.kwarg and function.args.kwarg.arg != "added"
        if function.args.vararg or unnamed or len(function.args.args) > 2:
            yield function.name


def _is_verb(function: Function) -> bool:
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "operation"
        for one in function.decorator_list
    )


def no_flag_that_skips_rights(_path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """Whoever may more is another actor."""
    for function in functions(tree):
        for one in (*function.args.args, *function.args.kwonlyargs):
            if SKIPPING.search(one.arg):
                yield f"{function.name}: {one.arg}"


def no_class_that_serves(_path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """A verb is a function; a class is a thing of the business, a table or a shape."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and SERVING.search(node.name):
            yield node.name


def only_routes_know_http(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """What is done and asked is the same for a page, a journey and a command."""
    if not path.startswith(("app/", "kernel/api/")) and not path.endswith("/api.py"):
        for node in ast.walk(tree):
            yield from (name for name in imported(node) if name.startswith(("django.http", "ninja")))


def one_clock(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """`kernel.time.now()` is the only clock."""
    if path == "kernel/time.py":
        return
    wrong = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("timezone", "now"), ("time", "time")}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in wrong:
            yield f"line {node.lineno}: {node.value.id}.{node.attr}"


def rules_are_pure(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """No tables, clock, settings or network in the part worth reading twice."""
    if not path.endswith("/rules.py"):
        return
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name.startswith(PURE))


def lib_has_no_framework(path: str, tree: ast.Module, _text: str) -> Iterator[str]:
    """The lowest floor is plain Python."""
    if path.startswith("lib/"):
        for node in ast.walk(tree):
            yield from (name for name in imported(node) if name.startswith(("django", "psycopg", "ninja")))


def one_hand_writes_sheets(path: str, tree: ast.Module, text: str) -> Iterator[str]:
    """`lib.tables.sheet` alone writes what a spreadsheet opens: no cell of it is a formula."""
    if path in ("lib/tables.py", "workspace/imports/workbooks.py"):  # the second: for our own reader, never sent
        return
    for node in ast.walk(tree):
        yield from (name for name in imported(node) if name.split(".")[0] in ("csv", "openpyxl", "xlsxwriter"))
    if '"text/csv' in text and "tables.sheet(" not in text:
        yield "text/csv"


def nothing_unfinished(_path: str, _tree: ast.Module, text: str) -> Iterator[str]:
    """What is on main is done."""
    yield from (found.group() for found in UNFINISHED.finditer(text))


def short_enough(_path: str, tree: ast.Module, text: str) -> Iterator[str]:
    """A long file is two nouns, a long function two thoughts."""
    if text.count("\n") > FILE_LINES:
        yield f"{text.count(chr(10))} lines"
    for function in functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield f"{function.name}: {length} lines"


def said_what_it_is(path: str, tree: ast.Module, text: str) -> Iterator[str]:
    """Every module, public class and public function says in one line what it is; Django's own hooks need not."""
    if text.strip() and not path.endswith("apps.py") and not ast.get_docstring(tree):
        yield "the module"
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield node.name
            if isinstance(node, ast.ClassDef) and not any(_is_protocol(parent) for parent in node.bases):
                yield from (f"{node.name}.{f.name}" for f in node.body if isinstance(f, Function) and _unsaid(f))


def _is_protocol(parent: ast.expr) -> bool:
    return isinstance(parent, ast.Name) and parent.id == "Protocol"


def _unsaid(function: Function) -> bool:
    plain = not any(
        isinstance(each, ast.Name) and each.id in ("property", "overload") for each in function.decorator_list
    )
    return (
        plain and not function.name.startswith("_") and function.name not in HOOKS and not ast.get_docstring(function)
    )


RULES: dict[Rule, tuple[str, str]] = {
    no_import_inside_a_function: ("workspace/users/queries.py", "def f():\n    import json\n"),
    no_banned_name: ("workspace/utils.py", ""),
    no_save_override: ("workspace/users/models.py", "class A:\n    def save(self): ...\n"),
    no_signal: ("workspace/users/handlers.py", "from django.db.models.signals import post_save\n"),
    no_ambient_state: ("workspace/users/queries.py", "import threading\nheld = threading.local()\n"),
    one_write_path: ("workspace/users/operations.py", "def f(given):\n    User.objects.filter(pk=1).update(**given)\n"),
    the_actor_is_first: ("workspace/users/operations.py", "def f(name, actor): ...\n"),
    a_verb_names_what_it_is_told: ("a/b/operations.py", "@operation('a.b.c')\ndef f(actor, **values): ...\n"),
    no_flag_that_skips_rights: ("a/b/queries.py", "def f(actor, *, ignore_permissions=False): ...\n"),
    no_class_that_serves: ("a/b/operations.py", "class QuoteService: ...\n"),
    only_routes_know_http: ("a/b/operations.py", "from django.http import HttpRequest\n"),
    one_clock: ("workspace/users/queries.py", "from datetime import datetime\nx = datetime.now()\n"),
    rules_are_pure: ("workspace/users/rules.py", "from guanxi.kernel.time import now\n"),
    lib_has_no_framework: ("lib/names.py", "from django.db import models\n"),
    one_hand_writes_sheets: ("a/b/api.py", "import csv\n"),
    nothing_unfinished: ("workspace/users/rules.py", "# " + "TO" + "DO later\n"),
    short_enough: ("workspace/users/rules.py", "def f():\n" + "    x = 1\n" * 41),
    said_what_it_is: ("workspace/users/rules.py", '"""A."""\nclass A:\n    """A."""\n    def f(self): ...\n'),
}


def broken(rule: Rule, path: str, text: str) -> list[str]:
    """What a rule says of one file."""
    return [f"{path}: {said}" for said in rule(path, ast.parse(text), text)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rules(rule):
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]
    assert files

    assert [
        said for path in files for said in broken(rule, path.relative_to(PACKAGE).as_posix(), path.read_text())
    ] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_planted_violation_is_caught(rule):
    assert broken(rule, *RULES[rule])


def test_every_exception_is_needed():
    """An excuse whose reason has gone would let the next one pass."""
    for path, excused in UNTOLD.items():
        tree = ast.parse((PACKAGE / path).read_text())
        calls = {f.name for f in functions(tree) if any(_writes(call, tree) for call in calls_in(f))}
        assert set(excused) <= calls, path
    assert {path for path in AMBIENT if "ContextVar(" not in (PACKAGE / path).read_text()} == set()


def test_tests_are_short_enough_too():
    files = [path for path in sorted(TESTS.rglob("*.py")) if path.read_text().count("\n") > FILE_LINES]
    assert [path.relative_to(TESTS).as_posix() for path in files] == []
