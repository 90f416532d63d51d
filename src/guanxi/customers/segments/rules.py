"""What a segment has to say of itself."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from guanxi.lib.errors import Invalid, Unknown

MOST_CLASSES = 20
OUT = "-"
"""No class is called so: it stands for not being in a segment."""
LONGEST_CLASS = 40


def key_for(name: str) -> str:
    """A key made of a name; names without Latin letters get a general one, made unique by the caller."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50] or "segment"


def require_definition(
    kind: str, condition: dict[str, Any] | None, classes: list[dict[str, Any]], otherwise: str
) -> None:
    """Refuse a segment that does not say who is in it."""
    if kind == "dynamic" and (not condition or classes or otherwise):
        raise Invalid("segment.needs_a_condition")
    if kind == "static" and (condition or classes or otherwise):
        raise Invalid("segment.static_has_no_condition")
    if kind != "partition":
        return
    if condition or not otherwise or not 0 < len(classes) <= MOST_CLASSES:
        raise Invalid("segment.needs_classes", most=MOST_CLASSES)
    names = [str(one.get("class", "")) for one in classes] + [otherwise]
    for one in classes:
        if set(one) != {"class", "condition"} or not isinstance(one["condition"], dict) or not one["condition"]:
            raise Invalid("segment.class_without_condition", name=str(one.get("class", ""))[:LONGEST_CLASS])
    for name in names:
        if not _is_name(name):
            raise Invalid("segment.wrong_class", name=name[:LONGEST_CLASS], most=LONGEST_CLASS)
        if names.count(name) > 1:
            raise Invalid("segment.class_twice", name=name)


def require_classes_of_field(names: Iterable[str], choices: Sequence[str]) -> None:
    """Refuse a class of a partition that is written into a field of the customer which does not take it."""
    for name in names:
        if name not in choices:
            raise Unknown("segment.unknown_class", name, choices, name=name)


def _is_name(name: str) -> bool:
    """Whether people can tell it from others: some characters that are seen, none of them around it unseen."""
    return 0 < len(name) <= LONGEST_CLASS and name == name.strip() and name.isprintable() and name != OUT
