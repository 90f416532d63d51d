"""Everything a person reads is there in every language; the catalogues say what that is."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

import guanxi
from guanxi.kernel import measures, settings
from guanxi.kernel.events import events
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.inputs import CODES
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records, relations
from guanxi.kernel.words import folders, words
from guanxi.workspace.imports.targets import targets

ROOT = Path(guanxi.__file__).parent
PROBLEMS = {
    "Problem", "Invalid", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "TooLarge", "TooMany", "Unavailable",
}  # fmt: skip
SHARED = ("owner", "team", "created_at", "updated_at", "version", "origin", "archived_at")
ID = re.compile(r"^([\w.-]+):", re.MULTILINE)


def of_records() -> set[str]:
    """What nouns, their fields, choices and relations are called."""
    found: set[str] = set()
    for record in records().values():
        found |= {f"{record.name}.{form}" for form in ("one", "many", "help")}
        for field in record.fields.values():
            key = f"{record.name}.{field.name}"
            found |= {f"field.{field.name}"} if field.name in SHARED else {key}
            prefix = field.name if field.name == "origin" or field.kind == "language" else key
            found |= {f"{prefix}.{choice}" for choice in field.choices if field.kind != "language"}
        found |= {f"{record.name}.{name}" for name in relations(record)}
    return found


def of_the_rest() -> set[str]:
    """What verbs, events, figures and settings are called; those of tests are not counted."""
    found = {f"{name}{end}" for name in operations() for end in ("", ".help")}
    found |= {f"{name}{end}" for name in events() for end in ("", ".label") if not name.startswith("test.")}
    found |= {f"{name}{end}" for name in measures.measures() for end in ("", ".help") if not name.startswith("test.")}
    for target in targets().values():
        found |= {f"import.{target.noun}", *(f"import.{target.noun}.{name}" for name in target.columns)}
    return found | {f"setting.{name}" for name in settings.settings() if not name.startswith("test.")}


def of_refusals() -> set[str]:
    """Every code that is raised or answered somewhere, and every promise a table makes."""
    found = {f"error.input.{code}" for code in CODES.values()}
    for file in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {*PROBLEMS, "refuse"}
                and node.args
            ):
                code = node.args[-1 if node.func.id == "refuse" else 0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(f"error.{code.value}")
    for model in apps.get_models():
        if model.__module__.startswith("guanxi."):
            found |= {f"error.constraint.{constraint.name}" for constraint in model._meta.constraints}
    return found


def unnamed(catalogue) -> list[str]:
    """What verbs ask for and nobody gave a name: their own, that of the noun's field, or one shared by all."""
    found = []
    for verb in operations().values():
        if verb.name.startswith("test."):
            continue
        for asked in verb.input.model_fields:
            one = asked.removesuffix("s")
            names = [f"{verb.name}.{asked}", f"{verb.name}_{one}", f"{verb.noun}.{asked}", f"{verb.noun}_{one}"]
            if not {*names, f"field.{asked}"} & set(catalogue):
                found.append(f"{verb.name}.{asked}")
    return sorted(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_verbs_ask_for_has_words(language):
    assert unnamed(words(language)) == []
    assert "channels.conversation.log_call.text" in unnamed({})


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_declared_has_words(language):
    needed = of_records() | of_the_rest() | of_refusals()
    assert sorted(needed - set(words(language))) == []


def test_every_language_says_the_same_things():
    for language in LANGUAGES:
        assert sorted(set(words(language)) ^ set(words("en"))) == [], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_written_once(language):
    ids = [found[1] for folder in folders() for found in ID.finditer((folder / f"{language}.yaml").read_text("utf-8"))]
    assert sorted(ids) == sorted(words(language))


def test_every_language_fills_in_the_same_values():
    blanks = {key: set(re.findall(r"{(\w+)}", text)) for key, text in words("en").items()}
    for language in LANGUAGES:
        differing = {k for k, text in words(language).items() if set(re.findall(r"{(\w+)}", text)) != blanks.get(k)}
        assert sorted(differing) == [], language


def test_a_missing_word_is_caught(monkeypatch):
    pretended = dict(words("en"))
    del pretended["workspace.team.one"]
    assert of_records() - set(pretended) == {"workspace.team.one"}
