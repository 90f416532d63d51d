"""Everything a person reads is there in every language; the catalogues say what that is."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.apps import apps

import guanxi
from guanxi.app import starter
from guanxi.app.reference.refusals import raised
from guanxi.kernel import measures, settings
from guanxi.kernel.events import events
from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.inputs import CODES
from guanxi.kernel.operations import operations
from guanxi.kernel.records import records, relations
from guanxi.kernel.words import folders, say, words
from guanxi.workspace.imports.targets import targets

ROOT = Path(guanxi.__file__).parent
GLOSSARY = ROOT.parent.parent / "docs" / "words.md"
NOT_LISTED = {
    "constraint.unknown", "condition.unknown_shape", "condition.unknown_version",
    "company.unknown_currency", "company.unknown_country", "mailbox.unknown_host", "table.unknown_encoding",
    "todo.unknown_owner", "undo.unknown", "rating.unknown_link", "unsubscribe.unknown_link", "user.unknown",
}  # fmt: skip
"""Of these nothing near is offered: they are written by rules, ids, secrets, other machines, or somebody's address."""
SHARED = ("owner", "team", "created_at", "updated_at", "version", "origin", "archived_at")
ID = re.compile(r"^([\w.-]+(?: [\w.-]+)*):", re.MULTILINE)  # a value may be of several words
HAN = re.compile(r"[\u4e00-\u9fff]")
CHARACTERS = {"zh-Hans": "gb2312", "zh-Hant": "big5"}  # each holds none that only the other writes
QUOTES = {"zh-Hans": re.compile("[「」『』]"), "zh-Hant": re.compile("[“”‘’]")}
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff」』）”][,.:;!?()]|[,:;!?()][\u4e00-\u9fff「『（“]")
# What the other side of the strait says; and words of our own for which we have settled on another (docs/words.md).
NOT_SAID = {
    "zh-Hans": re.compile(
        "伺服器|使用者|透过|预设|登入|登出|信箱|简讯|讯息|汇入|汇出|储存|网路|软体|列印|滑鼠|帐号|品质|资讯|客诉|联络|答复"
    ),
    "zh-Hant": re.compile(
        "信息|默認|用戶|服務器|郵箱|短信|視頻|軟件|網絡|鏈接|菜單|搜索|屏幕|字符|質量|工單|投訴|渠道|模板|導入|撤銷這|"
        "查看|點擊|列表|核實|回執|聯繫|規程|數據庫|缺省|反饋|響應|您的賬|賬號"
    ),
}


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
    for name, figure in measures.measures().items():
        if not name.startswith("test."):
            found |= {f"ui.figure.of_{name.partition('.')[0]}", *(f"dimension.{one}" for one in figure.dimensions)}
    for target in targets().values():
        found |= {f"import.{target.noun}", *(f"import.{target.noun}.{name}" for name in target.columns)}
        found |= {f"{target.option(name)}{part}" for name in target.options for part in ("", ".help")}
    for name, setting in settings.settings().items():
        if not name.startswith("test."):
            alone = not setting.standard and not setting.verb  # chosen on the page of rules, which says what it does
            found |= {f"setting.{name}", *([f"setting.{name}.help"] if alone else [])}
    return found


def of_the_house() -> set[tuple[str, str]]:
    """Every refusal that is raised somewhere."""
    return {one for file in ROOT.rglob("*.py") for one in raised(file.read_text("utf-8"))}


def of_refusals() -> set[str]:
    """Every code that is raised or answered somewhere, and every promise a table makes."""
    found = {f"error.input.{code}" for code in CODES.values()} | {f"error.{code}" for _, code in of_the_house()}
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


def lines_for(lacking: Collection[str], language: str) -> str:
    """What is to be written where; the texts of refusals, settings and pages stand with the domain that says them."""
    lines = "\n".join(f'{key}: ""' for key in sorted(lacking))
    return f"words are missing, to be written in src/guanxi/<domain>/words/{language}.yaml:\n{lines}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_verbs_ask_for_has_words(language):
    lacking = unnamed(words(language))
    assert not lacking, lines_for(lacking, language)
    assert "channels.conversation.log_call.text" in unnamed({})


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_is_declared_has_words(language):
    lacking = (of_records() | of_the_rest() | of_refusals()) - set(words(language))
    assert not lacking, lines_for(lacking, language)


