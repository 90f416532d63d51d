"""How far the sample company has come."""

from dataclasses import dataclass

from guanxi.events.simulation import SampleGrew
from guanxi.events.workspace import CompanySetUp
from guanxi.kernel.events import load
from guanxi.kernel.models import EventEntry


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """How many of its matters the sample company has lived through."""

    lived: int
    of: int

    @property
    def filling(self) -> bool:
        """Whether something of its year is still to come."""
        return self.lived < self.of


def so_far() -> SoFar:
    """What the sample company said of itself last; all lies ahead of one that is only asked for; else nothing."""
    last = EventEntry.objects.filter(name=SampleGrew.name).order_by("-id").first()
    told = load(last) if last else None
    if isinstance(told, SampleGrew):
        return SoFar(lived=told.lived, of=told.of)
    asked = EventEntry.objects.filter(name=CompanySetUp.name, payload__sample=True).exists()
    return SoFar(lived=0, of=int(asked))
