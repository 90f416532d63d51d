"""Whether a restored house is one in which people can work: its past is readable, its files and secrets are there."""

from collections.abc import Mapping, Sequence

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.api.history import history_of
from guanxi.kernel.models import HistoryEntry
from guanxi.kernel.records import records

LOOKED_AT = 20
"""How many of each noun's records that changed last have their history read."""


def look() -> int:
    """Read what was changed last of every noun as a page does; returns of how many records."""
    read = 0
    for record in records().values():
        last = HistoryEntry.objects.filter(record=record.name).order_by("-pk").values_list("record_id", flat=True)
        for row in record.model._default_manager.filter(pk__in=set(last[:LOOKED_AT])):
            history_of(SYSTEM, record, row)
            read += 1
    return read


def told(*, gone: Sequence[str], damaged: Sequence[str], sealed: Mapping[str, int]) -> list[str]:
    """What is wrong, each as a sentence."""
    found = [f"{n} of {name} stay closed: the key that sealed them is not at hand." for name, n in sealed.items()]
    if gone:
        found.append(f"Files that were gone already when the backup was made: {len(gone)}, first {gone[0]}.")
    if damaged:
        found.append(f"Files that were damaged already when the backup was made: {len(damaged)}, first {damaged[0]}.")
    return found
