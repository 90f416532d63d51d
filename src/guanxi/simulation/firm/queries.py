"""How far the sample company has come."""

from guanxi.events.simulation import SampleGrew
from guanxi.kernel.events import load
from guanxi.kernel.models import EventEntry


def so_far() -> SampleGrew | None:
    """What the sample company said of itself last; nothing where there is none."""
    last = EventEntry.objects.filter(name=SampleGrew.name).order_by("-id").first()
    told = load(last) if last else None
    return told if isinstance(told, SampleGrew) else None
