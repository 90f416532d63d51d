"""How values are spelled in files: by their key, in the words of each language, and as spreadsheets write them."""

import unicodedata

from guanxi.kernel.fields import LANGUAGES
from guanxi.kernel.words import words
from guanxi.workspace.imports.targets import Target

YES = (
    "yes", "y", "true", "t", "1", "x", "on", "ok", "ja", "oui", "√", "✓", "✔", "☑", "是", "有", "对", "對", "同意",
    "已同意", "愿意", "願意",
)  # fmt: skip
NO = (
    "no", "n", "false", "f", "0", "-", "off", "nein", "non", "×", "✗", "✘", "☐", "否", "无", "無", "不", "不是", "没有",
    "沒有", "不同意", "未同意", "不愿意", "不願意",
)  # fmt: skip
NOTHING = (
    "-", "--", "—", "/", "?", "n/a", "na", "none", "null", "unknown", "not specified", "prefer not to say", "无", "無",
    "未知", "不详", "不詳", "未填", "未填写", "未填寫", "保密", "不明",
)  # fmt: skip
"""What stands where one of several could stand and none is meant."""


def plain(text: str) -> str:
    """A text without what its spellings differ in: width, case, spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def choice_words(target: Target, name: str, choice: str) -> list[str]:
    """The message ids a choice of a column has words under."""
    of_records = [f"{record}.{name}.{choice}" for record in target.records]
    ids = [*of_records, f"{name}.{choice}", f"value.{name}.{choice}"]
    return [id for id in ids if id in words("en")]


def choice_spellings(target: Target, name: str) -> dict[str, list[str]]:
    """The ways each choice of a column is written."""
    column = target.columns[name]
    return {
        choice: [
            choice,
            *(words(language)[id] for id in choice_words(target, name, choice) for language in LANGUAGES),
            *column.spellings.get(choice, ()),
        ]
        for choice in column.choices
    }


def meanings(target: Target, name: str) -> dict[str, str | bool | None]:
    """What the cells of a column mean, by their plain text; nothing where a column takes any text."""
    kind = target.columns[name].kind
    found: dict[str, str | bool | None] = {}
    if kind == "yes_no":
        found |= {plain(one): False for one in NO} | {plain(one): True for one in YES}
    if kind == "choice":
        found |= {plain(one): None for one in NOTHING}
    for choice, spellings in choice_spellings(target, name).items():
        found |= {plain(one): choice for one in spellings}
    return found
