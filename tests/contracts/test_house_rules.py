"""The house rules that a machine can see; each rule is shown to bite on a planted line."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import guanxi

PACKAGE = Path(guanxi.__file__).parent
BANNED = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "managers", "misc"}
UNFINISHED = re.compile(r"#\s*(TODO|FIXME|XXX|STUB)\b|\bNotImplementedError\b", re.IGNORECASE)
PURE = ("django", "psycopg", "procrastinate", "guanxi.kernel.time", "guanxi.kernel.settings", "guanxi.kernel.writes")
HOOKS = {"deconstruct", "db_type", "get_placeholder", "get_prep_lookup", "get_prep_value", "from_db_value", "as_sql"}
FILE_LINES, FUNCTION_LINES = 400, 40
Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[str, ast.Module, str], Iterator[str]]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function, wherever it stands."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


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
    one_clock: ("workspace/users/queries.py", "from datetime import datetime\nx = datetime.now()\n"),
    rules_are_pure: ("workspace/users/rules.py", "from guanxi.kernel.time import now\n"),
    lib_has_no_framework: ("lib/names.py", "from django.db import models\n"),
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
