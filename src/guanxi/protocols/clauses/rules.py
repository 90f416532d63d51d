"""What a clause may say, and whether its figure shows it kept."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal, Protocol

from guanxi.kernel.fields import LANGUAGES
from guanxi.lib.errors import Conflict, Invalid, Unknown

SECTIONS = ("contact", "phone", "chat", "mail", "complaints", "data", "care", "governance")
CONTENT = (
    "section", "text", "scope", "team_id", "measure", "standard", "value", "unit", "counted_in",
    "figure_kind", "target_share",
)  # fmt: skip
LONGEST_TEXT = 4000
MOST_WORKDAYS = 366
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}

State = Literal["kept", "missed", "no_cases", "shown", "not_measured", "hidden"]


class ClauseLike(Protocol):
    """What is asked of a clause here."""

    key: str
    section: str
    ordinal: int
    figure_kind: str
    target_share: Decimal | None


class FigureLike(Protocol):
    """What is asked of a figure here."""

    @property
    def share(self) -> float | None:
        """The share kept of those that could be judged."""

    @property
    def mean(self) -> float | None:
        """The mean of the cases that are over, in seconds where it is a duration."""


def checked_text(text: Mapping[str, str]) -> dict[str, str]:
    """The wording by language, without empty ones; refused when there is none or a language is unknown."""
    for language in text:
        if language not in LANGUAGES:
            raise Unknown("clause.unknown_language", language, LANGUAGES, language=language)
    said = {language: text[language].strip() for language in LANGUAGES if text.get(language, "").strip()}
    if not said:
        raise Invalid("clause.needs_text")
    if any(len(words) > LONGEST_TEXT for words in said.values()):
        raise Invalid("clause.text_too_long", most=LONGEST_TEXT)
    return said


def text_in(text: Mapping[str, str], language: str) -> str:
    """The wording in a language; else in the next one there is, the other Chinese before English."""
    nearest = {"zh-Hans": ("zh-Hant", "en"), "zh-Hant": ("zh-Hans", "en")}.get(language, ("zh-Hans", "zh-Hant"))
    return next((text[one] for one in (language, *nearest) if text.get(one)), "")


def require_numbers(
    *, standard: str, value: Decimal | None, measure: str, figure_kind: str, target_share: Decimal | None
) -> None:
    """Refuse numbers that do not belong together."""
    if standard and value is None:
        raise Invalid("clause.standard_needs_value", standard=standard)
    if not standard and value is not None:
        raise Invalid("clause.value_needs_standard")
    if value is not None and not (value.is_finite() and 0 < value < 10**8):
        raise Invalid("clause.value_not_positive", value=value)
    if target_share is not None and not (target_share.is_finite() and 0 < target_share <= 1):
        raise Invalid("clause.target_not_a_share", target=target_share)
    if figure_kind == "mean" and not standard:
        raise Invalid("clause.mean_needs_standard")
    if figure_kind == "mean" and target_share is not None:
        raise Invalid("clause.mean_has_no_target_share")
    if target_share is not None and not measure:
        raise Invalid("clause.target_needs_measure")


def workdays(value: Decimal, unit: str) -> Decimal:
    """How many days a number is whose unit is hours or days: 48 hours are two."""
    return value * SECONDS[unit] / SECONDS["days"]


def require_workdays(value: Decimal, unit: str) -> None:
    """Refuse working days that are none: of no length of time, not whole, or more than a year of them."""
    days = workdays(value, unit) if unit in SECONDS else Decimal(0)
    if days != int(days) or not 1 <= days <= MOST_WORKDAYS:
        raise Invalid("clause.whole_workdays", most=MOST_WORKDAYS)


def require_draft(status: str, number: int) -> None:
    """Refuse to change the wording of a version that was published."""
    if status != "draft":
        raise Conflict("protocol.version_is_published", number=number)


def state(clause: ClauseLike, figure: FigureLike, *, limit_seconds: float | None) -> State:
    """Whether a measured clause is kept: a share against its target, a mean against its standard."""
    if clause.figure_kind == "mean":
        if figure.mean is None or limit_seconds is None:
            return "no_cases"
        return "kept" if figure.mean <= limit_seconds else "missed"
    if figure.share is None:
        return "no_cases"
    if clause.target_share is None:
        return "shown"
    return "kept" if Decimal(repr(figure.share)) >= clause.target_share else "missed"


def in_order(clauses: Iterable[Any]) -> list[Any]:
    """Clauses as they stand in the document."""
    return sorted(clauses, key=lambda one: (SECTIONS.index(one.section), one.ordinal, one.key))


def numbers(clauses: Iterable[ClauseLike]) -> dict[str, str]:
    """The number each clause is cited by, such as 4.2, by its key; sections without clauses take no number."""
    found: dict[str, str] = {}
    chapters: dict[str, int] = {}
    counts: dict[str, int] = {}
    for one in in_order(clauses):
        chapter = chapters.setdefault(one.section, len(chapters) + 1)
        counts[one.section] = counts.get(one.section, 0) + 1
        found[one.key] = f"{chapter}.{counts[one.section]}"
    return found


def free_key(section: str, taken: Iterable[str]) -> str:
    """A key for a new clause that no other has."""
    used = set(taken)
    return next(key for n in range(1, len(used) + 2) if (key := f"{section}-{n}") not in used)
