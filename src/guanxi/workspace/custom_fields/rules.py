"""What an added field may be called, and what may be chosen in one."""

import re
from collections.abc import Collection, Sequence

from guanxi.kernel.custom import KINDS, PREFIX
from guanxi.lib.errors import Conflict, Invalid, Unknown
from guanxi.lib.han import is_han, reading
from guanxi.lib.names import fold

MOST = 100
MOST_CHOICES = 200
LONGEST = 80
_LONGEST_NAME = 40
_OTHER = re.compile(r"[^a-z0-9]+")


def name_for(label: str, taken: Collection[str]) -> str:
    """The name by which scripts and conditions know a field: what it is called, in Latin letters (预算: x_yu_suan)."""
    spelt = "".join(f" {reading(one)} " if is_han(one) else one for one in label)
    bare = _OTHER.sub("_", fold(spelt)).strip("_")[: _LONGEST_NAME - len(PREFIX) - 4].strip("_") or "field"
    name = f"{PREFIX}{bare}"
    further = (f"{name}_{n}" for n in range(2, MOST * 10))
    return name if name not in taken else next(one for one in further if one not in taken)


def label_of(text: str, others: Collection[str]) -> str:
    """What a field is called, without what surrounds it; no two fields of a noun are called alike."""
    label = " ".join(text.split())
    if not label or len(label) > LONGEST:
        raise Invalid("custom_field.wrong_label", most=LONGEST)
    if label.casefold() in {one.casefold() for one in others}:
        raise Conflict("custom_field.label_taken", label=label)
    return label


def choices_of(kind: str, given: Sequence[str]) -> list[str]:
    """What may be chosen, each once, in its order; a field of another kind has no choices."""
    choices = list(dict.fromkeys(text for one in given if (text := " ".join(one.split()))))
    if kind not in KINDS:
        raise Unknown("custom_field.unknown_kind", kind, KINDS, kind=kind)
    if (kind == "choice") != bool(choices):
        raise Invalid("custom_field.needs_choices" if kind == "choice" else "custom_field.has_no_choices")
    if len(choices) > MOST_CHOICES or any(len(one) > LONGEST for one in choices):
        raise Invalid("custom_field.too_many_choices", most=MOST_CHOICES, longest=LONGEST)
    return choices
