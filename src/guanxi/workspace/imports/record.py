"""How imports appear to the whole system."""

from guanxi.kernel.records import RecordType, register
from guanxi.workspace.imports import operations
from guanxi.workspace.imports.models import ImportRun

IMPORT = register(
    RecordType(
        model=ImportRun,
        name="workspace.import",
        plural="imports",
        title="file_name",
        readonly=(
            "noun", "file_name", "file", "status", "encoding", "delimiter", "mapping", "reading", "rows_read",
            "rows_created", "rows_updated", "rows_skipped", "rows_failed", "notes", "change_set", "started_at",
            "ended_at", "problem",
        ),
        columns=("file_name", "noun", "status", "rows_read", "rows_created", "rows_updated", "rows_failed"),
        create=operations.prepare_import,
    )
)  # fmt: skip
