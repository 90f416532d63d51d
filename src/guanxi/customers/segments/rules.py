"""What a segment has to say of itself."""

import re
import unicodedata
from typing import Any

from guanxi.lib.errors import Invalid

MOST_CLASSES = 20
_CLASS = re.compile(r"[a-z0-9_]{1,40}")


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
            raise Invalid("segment.wrong_class", name=str(one.get("class", "")))
    for name in names:
        if not _CLASS.fullmatch(name):
            raise Invalid("segment.wrong_class", name=name)
        if names.count(name) > 1:
            raise Invalid("segment.class_twice", name=name)
