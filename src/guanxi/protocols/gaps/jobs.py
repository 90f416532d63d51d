"""What gaps need by the clock."""

from guanxi.kernel.actor import SYSTEM
from guanxi.kernel.jobs import job
from guanxi.protocols.gaps.operations import look


@job("protocols.watch_gaps", every="37 * * * *")
def watch_gaps() -> None:
    """Time opens and closes gaps, too: what has not happened for 90 days is not there any more."""
    look(SYSTEM)