def offering_nothing(refusals: set[tuple[str, str]]) -> set[str]:
    """The codes of unknown names that are refused without a word of what is near."""
    return {code for kind, code in refusals if "unknown" in code and kind != "Unknown"} - NOT_LISTED


def test_whatever_refuses_an_unknown_name_offers_what_is_near():
    assert offering_nothing(of_the_house()) == set()
    assert offering_nothing(raised('raise Invalid("river.unknown", river=name)')) == {"river.unknown"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_refuses_an_unknown_name_says_where_the_list_is(language):
    codes = {code for kind, code in of_the_house() if kind == "Unknown"}
    said = {code: words(language)[f"error.{code}"] for code in codes}
    assert len(codes) > 10
    assert {code for code, text in said.items() if not re.search(r"{known}|/api/meta|iana\.org", text)} == set()


def test_every_language_says_the_same_things():
    everything = {key for language in LANGUAGES for key in words(language)}
    for language in LANGUAGES:
        lacking = everything - set(words(language))
        assert not lacking, lines_for(lacking, language)


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
    assert of_records() - set(pretended) == {"workspace.team.one"} | of_records() - set(words("en"))
    assert 'workspace.team.one: ""' in lines_for({"workspace.team.one"}, "en")


def of_what_ships(value: Any, language: str) -> Iterator[str]:
    """The texts in a language of a file that ships."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        if key == language and isinstance(part, str):
            yield part
        else:
            yield from of_what_ships(part, language)


def unlike(language: str, text: str) -> list[str]:
    """What a reader of this Chinese stumbles over."""
    strange = [one for one in HAN.findall(text) if not one.encode(CHARACTERS[language], "ignore")]
    return [*strange, *(one[0] for rule in (QUOTES, NOT_SAID) for one in rule[language].finditer(text)),
            *HALF_WIDTH.findall(text)]  # fmt: skip


@pytest.mark.parametrize("language", CHARACTERS)
def test_each_chinese_is_written_as_its_readers_write(language):
    said = {key: text for key, text in words(language).items() if not key.startswith("language.")}
    del said["ui.import.paste_hint"], said["ui.import.pasted"]  # a line of a file, and its name
    for file in starter.FOLDER.glob("*.yaml"):
        shipped = of_what_ships(yaml.safe_load(file.read_text("utf-8")), language)
        said |= {f"{file.name}:{n}": text for n, text in enumerate(shipped)}
    assert len([key for key in said if key.startswith("protocol.yaml")]) > 30
    assert {key: found for key, text in said.items() if (found := unlike(language, text))} == {}


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("zh-Hant", "请储存", ["请", "储"]), ("zh-Hans", "請保存", ["請"]), ("zh-Hant", "檢視“客戶”", ["“", "”"]),
        ("zh-Hans", "代码:1", ["码:"]), ("zh-Hant", "聯繫客戶", ["聯繫"]), ("zh-Hans", "代码：1（CSV）", []),
    ],
)  # fmt: skip
def test_what_a_reader_stumbles_over_is_known(language, text, found):
    assert unlike(language, text) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_is_told_in_lines_without_full_stops(language):
    told = {name: words(language)[name] for name in events() if not name.startswith("test.")}
    assert {name: text for name, text in told.items() if re.search(r"[.。]$|[.。] ", text)} == {}


def test_what_is_not_known_is_not_said():
    assert say("customers.segment_entered", "en", segment="VIP", class_name="") == "Joined “VIP”"
    assert say("customers.segment_entered", "en", segment="Stages", class_name="A") == "Joined “Stages”: A"
    assert say("customers.consent_withdrawn", "zh-Hant", purpose=None, channel="") == "撤回同意"


def test_the_glossary_says_what_the_pages_say():
    rows = [line.strip("|").split("|") for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("|")]
    terms = [tuple(cell.strip() for cell in row[:3]) for row in rows[2:]]
    said = set(zip(*([words(language)[key] for key in words("en")] for language in LANGUAGES), strict=True))
    assert len(terms) > 30
    assert [term for term in terms if term not in said] == []
