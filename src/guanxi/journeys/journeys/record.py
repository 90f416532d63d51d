"""How journeys appear to the whole system."""

from guanxi.journeys.journeys import operations
from guanxi.journeys.journeys.models import Journey
from guanxi.kernel.records import RecordType, register

JOURNEY = register(
    RecordType(
        model=Journey,
        name="journeys.journey",
        plural="journeys",
        writable=("name",),
        readonly=(
            "shape", "record", "status", "start", "steps", "stops", "hold_out", "running_since", "paused_because",
            "owner", "team",
        ),
        columns=("name", "shape", "status", "owner", "running_since"),
        create=operations.create_journey,
    )
)  # fmt: skip
