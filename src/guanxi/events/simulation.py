"""What happens while the sample company is made."""

from dataclasses import dataclass
from datetime import datetime

from guanxi.kernel.events import Event, event


@event("simulation.sample_grew")
@dataclass(frozen=True, kw_only=True)
class SampleGrew(Event):
    """The sample company has lived through a part of its year; the next one follows from it."""

    seed: int
    customers: int
    end: datetime
    zone: str
    lived: int
    of: int
    left_out: int = 0

    @property
    def full(self) -> bool:
        """Whether nothing of the year is left."""
        return self.lived >= self.of
