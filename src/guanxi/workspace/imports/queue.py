"""Files that wait for a worker."""

from uuid import UUID

from guanxi.kernel.jobs import job
from guanxi.workspace.imports import running


@job("workspace.write_import")
def write_import(run: str) -> None:
    """Write a file that was started; after a crash it goes on where it stopped."""
    running.write(UUID(run))


@job("workspace.check_import")
def check_import(run: str) -> None:
    """Try a whole file without keeping anything."""
    running.check(UUID(run))
