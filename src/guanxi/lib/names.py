"""Names of people and organisations: how they sort, split, show and are addressed."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from guanxi.lib.han import RUNS, SURNAME_READINGS, has_han, is_all_han, is_han, simplify, spell
from guanxi.lib.name_words import (
    COMPOUND_SURNAMES,
    HAN_FIRM_ENDINGS,
    HAN_TITLES,
    LATIN_FIRM_WORDS,
    LATIN_TITLES,
    NAME_SUFFIXES,
    PARTICLES,
    SPOKEN_TITLES,
    TITLE_GENDERS,
    TRADITIONAL_TITLES,
)

Language = Literal["zh-Hans", "zh-Hant", "en"]
Gender = Literal["female", "male"]

_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h"})
_APOSTROPHES = re.compile("['’‘`´ʼ＇]")
_MIDDLE_DOTS = re.compile("[·•‧・∙●．]")
_SPACES = re.compile(r"\s+")
_BRACKETS = re.compile(r"(?<!\s)\s*+[（(【\[][^（）()【】\[\]]*[)）】\]]\s*")
_LATIN_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_LONGEST_TITLE = max(map(len, HAN_TITLES))


def fold(text: str) -> str:
    """Casefold, without marks, full width and ligatures made plain; Chinese characters stay as they are."""
    text = text if text.isascii() else unicodedata.normalize("NFKD", text)
    text = text.casefold()
    if text.isascii():
        return text
    bare = "".join(character for character in text if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare.translate(_STROKES))


def sort_key(name: str) -> str:
    """Give the text a list sorts a name by, so that 白 stands between Anna and Betty.

    Latin letters without case and marks; Chinese as pinyin syllables joined by a space, surnames as surnames are said.
    """
    folded = fold(_APOSTROPHES.sub("", name))
    if folded.isascii():
        parts = re.sub(r"[\W_]+", " ", folded).strip()
        return parts or fold(name).strip() or name.strip()
    bare = _bare_han(name)
    surname = _surname_length(bare)
    pieces: list[str] = []
    for run in [bare] if bare else RUNS.findall(folded):
        if is_han(run[0]):
            pieces.extend(spell(run, surname=surname))
        else:
            pieces.append(run)
    return " ".join(pieces) or fold(name).strip() or name.strip()


def _bare_han(name: str) -> str:
    text = _SPACES.sub("", _BRACKETS.sub("", name))
    return text if is_all_han(text) else ""


def _surname_length(text: str) -> int:
    """Tell how many characters of a Chinese text are a surname: 0 when it is no person's name."""
    if not 2 <= len(text) <= 4 or looks_like_organisation(text):
        return 0
    if len(text) > 2 and simplify(text[:2]) in COMPOUND_SURNAMES:
        return 2
    if len(text) == 2 and simplify(text) in COMPOUND_SURNAMES:
        return 2 if simplify(text) in SURNAME_READINGS else 1
    return 1


def looks_like_organisation(name: str) -> bool:
    """Tell whether a name is an organisation's rather than a person's."""
    text = _SPACES.sub(" ", name).strip()
    bare = _SPACES.sub("", _BRACKETS.sub("", text))
    if has_han(bare):
        if _MIDDLE_DOTS.search(bare):
            return bare.endswith(HAN_FIRM_ENDINGS[:6])
        if bare.endswith(HAN_FIRM_ENDINGS):
            endings = (ending for ending in HAN_FIRM_ENDINGS if bare.endswith(ending))
            if any(len(bare) >= max(4, len(ending) + 2) for ending in endings):
                return True
        return sum(map(is_han, bare)) > 6 or any(character.isdigit() for character in bare)
    if any(character.isdigit() or character in "&+@/" for character in text):
        return True
    words = [word.strip(".,()").replace(".", "").casefold() for word in text.split()]
    return len(words) > 1 and any(word in LATIN_FIRM_WORDS for word in words[1:])


