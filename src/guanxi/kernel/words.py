"""What things are called and how refusals are said, in every language: one catalogue per domain and language."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps

from guanxi.kernel.custom import label
from guanxi.kernel.domain import Domain
from guanxi.kernel.fields import LANGUAGES
from guanxi.lib.errors import Problem, Unknown

FALLBACK = "en"
IF_KNOWN, BLANK = re.compile(r"\[([^\[\]]*\{\w+\}[^\[\]]*)\]"), re.compile(r"\{(\w+)\}")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one written in C reads ten times as fast


@cache
def words(language: str) -> dict[str, str]:
    """All texts of a language by message id."""
    found: dict[str, str] = {}
    for folder in folders():
        file = folder / f"{language}.yaml"
        if file.exists():
            found |= yaml.load(file.read_text("utf-8"), Loader=LOADER) or {}  # noqa: S506
    return found


def folders() -> list[Path]:
    """The `words` folder of every domain and of the app that puts them together."""
    configs = [c for c in apps.get_app_configs() if isinstance(c, Domain) or c.name.startswith("guanxi.")]
    return [Path(c.path) / "words" for c in configs]


def spoken(language: str) -> str:
    """The language of ours that is nearest to a wish: zh-TW and zh-HK read traditional characters."""
    wish = language.lower().replace("_", "-")
    if wish.startswith("zh"):
        return "zh-Hant" if any(part in wish for part in ("hant", "tw", "hk", "mo")) else "zh-Hans"
    return next((ours for ours in LANGUAGES if wish.split("-")[0] == ours), FALLBACK)


def say(key: str, language: str, /, **values: Any) -> str:
    """The text of a message id with its values filled in; `one|many` is chosen by `n`, `[ ({why})]` said if known."""
    text = words(language).get(key) or words(FALLBACK).get(key) or label(key) or key
    if "|" in text and "n" in values:
        one, _, many = text.partition("|")
        text = one if values["n"] == 1 else many
    if "[" in text:
        known = {name for name, value in values.items() if value not in (None, "")}
        text = IF_KNOWN.sub(lambda part: part[1] if known.issuperset(BLANK.findall(part[1])) else "", text)
    shown = {f"{{{name}}}": _shown(value, language) for name, value in values.items()}
    return BLANK.sub(lambda place: shown.get(place[0], place[0]), text)  # once: what people typed may look like a place


def said(problem: Problem, language: str) -> dict[str, Any]:
    """A refusal as people and programs read it."""
    return {
        "code": problem.code,
        "message": _sentence(problem, language),
        "values": {name: _shown(value, language) for name, value in problem.values.items()},
        "fields": {name: said(inner, language) for name, inner in problem.fields.items()},
    }


def _sentence(problem: Problem, language: str) -> str:
    """What is wrong, and what may have been meant."""
    sentence = say(f"error.{problem.code}", language, **problem.values)
    if not isinstance(problem, Unknown) or not problem.near:
        return sentence
    quoted = [say("error.near.name", language).replace("{name}", name) for name in problem.near]
    return say("error.near", language, near=quoted, said=sentence)


def _shown(value: Any, language: str) -> str:
    known = words(language)
    if isinstance(value, list | tuple):
        return ("、" if language.startswith("zh") else ", ").join(
            known.get(str(one)) or label(str(one)) or str(one) for one in value
        )
    text = str(value)
    return known.get(f"{text}.one") or known.get(text) or label(text) or text
