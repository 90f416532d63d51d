"""How the ways through journeys appear to the whole system: read, never written by hand."""

from guanxi.journeys.runs.models import Run
from guanxi.kernel.records import RecordType, register

RUN = register(
    RecordType(
        model=Run,
        name="journeys.run",
        plural="runs",
        title="outcome",
        readonly=(
            "journey", "subject_id", "start_key", "status", "step", "waiting_until", "waiting_for", "outcome",
            "trouble", "ended_at",
        ),
        columns=("journey", "subject_id", "status", "step", "waiting_until", "outcome", "created_at"),
        parents={"journey": "runs"},
        seen_with="journey",
        occurred="created_at",
        create="never",
    )
)  # fmt: skip
