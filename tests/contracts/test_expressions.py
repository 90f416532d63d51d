"""No regular expression of the house is kept busy by a long text: four times the text is not sixteen times the time."""

import ast
import importlib
import math
import pkgutil
import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType

import pytest

import guanxi
from guanxi.protocols.texts.amounts import NEAR

SOURCE = Path(guanxi.__file__).parent
CALLS = {"match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
LENGTH = 30_000
SECONDS, ENDLESS = 0.1, 0.9
"""Of the processor, for one text: under the first nobody asks; what needs more is tried on a quarter of it, too."""
GROWTH = 9
"""Times as long for four times the text: four is linear, sixteen grows with the square."""
PROBES = "a0 -.@<\n'你:"
REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
MANY = 30
KILLERS = 24
CUT = {f"guanxi.protocols.texts.amounts.{name}": NEAR for name in ("BEFORE", "NOT_BEFORE", "RANGE")}
"""The longest text of those that are given a piece of one."""

Expression = tuple[str, re.Pattern, frozenset[str]]


@cache
def trees() -> dict[Path, ast.Module]:
    """The source."""
    return {path: ast.parse(path.read_text()) for path in sorted(SOURCE.rglob("*.py"))}


def calls() -> Iterator[tuple[Path, ast.Call, str, str]]:
    """Every call by a name and a method that expressions have."""
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whose, method = node.func.value, node.func.attr
                name = (
                    whose.id if isinstance(whose, ast.Name) else whose.attr if isinstance(whose, ast.Attribute) else ""
                )
                if method in CALLS:
                    yield path, node, name, method


def modules() -> Iterator[ModuleType]:
    """Every module but the migrations, whether somebody has asked for it yet or not."""
    for found in pkgutil.walk_packages(guanxi.__path__, "guanxi."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def kept() -> Iterator[Expression]:
    """Those that a module keeps by a name or in a table, with what is done with that name."""
    used: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for path, _, name, method in calls():
        used[path, name].add(method)
    for module in modules():
        for name, value in list(vars(module).items()):
            held = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else [value]
            for one in held:
                flat = one if isinstance(one, tuple) else [one]
                for pattern in [part for part in flat if isinstance(part, re.Pattern)]:
                    yield (
                        f"{module.__name__}.{name}",
                        pattern,
                        frozenset(used[Path(str(module.__file__)), name] or {"search"}),
                    )


def spoken() -> Iterator[Expression]:
    """Those that stand where they are used."""
    for path, node, name, method in calls():
        if name != "re" or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        given = [one.value for one in node.keywords if one.arg == "flags"]
        flags = eval(ast.unparse(given[0]), {"re": re}) if given else 0  # a constant of our own source
        yield f"{path.relative_to(SOURCE)}:{node.lineno}", re.compile(node.args[0].value, flags), frozenset({method})


@cache
def expressions() -> tuple[Expression, ...]:
    """Each of them once."""
    return tuple({(one.pattern, one.flags, used): (at, one, used) for at, one, used in (*kept(), *spoken())}.values())


def sample(parts: list, probe: str) -> str:
    """A text that a part of an expression takes, of the probing sign where it may be."""
    return "".join(_one(kind, value, probe) for kind, value in parts)


def _one(kind: object, value: object, probe: str) -> str:
    if kind is sre.LITERAL:
        return chr(value)
    if kind in (sre.NOT_LITERAL, sre.ANY):
        return probe
    if kind is sre.IN:
        return next(
            (sign for sign in (probe, *PROBES, *map(chr, range(33, 127))) if _takes(value, sign)), _named(value)
        )
    if kind is sre.BRANCH:
        return sample(value[1][ord(probe) % len(value[1])], probe)
    if kind is sre.SUBPATTERN:
        return sample(value[3], probe)
    if kind is sre.ATOMIC_GROUP:
        return sample(value, probe)
    if kind in REPEATS:
        return sample(value[2], probe) * min(max(value[0], 1), 50)
    return ""


def _named(members: list) -> str:
    return next((chr(v if k is sre.LITERAL else v[0]) for k, v in members if k in (sre.LITERAL, sre.RANGE)), "")


def _takes(members: list, sign: str) -> bool:
    of = {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w", sre.CATEGORY_NOT_DIGIT: r"\D",
          sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
    held = any(
        (kind is sre.LITERAL and value == ord(sign))
        or (kind is sre.RANGE and value[0] <= ord(sign) <= value[1])
        or (kind is sre.CATEGORY and re.match(of[value], sign) is not None)
        for kind, value in members
    )
    return held is not any(kind is sre.NEGATE for kind, _ in members)


def pumps(parts: list, before: str = "") -> Iterator[tuple[str, str]]:
    """What stands before each part that may come often, and that part."""
    for at, (kind, value) in enumerate(parts):
        ahead = before + sample(parts[:at], "a")
        if kind in REPEATS:
            if value[1] > MANY:
                yield from ((ahead, text) for probe in PROBES if (text := sample(value[2], probe)))
            yield from pumps(value[2], ahead)
        elif kind is sre.SUBPATTERN:
            yield from pumps(value[3], ahead)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from pumps(branch, ahead)


def killers(pattern: re.Pattern, length: int) -> list:
    """Long texts of what the expression takes often, which do not end as it wants."""
    source = pattern.pattern
    tree = list(parser.parse(source, pattern.flags))
    whole = sample(tree, "a")
    found = dict.fromkeys(pumps(tree))
    texts = [("", whole), ("", whole[:-1]), *found, *(("", text) for _, text in found)]
    chosen = list(dict.fromkeys(texts))[:KILLERS]
    long = [ahead + text * (length // len(text)) + "\x00" for ahead, text in chosen if text]
    return [text.encode("latin-1", "replace") for text in long] if isinstance(source, bytes) else long


def busy(pattern: re.Pattern, used: frozenset[str], length: int) -> str | None:
    """The first of them that keeps it busy out of proportion; one that does not end is ended."""

    def late(*_given: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, late)
    try:
        for short, long in zip(killers(pattern, length // 4), killers(pattern, length), strict=True):
            took = seconds(pattern, used, long)
            if took == math.inf or (took > SECONDS and took > GROWTH * seconds(pattern, used, short)):
                return repr(long[:40])
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return None


def seconds(pattern: re.Pattern, used: frozenset[str], text: str | bytes) -> float:
    """Of the processor, until it has its answer or is ended."""
    began = time.process_time()
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, ENDLESS)
        for method in used:
            tried(pattern, method, text)
    except TimeoutError:
        return math.inf
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - began


def tried(pattern: re.Pattern, method: str, text: str | bytes) -> None:
    """Used as the house uses it."""
    if method in ("sub", "subn"):
        pattern.subn(text[:0], text)
    elif method == "finditer":
        pattern.findall(text)
    else:
        getattr(pattern, method)(text)


def test_the_house_has_expressions():
    found = {at.removeprefix("guanxi.") for at, _, _ in expressions()}
    assert len(found) > 120
    assert {"channels.email.mime.threads._REPLY_PREFIX", "lib.names._BRACKETS", "lib.xlsx._MERGED"} <= found


def test_no_expression_is_kept_busy_by_a_long_text():
    found = {f"{at} {one.pattern!r}": busy(one, used, CUT.get(at, LENGTH)) for at, one, used in expressions()}
    assert {name: text for name, text in found.items() if text} == {}


@pytest.mark.parametrize(
    "planted",
    [
        r"(a+)+$",
        r"^(\w+\s?)*$",
        r"(a|a)*b",
        r"\s+$",
        r"boundary\s*\*?\d*\*?\s*=",
        r"<m\s[^>]*?ref=",
        r"[^\W_]+(?:-[^\W_]+)+",
    ],
)
def test_the_planted_expression_is_caught(planted):
    assert busy(re.compile(planted), frozenset({"findall"}), LENGTH)