def looks_like_name(text: str) -> bool:
    """Tell whether a text may be what somebody is called: 张伟, Jane Smith, Acme Ltd; no sentence, no bare word."""
    bare = _SPACES.sub("", text)
    if looks_like_organisation(text):
        return not any(character.isdigit() or character in "@/" for character in bare)
    if has_han(bare):
        return is_all_han(bare) and _surname_length(bare) > 0
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() and word.strip(".,'’-").isalpha() for word in words)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in its parts, in the script it was written in."""

    family: str = ""
    given: str = ""
    title: str = ""
    suffix: str = ""
    script: Literal["han", "latin"] = "latin"

    @classmethod
    def parse(cls, name: str) -> "PersonName":
        """Split a name as people write it: 欧阳修, 张三先生, Smith, Jane, Dr Ludwig van Beethoven."""
        text = _SPACES.sub(" ", unicodedata.normalize("NFC", _BRACKETS.sub(" ", name))).strip(" ,，;；")
        return _parse_han(text) if has_han(text) else _parse_latin(text)

    def __str__(self) -> str:
        if self.script == "han":
            return self.family + self.given
        return " ".join(part for part in (self.given, self.family) if part)


def _title_at_end(text: str) -> str:
    for length in range(_LONGEST_TITLE, 0, -1):
        # 李董 is address, 李小董 is a name: the words of one character count only right behind a surname.
        behind = length > 1 or len(text) == 2 or (len(text) == 3 and simplify(text[:2]) in COMPOUND_SURNAMES)
        if behind and len(text) > length and text[-length:] in HAN_TITLES:
            return text[-length:]
    return ""


def _parse_han(text: str) -> PersonName:
    bare = text.replace(" ", "")
    title = _title_at_end(bare)
    bare = bare[: len(bare) - len(title)]
    if _MIDDLE_DOTS.search(bare) or not is_all_han(bare):
        return PersonName(given=text[: len(text) - len(title)].strip() if title else text, title=title, script="han")
    if title and (len(bare) == 1 or (len(bare) == 2 and simplify(bare) in COMPOUND_SURNAMES)):
        return PersonName(family=bare, title=title, script="han")
    length = _surname_length(bare)
    if not length:
        return PersonName(given=bare, title=title, script="han")
    return PersonName(family=bare[:length], given=bare[length:], title=title, script="han")


def _parse_latin(text: str) -> PersonName:
    before, comma, after = text.partition(",")
    if comma and after.strip().replace(".", "").casefold() in NAME_SUFFIXES:
        return _with_suffix(_parse_words(before.split()), after.strip())
    if comma and after.strip():
        title, given = _leading_titles(after.split())
        again, family = _leading_titles(before.split())
        given, suffix = _trailing_suffix(given)
        return PersonName(family=" ".join(family), given=" ".join(given), title=title or again, suffix=suffix)
    return _parse_words(before.split())


def _with_suffix(name: PersonName, suffix: str) -> PersonName:
    return PersonName(family=name.family, given=name.given, title=name.title, suffix=suffix, script=name.script)


def _leading_titles(words: list[str]) -> tuple[str, list[str]]:
    title = ""
    while len(words) > 1 and (known := LATIN_TITLES.get(words[0].rstrip(".").casefold())):
        title, words = f"{title} {known}".strip(), words[1:]
    return title, words


def _trailing_suffix(words: list[str]) -> tuple[list[str], str]:
    if len(words) > 2 and words[-1].replace(".", "").casefold() in NAME_SUFFIXES:
        return words[:-1], words[-1]
    return words, ""


def _parse_words(words: list[str]) -> PersonName:
    title, words = _leading_titles(words)
    words, suffix = _trailing_suffix(words)
    if len(words) < 2:
        # Behind "Ms" stands a family name, alone stands the name a person goes by.
        only = " ".join(words)
        return PersonName(family=only if title else "", given="" if title else only, title=title, suffix=suffix)
    if words[0].isupper() and len(words[0]) > 2 and not any(word.isupper() for word in words[1:]):
        return PersonName(family=words[0].capitalize(), given=" ".join(words[1:]), title=title, suffix=suffix)
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in PARTICLES:
        first -= 1
    return PersonName(family=" ".join(words[first:]), given=" ".join(words[:first]), title=title, suffix=suffix)


def display(name: str | PersonName) -> str:
    """Give a name as it is shown: spaces tidied, 张 三 closed up, "Smith, Jane" turned round, firms left whole."""
    if isinstance(name, PersonName):
        return str(name)
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip()
    bare = text.replace(" ", "")
    if is_all_han(bare):
        return bare
    before, comma, after = text.partition(",")
    if comma and _one_person(before) and _one_person(after) and not looks_like_organisation(text):
        parts = PersonName.parse(text)
        return f"{parts}, {parts.suffix}" if parts.suffix else str(parts)
    return text


def _one_person(part: str) -> bool:
    words = part.split()
    return 0 < len(words) <= 3 and all(_LATIN_WORD.fullmatch(word) for word in words)


def share_nothing(one: str, other: str) -> bool:
    """Tell whether no part of two names sounds or is written alike: 李娜 is Li Na, and neither is Jane Smith."""
    mine, theirs = (set(sort_key(name).split()) | {c for c in simplify(name) if is_han(c)} for name in (one, other))
    return bool(mine and theirs) and not mine & theirs


def initials(name: str) -> str:
    """Give up to two characters for a picture: JS, 三丰, 华为."""
    text = display(_BRACKETS.sub(" ", name))
    bare = "".join(character for character in text if is_han(character))
    if bare:
        return bare[:2] if looks_like_organisation(text) or len(bare) <= 2 or len(bare) > 4 else bare[-2:]
    words = [word for word in re.split(r"[^\w]+", _APOSTROPHES.sub("", text)) if word]
    if not words:
        return ""
    if not looks_like_organisation(text) and (parts := PersonName.parse(name)).given and parts.family:
        return (parts.given[0] + parts.family.split()[-1][0]).upper()
    return "".join(word[0] for word in words[:2]).upper()


def salutation(
    name: str | PersonName, *, language: Language, title: str | None = None, gender: Gender | None = None
) -> str:
    """Give the opening of a message without its comma: 张总, 張先生, Dear Ms Smith; polite when little is known."""
    if isinstance(name, str) and looks_like_organisation(name):
        return f"Dear {display(name)}" if language == "en" else f"{display(name)}您好"
    parts = PersonName.parse(name) if isinstance(name, str) else name
    if not (parts.family or parts.given):
        return "Hello" if language == "en" else "您好"
    title = (title or "").strip() or parts.title
    return _dear(parts, title, gender) if language == "en" else _zh_address(parts, title, gender, language)


def _title_gender(title: str) -> str | None:
    written = LATIN_TITLES.get(title.rstrip(".").casefold(), title)
    return TITLE_GENDERS.get(written.casefold())


def _zh_address(parts: PersonName, title: str, gender: Gender | None, language: Language) -> str:
    gap = " " if parts.script == "latin" else ""
    called = parts.family or parts.given
    spoken = SPOKEN_TITLES.get(simplify(title).casefold())
    known = LATIN_TITLES.get(title.rstrip(".").casefold())
    if known and known in ("Dr", "Prof"):
        spoken = "博士" if known == "Dr" else "教授"
    if spoken:
        return called + gap + (TRADITIONAL_TITLES[spoken] if language == "zh-Hant" else spoken)
    sex = gender or _title_gender(title)
    if sex:
        return called + gap + ("女士" if sex == "female" else "先生")
    return f"{parts}{gap}您好"


def _dear(parts: PersonName, title: str, gender: Gender | None) -> str:
    family, whole = parts.family, str(parts)
    if parts.script == "han":
        family, whole = _romanised(parts)
    known = LATIN_TITLES.get(title.rstrip(".").casefold())
    if known and known in ("Sir", "Dame"):
        return f"Dear {known} {(parts.given or whole).split()[0]}"
    if not family:
        return f"Dear {whole}"
    if known:
        return f"Dear {known} {family}"
    if title.startswith("Prof Dr"):
        return f"Dear Prof {family}"
    spoken = SPOKEN_TITLES.get(simplify(title))
    if spoken in ("教授", "博士", "医生", "医师"):
        return f"Dear {'Prof' if spoken == '教授' else 'Dr'} {family}"
    sex = gender or _title_gender(title)
    if sex:
        return f"Dear {'Ms' if sex == 'female' else 'Mr'} {family}"
    return f"Dear {whole}"


def _romanised(parts: PersonName) -> tuple[str, str]:
    """Write a mainland name in pinyin; who writes traditional characters spells the name differently, so it stays."""
    bare = parts.family + parts.given
    if not parts.family or simplify(bare) != bare:
        return (parts.family, bare) if parts.family else ("", bare)
    syllables = spell(bare, surname=len(parts.family))
    family = "".join(syllables[: len(parts.family)]).capitalize()
    given = "".join(syllables[len(parts.family) :]).capitalize()
    return family, f"{family} {given}".strip()
